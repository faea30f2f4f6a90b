"""Webhooks: endpoints, events in the order of their subject, deliveries, tries"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0017"
down_revision = "20261121_0016"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")
NOT_FANNED_OUT = sa.text("fanned_out_at IS NULL")


def choice(*values: str) -> sa.Enum:
    return sa.Enum(*values, name="state_is_known", native_enum=False, create_constraint=True, length=32)


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"{table}_{name}"))


def key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def owned(table: str) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    return sa.Column("organisation_id", sa.Uuid(), nullable=False), key(table, "organisation_id", "organisation.id")


def index_owner(table: str) -> None:
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])


def make_endpoints() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("event_types", JSON, nullable=False),
        sa.Column("state", choice("active", "disabled", "deleted"), nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.Column("disabled_reason", sa.String(500), nullable=True),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_old_secret", sa.LargeBinary(), nullable=True),
        sa.Column("old_secret_until", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("rests_until", INSTANT, nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("courier_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        *owned("webhook_endpoint"),
        check(
            "webhook_endpoint",
            "reason_iff_disabled",
            "state = 'deleted' OR (state = 'disabled') = (disabled_reason IS NOT NULL)",
        ),
        check("webhook_endpoint", "disabled_at_iff_reason", "(disabled_at IS NULL) = (disabled_reason IS NULL)"),
        check("webhook_endpoint", "old_secret_has_an_end", "(sealed_old_secret IS NULL) = (old_secret_until IS NULL)"),
        check("webhook_endpoint", "failing_since_iff_failures", "(failures = 0) = (failing_since IS NULL)"),
        key("webhook_endpoint", "made_by", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    index_owner("webhook_endpoint")


def make_events() -> None:
    op.create_table(
        "webhook_subject",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_webhook_subject")),
    )
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("happened_at", INSTANT, nullable=False),
        sa.Column("fanned_out_at", INSTANT, nullable=True),
        *owned("webhook_event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint("subject_id", "number", name=op.f("uq_webhook_event_subject_id_number")),
    )
    index_owner("webhook_event")
    op.create_index(
        "ix_webhook_event_to_fan_out",
        "webhook_event",
        ["subject_id", "number"],
        sqlite_where=NOT_FANNED_OUT,
        postgresql_where=NOT_FANNED_OUT,
    )


def make_deliveries() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", choice("waiting", "delivered", "given-up", "withdrawn"), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("counted_from", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        *owned("webhook_delivery"),
        check("webhook_delivery", "ended_unless_waiting", "(state = 'waiting') = (ended_at IS NULL)"),
        check("webhook_delivery", "counts_not_negative", "tries >= 0 AND step >= 0"),
        key("webhook_delivery", "endpoint_id", "webhook_endpoint.id"),
        key("webhook_delivery", "event_id", "webhook_event.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("endpoint_id", "event_id", name=op.f("uq_webhook_delivery_endpoint_id_event_id")),
    )
    index_owner("webhook_delivery")
    op.create_index("ix_webhook_delivery_in_order", "webhook_delivery", ["endpoint_id", "subject_id", "number"])
    op.create_index("ix_webhook_delivery_newest", "webhook_delivery", ["endpoint_id", "made_at", "id"])
    op.create_index("ix_webhook_delivery_subject", "webhook_delivery", ["organisation_id", "subject_id"])
    op.create_index(
        "ix_webhook_delivery_waiting",
        "webhook_delivery",
        ["endpoint_id", "due_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def make_tries() -> None:
    op.create_table(
        "webhook_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.Column("fault", sa.String(300), nullable=True),
        *owned("webhook_try"),
        check("webhook_try", "fault_iff_no_status", "(status IS NULL) = (fault IS NOT NULL)"),
        key("webhook_try", "delivery_id", "webhook_delivery.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_try")),
        sa.UniqueConstraint("delivery_id", "number", name=op.f("uq_webhook_try_delivery_id_number")),
    )
    index_owner("webhook_try")


def upgrade() -> None:
    make_endpoints()
    make_events()
    make_deliveries()
    make_tries()


def downgrade() -> None:
    for table in ("webhook_try", "webhook_delivery", "webhook_event", "webhook_subject", "webhook_endpoint"):
        op.drop_table(table)
