"""Results are released by policy; a wrong key is repaired by a regrade"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0009"
down_revision = "20261121_0008"
branch_labels = None
depends_on = None

# In plain SQL, because SQLite could otherwise only copy the table, and other tables refer to it.
ATTEMPT_COLUMNS = (
    "released_at {instant} "
    "CONSTRAINT attempt_released_once_graded CHECK (released_at IS NULL OR score IS NOT NULL) "
    "CONSTRAINT attempt_released_after_grading CHECK (released_at >= graded_at)",
)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PROPOSED = sa.text("state = 'proposed'")
RUNNING = sa.text("state = 'committed' AND finished_at IS NULL")
UNTOLD = sa.text("released_at IS NULL")


def add_release() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    instant = "DATETIME" if is_sqlite else "TIMESTAMP WITH TIME ZONE"
    for column in ATTEMPT_COLUMNS:
        op.execute(f"ALTER TABLE attempt ADD COLUMN {column.format(instant=instant)}")
    op.execute("UPDATE attempt SET released_at = graded_at WHERE score IS NOT NULL")  # until now at once
    op.create_index("ix_attempt_untold", "attempt", ["test_id", "state"], sqlite_where=UNTOLD, postgresql_where=UNTOLD)


def upgrade() -> None:
    add_release()
    op.drop_index("ix_form_item_item_version_id", "form_item")
    op.create_index("ix_form_item_version_key", "form_item", ["item_version_id", "answer_key_id"])
    op.create_table(
        "regrade",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_version_id", sa.Uuid(), nullable=False),
        sa.Column("old_key_id", sa.Uuid(), nullable=False),
        sa.Column("new_key_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "committed",
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
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("tally", JSON, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("commit_number", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approval_note", sa.Text(), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("new_key_id IS NULL OR new_key_id != old_key_id", name=op.f("regrade_new_key_is_another")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("regrade_has_a_reason")),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by != proposed_by", name=op.f("regrade_approved_by_another")
        ),
        sa.CheckConstraint(
            "(state = 'committed') = (approved_by IS NOT NULL)", name=op.f("regrade_approver_iff_committed")
        ),
        sa.CheckConstraint(
            "(state = 'committed') = (committed_at IS NOT NULL)", name=op.f("regrade_committed_at_iff_committed")
        ),
        sa.CheckConstraint(
            "(state = 'committed') = (commit_number IS NOT NULL)", name=op.f("regrade_number_iff_committed")
        ),
        sa.CheckConstraint(
            "(state = 'committed') = (approval_note IS NOT NULL)", name=op.f("regrade_note_iff_committed")
        ),
        sa.CheckConstraint(
            "approval_note IS NULL OR length(approval_note) > 0", name=op.f("regrade_note_says_something")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_by IS NOT NULL)", name=op.f("regrade_withdrawer_iff_withdrawn")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("regrade_withdrawn_at_iff_withdrawn")
        ),
        sa.CheckConstraint("seen >= 0", name=op.f("regrade_seen_not_negative")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_regrade_approved_by")),
        sa.ForeignKeyConstraint(["item_version_id"], ["item_version.id"], name=op.f("fk_regrade_item_version_id")),
        sa.ForeignKeyConstraint(["new_key_id"], ["answer_key.id"], name=op.f("fk_regrade_new_key_id")),
        sa.ForeignKeyConstraint(["old_key_id"], ["answer_key.id"], name=op.f("fk_regrade_old_key_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_regrade_organisation_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_regrade_proposed_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_regrade_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
        sa.UniqueConstraint("organisation_id", "commit_number", name=op.f("uq_regrade_organisation_id_commit_number")),
    )
    op.create_index(op.f("ix_regrade_organisation_id"), "regrade", ["organisation_id"])
    op.create_index("ix_regrade_version", "regrade", ["item_version_id", "state"])
    op.create_index("ix_regrade_proposed_at", "regrade", ["organisation_id", "proposed_at"])
    op.create_index(
        "uq_regrade_proposed",
        "regrade",
        ["old_key_id"],
        unique=True,
        sqlite_where=PROPOSED,
        postgresql_where=PROPOSED,
    )
    op.create_index(
        "uq_regrade_running",
        "regrade",
        ["organisation_id"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_table(
        "regrade_change",
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("old_points", sa.Numeric(9, 8), nullable=True),
        sa.Column("new_points", sa.Numeric(9, 8), nullable=True),
        sa.Column("old_score", sa.Numeric(9, 8), nullable=False),
        sa.Column("new_score", sa.Numeric(9, 8), nullable=False),
        sa.Column("had_passed", sa.Boolean(), nullable=False),
        sa.Column("has_passed", sa.Boolean(), nullable=False),
        sa.Column("was_released", sa.Boolean(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced", JSON, nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("old_score BETWEEN 0 AND 1", name=op.f("regrade_change_old_score_is_fraction")),
        sa.CheckConstraint("new_score BETWEEN 0 AND 1", name=op.f("regrade_change_new_score_is_fraction")),
        sa.CheckConstraint("old_points BETWEEN 0 AND 1", name=op.f("regrade_change_old_points_are_fraction")),
        sa.CheckConstraint("new_points BETWEEN 0 AND 1", name=op.f("regrade_change_new_points_are_fraction")),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (replaced IS NULL)", name=op.f("regrade_change_replaced_iff_applied")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_regrade_change_attempt_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_regrade_change_organisation_id")
        ),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrade.id"], name=op.f("fk_regrade_change_regrade_id")),
        sa.PrimaryKeyConstraint("regrade_id", "attempt_id", name=op.f("pk_regrade_change")),
    )
    op.create_index(op.f("ix_regrade_change_organisation_id"), "regrade_change", ["organisation_id"])
    op.create_index("ix_regrade_change_attempt", "regrade_change", ["attempt_id"])


def downgrade() -> None:
    op.drop_table("regrade_change")
    op.drop_table("regrade")
    op.drop_index("ix_form_item_version_key", "form_item")
    op.create_index("ix_form_item_item_version_id", "form_item", ["item_version_id"])
    op.drop_index("ix_attempt_untold", "attempt")
    for column in reversed(ATTEMPT_COLUMNS):
        op.drop_column("attempt", column.partition(" ")[0])
