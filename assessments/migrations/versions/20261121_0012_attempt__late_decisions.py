"""A manager decides whether the late answers of an attempt count"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0012"
down_revision = "20261121_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "late_decision",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was_released", sa.Boolean(), nullable=False),
        sa.Column("old_score", sa.Numeric(9, 8), nullable=True),
        sa.Column("new_score", sa.Numeric(9, 8), nullable=True),
        sa.Column("had_passed", sa.Boolean(), nullable=True),
        sa.Column("has_passed", sa.Boolean(), nullable=True),
        sa.Column("replaced", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("late_decision_has_a_reason")),
        sa.CheckConstraint("is_accepted = (old_score IS NOT NULL)", name=op.f("late_decision_old_score_iff_accepted")),
        sa.CheckConstraint("is_accepted = (new_score IS NOT NULL)", name=op.f("late_decision_new_score_iff_accepted")),
        sa.CheckConstraint(
            "is_accepted = (had_passed IS NOT NULL)", name=op.f("late_decision_old_verdict_iff_accepted")
        ),
        sa.CheckConstraint(
            "is_accepted = (has_passed IS NOT NULL)", name=op.f("late_decision_new_verdict_iff_accepted")
        ),
        sa.CheckConstraint("is_accepted = (replaced IS NOT NULL)", name=op.f("late_decision_replaced_iff_accepted")),
        sa.CheckConstraint("old_score BETWEEN 0 AND 1", name=op.f("late_decision_old_score_is_fraction")),
        sa.CheckConstraint("new_score BETWEEN old_score AND 1", name=op.f("late_decision_score_never_falls")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_late_decision_attempt_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_late_decision_decided_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_late_decision_organisation_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_late_decision")),
    )
    op.create_index(op.f("ix_late_decision_organisation_id"), "late_decision", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("late_decision")
