"""How often items were shown"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0008"
down_revision = "20261121_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forms_counted", sa.Integer(), nullable=False),
        sa.Column("seen_again", sa.Integer(), nullable=False),
        sa.Column("over_cap", sa.Integer(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("forms_counted >= 0", name=op.f("form_forms_counted_not_negative")),
        sa.CheckConstraint("seen_again >= 0 AND over_cap >= 0", name=op.f("form_unavoided_not_negative")),
        sa.CheckConstraint("forms_counted = 0 OR counted_at IS NOT NULL", name=op.f("form_counts_have_time")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_form_attempt_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_form_organisation_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_form")),
    )
    op.create_index(op.f("ix_form_organisation_id"), "form", ["organisation_id"])
    op.create_index(
        "ix_form_uncounted",
        "form",
        ["organisation_id", "drawn_at"],
        sqlite_where=sa.text("is_counted = 0"),
        postgresql_where=sa.text("NOT is_counted"),
    )
    op.create_table(
        "form_count",
        sa.Column("test_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.Column("seen_again", sa.Integer(), nullable=False),
        sa.Column("over_cap", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("forms >= 1", name=op.f("form_count_forms_from_one")),
        sa.CheckConstraint("seen_again >= 0 AND over_cap >= 0", name=op.f("form_count_unavoided_not_negative")),
        sa.ForeignKeyConstraint(["test_id"], ["test.id"], name=op.f("fk_form_count_test_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_form_count_organisation_id")),
        sa.PrimaryKeyConstraint("test_id", "day", name=op.f("pk_form_count")),
    )
    op.create_index(op.f("ix_form_count_organisation_id"), "form_count", ["organisation_id"])
    op.create_table(
        "item_exposure",
        sa.Column("test_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("tried_out", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("shown >= 0 AND tried_out >= 0", name=op.f("item_exposure_counts_not_negative")),
        sa.CheckConstraint("shown + tried_out >= 1", name=op.f("item_exposure_was_shown")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_exposure_item_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_item_exposure_organisation_id")
        ),
        sa.ForeignKeyConstraint(["test_id"], ["test.id"], name=op.f("fk_item_exposure_test_id")),
        sa.PrimaryKeyConstraint("test_id", "day", "item_id", name=op.f("pk_item_exposure")),
    )
    op.create_index(op.f("ix_item_exposure_organisation_id"), "item_exposure", ["organisation_id"])
    # Forms that were drawn before are counted when the roll-up runs next.
    op.execute(
        "INSERT INTO form (attempt_id, drawn_at, forms_counted, seen_again, over_cap, is_counted, organisation_id) "
        "SELECT id, started_at, 0, 0, 0, false, organisation_id FROM attempt"
    )


def downgrade() -> None:
    op.drop_table("item_exposure")
    op.drop_table("form_count")
    op.drop_table("form")
