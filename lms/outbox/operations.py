"""Posting messages, and handing them to a worker by lease."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.db.scope import organisation_of
from lms.db.session import wake_after_commit
from lms.outbox.models import OutboxMessage

LEASE = timedelta(minutes=2)
_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message in the hands of a handler. The same one may come twice: handlers are idempotent."""

    id: UUID
    organisation_id: UUID
    topic: str
    payload: dict[str, Any]
    tries: int


class NotYet(Exception):
    """A handler says that the time of its message has not come: it is to be delivered again at this instant."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(f"not before {due_at.isoformat()}")
        self.due_at = due_at


def post(
    session: Session, *, topic: str, payload: dict[str, Any], at: datetime, due_at: datetime | None = None
) -> None:
    """Write a message that is delivered once this transaction is committed, and not before `due_at`."""
    session.add(
        OutboxMessage(
            organisation_id=organisation_of(session), topic=topic, payload=payload, created_at=at, due_at=due_at or at
        )
    )
    wake_after_commit(session)


def list_due(session: Session, *, limit: int, at: datetime) -> Sequence[UUID]:
    """The ids of messages that wait for a worker, oldest first."""
    return session.scalars(
        select(OutboxMessage.id)
        .where(OutboxMessage.delivered_at.is_(None), OutboxMessage.due_at <= at)
        .order_by(OutboxMessage.due_at)
        .limit(limit)
    ).all()


def lease(session: Session, *, message_id: UUID, at: datetime) -> Delivery | None:
    """Take a message for the length of the lease; None when another worker was faster."""
    taken = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.delivered_at.is_(None), OutboxMessage.due_at <= at)
        .values(due_at=at + LEASE, tries=OutboxMessage.tries + 1)
        .returning(
            OutboxMessage.id,
            OutboxMessage.organisation_id,
            OutboxMessage.topic,
            OutboxMessage.payload,
            OutboxMessage.tries,
        )
    ).one_or_none()
    return Delivery(*taken) if taken else None


def mark_delivered(session: Session, *, message_id: UUID, at: datetime) -> None:
    """The handler succeeded. The payload is emptied: a link in a mail is a secret and is not kept."""
    session.execute(
        update(OutboxMessage).where(OutboxMessage.id == message_id).values(delivered_at=at, last_error=None, payload={})
    )


def settle(session: Session, *, delivery: Delivery, at: datetime) -> bool:
    """Mark a message delivered together with its effect, in one transaction; False when that was done before.

    For handlers whose effect must happen once, though the message may come twice.
    """
    settled = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == delivery.id, OutboxMessage.delivered_at.is_(None))
        .values(delivered_at=at)
        .returning(OutboxMessage.id)
    )
    return settled.one_or_none() is not None


def postpone(session: Session, *, message_id: UUID, due_at: datetime) -> None:
    """The message waits on, without counting as a failure."""
    session.execute(
        update(OutboxMessage).where(OutboxMessage.id == message_id).values(due_at=due_at, tries=0, last_error=None)
    )


def mark_failed(session: Session, *, delivery: Delivery, error: str, at: datetime) -> None:
    """The handler failed: try again later, each time after twice the wait, at most an hour."""
    wait = min(timedelta(seconds=2**delivery.tries), _LONGEST_WAIT)
    session.execute(
        update(OutboxMessage).where(OutboxMessage.id == delivery.id).values(due_at=at + wait, last_error=error[:500])
    )
