"""A certificate whose result fell below the cut is put to review"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0010"
down_revision = "20261121_0009"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "certificate_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "kept",
                "revoked",
                "lapsed",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("old_score", sa.Numeric(9, 8), nullable=False),
        sa.Column("new_score", sa.Numeric(9, 8), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("old_score BETWEEN 0 AND 1", name=op.f("certificate_review_old_score_is_fraction")),
        sa.CheckConstraint("new_score BETWEEN 0 AND 1", name=op.f("certificate_review_new_score_is_fraction")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by != opened_by", name=op.f("certificate_review_decided_by_another")
        ),
        sa.CheckConstraint(
            "(state IN ('kept', 'revoked')) = (decided_by IS NOT NULL)",
            name=op.f("certificate_review_decider_iff_decided"),
        ),
        sa.CheckConstraint(
            "(state IN ('kept', 'revoked')) = (decision_reason IS NOT NULL)",
            name=op.f("certificate_review_reason_iff_decided"),
        ),
        sa.CheckConstraint(
            "decision_reason IS NULL OR length(decision_reason) > 0",
            name=op.f("certificate_review_reason_says_something"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("certificate_review_closed_at_unless_open")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_review_certificate_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_certificate_review_decided_by")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_certificate_review_opened_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_review_organisation_id")
        ),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrade.id"], name=op.f("fk_certificate_review_regrade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_review")),
        sa.UniqueConstraint(
            "certificate_id", "regrade_id", name=op.f("uq_certificate_review_certificate_id_regrade_id")
        ),
    )
    op.create_index(op.f("ix_certificate_review_organisation_id"), "certificate_review", ["organisation_id"])
    op.create_index("ix_certificate_review_opened", "certificate_review", ["organisation_id", "opened_at"])
    op.create_index(
        "uq_certificate_review_open",
        "certificate_review",
        ["certificate_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("certificate_review")
