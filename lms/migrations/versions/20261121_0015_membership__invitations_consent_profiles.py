"""What organisations show of themselves; invitations, consent, and a role that only reads"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0015"
down_revision = "20261121_0014"
branch_labels = None
depends_on = None

OLD_ROLES = ("candidate", "author", "marker", "manager", "operator")
ROLES = (*OLD_ROLES, "auditor")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = sa.text("withdrawn_at IS NULL")
WAITING = sa.text("email IS NOT NULL AND uses = 0 AND revoked_at IS NULL")
INSTANT = sa.DateTime(timezone=True)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def say_which_roles(roles: tuple[str, ...]) -> None:
    """SQLite can only copy the table for that; nothing refers to it."""
    names = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("membership") as batch_op:
        batch_op.drop_constraint(op.f("membership_role_is_known"), type_="check")
        batch_op.create_check_constraint(op.f("membership_role_is_known"), f"role IN ({names})")


def owned(table: str) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    return (
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")),
    )


def make_profiles() -> None:
    op.create_table(
        "organisation_profile",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("website", sa.String(300), nullable=True),
        sa.Column("contact", sa.String(254), nullable=True),
        sa.Column("accent", sa.String(7), nullable=True),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_hash", sa.String(64), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        *owned("organisation_profile"),
        sa.CheckConstraint(
            "accent IS NULL OR length(accent) = 7", name=op.f("organisation_profile_accent_is_a_colour")
        ),
        sa.CheckConstraint("(logo IS NULL) = (logo_hash IS NULL)", name=op.f("organisation_profile_hash_iff_logo")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_profile")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_organisation_profile_organisation_id")),
    )
    op.create_index(op.f("ix_organisation_profile_organisation_id"), "organisation_profile", ["organisation_id"])


def make_consents() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("scope", choice("scope_is_known", "profile", "results", "certificates", "quality"), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        *owned("consent"),
        sa.CheckConstraint("withdrawn_at >= given_at", name=op.f("consent_withdrawn_after_given")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_organisation_id"), "consent", ["organisation_id"])
    op.create_index("ix_consent_person", "consent", ["person_id"])
    op.create_index(
        "uq_consent_given",
        "consent",
        ["organisation_id", "person_id", "scope"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def make_imports() -> None:
    states = ("waiting", "checking", "checked", "inviting", "done", "refused", "dropped")
    op.create_table(
        "invitation_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("state", choice("state_is_known", *states), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("rows_read", "next_row", "invitable", "invited", "known", "refused")
        ),
        sa.Column("refusals", JSON, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("touched_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        *owned("invitation_import"),
        sa.CheckConstraint(
            "(state IN ('done', 'refused', 'dropped')) = (finished_at IS NOT NULL)",
            name=op.f("invitation_import_finished_iff_over"),
        ),
        sa.CheckConstraint(
            "state != 'done' OR next_row > rows_read", name=op.f("invitation_import_done_after_the_last_row")
        ),
        sa.CheckConstraint(
            "state != 'done' OR invited + known + refused = rows_read", name=op.f("invitation_import_rows_add_up")
        ),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_invitation_import_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_import")),
    )
    op.create_index(op.f("ix_invitation_import_organisation_id"), "invitation_import", ["organisation_id"])
    op.create_index("ix_invitation_import_requested", "invitation_import", ["organisation_id", "requested_at"])


def make_invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", choice("role_is_known", *OLD_ROLES[:4], "auditor", "operator"), nullable=False),
        sa.Column("labels", JSON, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("most_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("invited_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        *owned("invitation"),
        sa.CheckConstraint("uses BETWEEN 0 AND most_uses", name=op.f("invitation_uses_within_bounds")),
        sa.CheckConstraint("email IS NULL OR most_uses = 1", name=op.f("invitation_mailed_is_used_once")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_invitation_invited_by")),
        sa.ForeignKeyConstraint(["import_id"], ["invitation_import.id"], name=op.f("fk_invitation_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_organisation_id"), "invitation", ["organisation_id"])
    op.create_index("ix_invitation_invited", "invitation", ["organisation_id", "invited_at", "id"])
    op.create_index(
        "uq_invitation_waiting",
        "invitation",
        ["organisation_id", "email", "role"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "invitation_acceptance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=False),
        *owned("invitation_acceptance"),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_acceptance_invitation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_acceptance_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_acceptance")),
        sa.UniqueConstraint(
            "invitation_id", "person_id", name=op.f("uq_invitation_acceptance_invitation_id_person_id")
        ),
    )
    op.create_index(op.f("ix_invitation_acceptance_organisation_id"), "invitation_acceptance", ["organisation_id"])
    op.create_index(op.f("ix_invitation_acceptance_person_id"), "invitation_acceptance", ["person_id"])


def upgrade() -> None:
    say_which_roles(ROLES)
    op.create_index("ix_audit_event_newest", "audit_event", ["organisation_id", "at", "id"])
    make_profiles()
    make_consents()
    make_imports()
    make_invitations()


def downgrade() -> None:
    for table in ("invitation_acceptance", "invitation", "invitation_import", "consent", "organisation_profile"):
        op.drop_table(table)
    op.drop_index("ix_audit_event_newest", "audit_event")
    op.execute("DELETE FROM membership WHERE role = 'auditor'")
    say_which_roles(OLD_ROLES)
