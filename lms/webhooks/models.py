"""Tables of webhooks: receivers, events in the order of their subject, deliveries to each receiver, and every try."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of

_WAITING = text("state = 'waiting'")
_NOT_FANNED_OUT = text("fanned_out_at IS NULL")


class EndpointState(StrEnum):
    """Whether an endpoint is sent anything."""

    ACTIVE = "active"
    DISABLED = "disabled"  # by a person, or because it failed for too long; what happens meanwhile waits for it
    DELETED = "deleted"


class DeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given-up"
    WITHDRAWN = "withdrawn"  # the person left, or takes the consent back


class WebhookEndpoint(OwnedByOrganisation, Base):
    """Where an organisation wants to hear of events, with what it needs to sign them and how it fares."""

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        CheckConstraint(
            "state = 'deleted' OR (state = 'disabled') = (disabled_reason IS NOT NULL)", name="reason_iff_disabled"
        ),
        CheckConstraint("(disabled_at IS NULL) = (disabled_reason IS NULL)", name="disabled_at_iff_reason"),
        CheckConstraint("(sealed_old_secret IS NULL) = (old_secret_until IS NULL)", name="old_secret_has_an_end"),
        CheckConstraint("(failures = 0) = (failing_since IS NULL)", name="failing_since_iff_failures"),
    )

    id: Mapped[UuidKey]
    url: Mapped[str] = mapped_column(String(2000))
    description: Mapped[str] = mapped_column(String(200))
    event_types: Mapped[list[Any]]  # their names
    state: Mapped[EndpointState] = mapped_column(choice_of(EndpointState, "state_is_known"))
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None] = mapped_column(String(500))
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_old_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_secret_until: Mapped[datetime | None]  # both sign until then
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    failing_since: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]  # after several failures in a row nothing is tried before
    leased_until: Mapped[datetime | None]  # a worker is sending
    courier_id: Mapped[UUID | None]  # the message that works it off; older ones end when they see another
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class WebhookSubject(Base):
    """How many events there are of a subject. Its row is locked until the commit, so numbers are in commit order."""

    __tablename__ = "webhook_subject"

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    events: Mapped[int]


class WebhookEvent(OwnedByOrganisation, Base):
    """Something that happened in this organisation; its id is the same for everybody who hears of it."""

    __tablename__ = "webhook_event"
    __table_args__ = (
        UniqueConstraint("subject_id", "number"),
        Index(
            "ix_webhook_event_to_fan_out",
            "subject_id",
            "number",
            sqlite_where=_NOT_FANNED_OUT,
            postgresql_where=_NOT_FANNED_OUT,
        ),
    )

    id: Mapped[UuidKey]
    type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID]  # a person, or the invitation of somebody who is none yet
    number: Mapped[int]  # among the events of the subject
    data: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]
    fanned_out_at: Mapped[datetime | None]  # when the deliveries of all who hear of it were made


class WebhookDelivery(OwnedByOrganisation, Base):
    """One event on its way to one endpoint: the same bytes at every try."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_unless_waiting"),
        CheckConstraint("tries >= 0 AND step >= 0", name="counts_not_negative"),
        Index("ix_webhook_delivery_in_order", "endpoint_id", "subject_id", "number"),
        Index(
            "ix_webhook_delivery_waiting",
            "endpoint_id",
            "due_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_webhook_delivery_newest", "endpoint_id", "made_at", "id"),
        Index("ix_webhook_delivery_subject", "organisation_id", "subject_id"),
    )

    id: Mapped[UuidKey]
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoint.id"))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_event.id"))
    type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID]
    number: Mapped[int]
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(choice_of(DeliveryState, "state_is_known"))
    made_at: Mapped[datetime]
    counted_from: Mapped[datetime]  # the days in which it is tried begin here; anew with a redelivery
    due_at: Mapped[datetime]
    step: Mapped[int] = mapped_column(default=0)  # of the schedule
    tries: Mapped[int] = mapped_column(default=0)  # ever
    ended_at: Mapped[datetime | None]


class WebhookTry(OwnedByOrganisation, Base):
    """One request that was sent, and what came of it."""

    __tablename__ = "webhook_try"
    __table_args__ = (
        UniqueConstraint("delivery_id", "number"),
        CheckConstraint("(status IS NULL) = (fault IS NOT NULL)", name="fault_iff_no_status"),
    )

    id: Mapped[UuidKey]
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_delivery.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    milliseconds: Mapped[int]
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(String(500))  # how the answer begins
    fault: Mapped[str | None] = mapped_column(String(300))  # why there was no answer
