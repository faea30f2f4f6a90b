"""One window writes an attempt, told apart by its epoch; answers that came too late are kept"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0006"
down_revision = "20261121_0005"
branch_labels = None
depends_on = None

# Columns are added in plain SQL, which both databases take: SQLite could otherwise only copy these tables.
ATTEMPT_COLUMNS = (
    "pen_epoch INTEGER NOT NULL DEFAULT 1 CONSTRAINT attempt_pen_epoch_from_one CHECK (pen_epoch >= 1)",
    "pen_holder VARCHAR(64)",
)


def upgrade() -> None:
    for column in ATTEMPT_COLUMNS:
        op.execute(f"ALTER TABLE attempt ADD COLUMN {column}")
    key_type = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(f"ALTER TABLE response ADD COLUMN idempotency_key {key_type}")
    op.create_table(
        "late_response",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("response", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("late_response_sequence_from_one")),
        sa.CheckConstraint("made_at < received_at", name=op.f("late_response_made_before_received")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_late_response_attempt_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_late_response_organisation_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_late_response")),
    )
    op.create_index(op.f("ix_late_response_organisation_id"), "late_response", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("late_response")
    op.drop_column("response", "idempotency_key")
    op.drop_column("attempt", "pen_holder")
    op.drop_column("attempt", "pen_epoch")
