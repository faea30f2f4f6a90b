"""Accommodations, breaks, and the credit for outages of ours"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261121_0007"
down_revision = "20261121_0006"
branch_labels = None
depends_on = None

# In plain SQL, which both databases take: SQLite could otherwise only copy a table that others refer to.
ATTEMPT_COLUMNS = (
    "time_percent INTEGER NOT NULL DEFAULT 100 "
    "CONSTRAINT attempt_time_percent_from_100 CHECK (time_percent BETWEEN 100 AND 1000)",
    "is_untimed BOOLEAN NOT NULL DEFAULT false",
    "break_seconds INTEGER NOT NULL DEFAULT 0 CONSTRAINT attempt_breaks_not_negative CHECK (break_seconds >= 0)",
    "break_seconds_left INTEGER NOT NULL DEFAULT 0 "
    "CONSTRAINT attempt_breaks_left_of_granted CHECK (break_seconds_left BETWEEN 0 AND break_seconds)",
    "break_ends_at {instant} CONSTRAINT attempt_break_only_while_open CHECK (break_ends_at IS NULL OR state = 'open')",
    "credit_seconds INTEGER NOT NULL DEFAULT 0 CONSTRAINT attempt_credit_not_negative CHECK (credit_seconds >= 0)",
)
OPEN: dict[str, Any] = {"sqlite_where": sa.text("state = 'open'"), "postgresql_where": sa.text("state = 'open'")}
WAITING: dict[str, Any] = {
    "sqlite_where": sa.text("state = 'waiting'"),
    "postgresql_where": sa.text("state = 'waiting'"),
}
IN_FORCE: dict[str, Any] = {
    "sqlite_where": sa.text("ended_at IS NULL"),
    "postgresql_where": sa.text("ended_at IS NULL"),
}


def upgrade() -> None:
    instant = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for column in ATTEMPT_COLUMNS:
        op.execute(f"ALTER TABLE attempt ADD COLUMN {column.format(instant=instant)}")
    op.create_index("ix_attempt_open_deadline", "attempt", ["deadline_at"], **OPEN)

    op.create_table(
        "accommodation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("time_percent", sa.Integer(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("is_unlimited", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("time_percent BETWEEN 100 AND 1000", name=op.f("accommodation_time_percent_from_100")),
        sa.CheckConstraint("break_minutes BETWEEN 0 AND 600", name=op.f("accommodation_breaks_not_negative")),
        sa.CheckConstraint(
            "is_unlimited OR time_percent > 100 OR break_minutes > 0", name=op.f("accommodation_grants_something")
        ),
        sa.CheckConstraint("granted_by != person_id", name=op.f("accommodation_granted_by_another")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("accommodation_ended_by_iff_ended")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_accommodation_person_id")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_accommodation_granted_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_accommodation_ended_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_accommodation_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation")),
    )
    op.create_index(op.f("ix_accommodation_organisation_id"), "accommodation", ["organisation_id"])
    op.create_index("ix_accommodation_person", "accommodation", ["person_id", "granted_at"])
    op.create_index(
        "uq_accommodation_in_force", "accommodation", ["organisation_id", "person_id"], unique=True, **IN_FORCE
    )

    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("heartbeat_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
    )

    op.create_table(
        "outage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "credited",
                "dismissed",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at > began_at", name=op.f("outage_ends_after_it_began")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("outage_reason_is_given")),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f("outage_decided_at_unless_waiting")),
        sa.CheckConstraint("(state = 'waiting') = (decided_by IS NULL)", name=op.f("outage_decided_by_unless_waiting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    op.create_index("ix_outage_began", "outage", ["began_at"])
    op.create_index("ix_outage_waiting", "outage", ["ended_at"], **WAITING)

    op.create_table(
        "outage_credit",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("outage_id", sa.Uuid(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("credited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("seconds > 0", name=op.f("outage_credit_seconds_are_positive")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_outage_credit_attempt_id")),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_outage_credit_outage_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_outage_credit_organisation_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "outage_id", name=op.f("pk_outage_credit")),
    )
    op.create_index(op.f("ix_outage_credit_outage_id"), "outage_credit", ["outage_id"])
    op.create_index(op.f("ix_outage_credit_organisation_id"), "outage_credit", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("outage_credit")
    op.drop_table("outage")
    op.drop_table("heartbeat")
    op.drop_table("accommodation")
    op.drop_index("ix_attempt_open_deadline", "attempt")
    for column in reversed(ATTEMPT_COLUMNS):
        op.drop_column("attempt", column.partition(" ")[0])
