"""Cohorts"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0021"
down_revision = "20261121_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cohort",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(title) > 0", name=op.f("cohort_title_is_given")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("cohort_starts_before_it_ends")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_cohort_course_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_cohort_made_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_cohort_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("organisation_id", "slug", name=op.f("uq_cohort_organisation_id_slug")),
    )
    op.create_index(op.f("ix_cohort_course_id"), "cohort", ["course_id"], unique=False)
    op.create_index(op.f("ix_cohort_organisation_id"), "cohort", ["organisation_id"], unique=False)
    op.create_table(
        "cohort_member",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_member_cohort_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cohort_member_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cohort_member_person_id")),
        sa.PrimaryKeyConstraint("cohort_id", "person_id", name=op.f("pk_cohort_member")),
    )
    op.create_index(op.f("ix_cohort_member_organisation_id"), "cohort_member", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_cohort_member_person_id"), "cohort_member", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("cohort_member")
    op.drop_table("cohort")
