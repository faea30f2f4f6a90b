"""Life cycle, sharing, runs over many certificates"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0014"
down_revision = "20261121_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "state_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "valid",
                "suspended",
                "revoked",
                "superseded",
                "erased",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(commitment) = 64", name=op.f("state_change_commitment_is_hex")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("state_change_reason_says_something")),
        sa.CheckConstraint("number >= 1", name=op.f("state_change_number_from_one")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_state_change_actor_id")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_state_change_certificate_id")),
        sa.ForeignKeyConstraint(["leaf_index"], ["log_leaf.index"], name=op.f("fk_state_change_leaf_index")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_state_change_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_change")),
        sa.UniqueConstraint("certificate_id", "number", name=op.f("uq_state_change_certificate_id_number")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_state_change_leaf_index")),
    )
    op.create_index(op.f("ix_state_change_organisation_id"), "state_change", ["organisation_id"], unique=False)
    op.create_table(
        "revocation_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "revoked",
                "declined",
                "withdrawn",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("revocation_proposal_closed_at_unless_open")
        ),
        sa.CheckConstraint(
            "(state IN ('revoked', 'declined')) = (decided_by IS NOT NULL)",
            name=op.f("revocation_proposal_decider_iff_decided"),
        ),
        sa.CheckConstraint(
            "(state IN ('revoked', 'declined')) = (decision_reason IS NOT NULL)",
            name=op.f("revocation_proposal_reason_iff_decided"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by != proposed_by", name=op.f("revocation_proposal_decided_by_another")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("revocation_proposal_reason_says_something")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_revocation_proposal_certificate_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_revocation_proposal_decided_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_revocation_proposal_organisation_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_revocation_proposal_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation_proposal")),
    )
    op.create_index(
        op.f("ix_revocation_proposal_organisation_id"), "revocation_proposal", ["organisation_id"], unique=False
    )
    op.create_index(
        "ix_revocation_proposal_proposed", "revocation_proposal", ["organisation_id", "proposed_at"], unique=False
    )
    op.create_index(
        "uq_revocation_proposal_open",
        "revocation_proposal",
        ["certificate_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "shared_certificate",
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("shows_scores", sa.Boolean(), nullable=False),
        sa.Column("is_in_portfolio", sa.Boolean(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_shared_certificate_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_shared_certificate_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shared_certificate_person_id")),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_shared_certificate")),
    )
    op.create_index(
        op.f("ix_shared_certificate_organisation_id"), "shared_certificate", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_shared_certificate_person_id"), "shared_certificate", ["person_id"], unique=False)
    op.create_table(
        "portfolio",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=40), nullable=False),
        sa.Column("headline", sa.String(length=200), nullable=False),
        sa.Column("shows_practice", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(address) >= 3", name=op.f("portfolio_address_is_given")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_portfolio_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_portfolio_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_portfolio")),
        sa.UniqueConstraint("address", name=op.f("uq_portfolio_address")),
    )
    op.create_index(op.f("ix_portfolio_organisation_id"), "portfolio", ["organisation_id"], unique=False)
    op.create_table(
        "reissue_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "keys", "design", "renew", name="kind_is_known", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "done",
                "stopped",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'running') = (ended_at IS NULL)", name=op.f("reissue_run_ended_at_unless_running")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("reissue_run_reason_says_something")),
        sa.CheckConstraint("total >= 0", name=op.f("reissue_run_total_from_zero")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_reissue_run_organisation_id")),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_reissue_run_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reissue_run")),
    )
    op.create_index(op.f("ix_reissue_run_organisation_id"), "reissue_run", ["organisation_id"], unique=False)
    op.create_table(
        "reissue_step",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "refused",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("refusal", sa.String(length=500), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)", name=op.f("reissue_step_refusal_iff_refused")
        ),
        sa.CheckConstraint("(state = 'waiting') = (done_at IS NULL)", name=op.f("reissue_step_done_at_unless_waiting")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_reissue_step_certificate_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_reissue_step_organisation_id")),
        sa.ForeignKeyConstraint(["run_id"], ["reissue_run.id"], name=op.f("fk_reissue_step_run_id")),
        sa.PrimaryKeyConstraint("run_id", "certificate_id", name=op.f("pk_reissue_step")),
    )
    op.create_index(op.f("ix_reissue_step_organisation_id"), "reissue_step", ["organisation_id"], unique=False)
    op.create_index("ix_reissue_step_state", "reissue_step", ["run_id", "state"], unique=False)


def downgrade() -> None:
    tables = ("reissue_step", "reissue_run", "portfolio", "shared_certificate", "revocation_proposal", "state_change")
    for table in tables:
        op.drop_table(table)
