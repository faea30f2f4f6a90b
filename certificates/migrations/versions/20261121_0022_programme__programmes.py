"""Programmes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0022"
down_revision = "20261121_0021"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("test_id", sa.Uuid(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=True),
        sa.Column("consents", JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("due_days BETWEEN 1 AND 1000", name=op.f("programme_due_days_in_range")),
        sa.CheckConstraint("length(title) > 0", name=op.f("programme_title_is_given")),
        sa.CheckConstraint("tries BETWEEN 1 AND 100", name=op.f("programme_tries_in_range")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_programme_organisation_id")),
        sa.ForeignKeyConstraint(["test_id"], ["test.id"], name=op.f("fk_programme_test_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_programme_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("organisation_id", "slug", name=op.f("uq_programme_organisation_id_slug")),
    )
    op.create_index(op.f("ix_programme_organisation_id"), "programme", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_programme_test_id"), "programme", ["test_id"], unique=False)
    op.create_index(op.f("ix_programme_tier_id"), "programme", ["tier_id"], unique=False)
    op.create_table(
        "programme_cohort",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_programme_cohort_cohort_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_programme_cohort_organisation_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_programme_cohort_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", "cohort_id", name=op.f("pk_programme_cohort")),
    )
    op.create_index(op.f("ix_programme_cohort_cohort_id"), "programme_cohort", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_programme_cohort_organisation_id"), "programme_cohort", ["organisation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("programme_cohort")
    op.drop_table("programme")
