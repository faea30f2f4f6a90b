"""Publishing: an event is written with its cause, and numbered last of all, so that numbers are in commit order."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from lms.db.scope import organisation_of
from lms.db.session import ScopedSession
from lms.db.upsert import insert_into
from lms.outbox.operations import post
from lms.webhooks.models import WebhookEvent, WebhookSubject

TOPIC = "webhook.fan-out"
_KEY = "assay.webhook_events"


@dataclass(frozen=True, slots=True)
class _Published:
    """An event that waits for the commit, and the savepoint within which it was published."""

    id: UUID
    type: str
    subject_id: UUID
    data: dict[str, Any]
    at: datetime
    within: SessionTransaction | None
    has_message: bool  # that fans it out, posted within the same savepoint


def publish(
    session: Session,
    *,
    type: str,
    subject_id: UUID,
    data: dict[str, Any],
    at: datetime,
    event_id: UUID | None = None,
) -> None:
    """Tell receivers of something, once this transaction is committed. `data` are plain JSON values.

    Events of one subject arrive in the order in which their transactions were committed, and within one transaction
    in the order in which they were published. An event with an id that is taken is told already, and not again.
    """
    waiting: list[_Published] = session.info.setdefault(_KEY, [])
    within = session.get_nested_transaction()
    is_covered = any(
        each.has_message and each.subject_id == subject_id and _holds(each.within, within) for each in waiting
    )
    joins = bool(session.new) and not is_covered  # goes along with what is written anyway, as one statement
    if joins:
        _ask_to_fan_out(session, subject_id, at)
    waiting.append(_Published(event_id or uuid4(), type, subject_id, data, at, within, joins))


def _ask_to_fan_out(session: Session, subject_id: UUID, at: datetime) -> None:
    post(session, topic=TOPIC, payload={"subject_id": str(subject_id)}, at=at)


def _write(session: Session) -> None:
    """Right before the commit. The rows of the subjects are locked in one order, after everything else."""
    if session.get_nested_transaction() is not None:
        return
    waiting: list[_Published] = session.info.pop(_KEY, [])
    if not waiting:
        return
    by_subject: dict[UUID, list[_Published]] = defaultdict(list)
    for each in waiting:
        by_subject[each.subject_id].append(each)
    last = _count(session, {subject_id: len(events) for subject_id, events in by_subject.items()})
    _insert(
        session,
        [
            (each, number)
            for subject_id, events in by_subject.items()
            for number, each in enumerate(events, start=last[subject_id] - len(events) + 1)
        ],
    )
    for subject_id, events in by_subject.items():
        if not any(each.has_message for each in events):
            _ask_to_fan_out(session, subject_id, max(each.at for each in events))


def _count(session: Session, more: dict[UUID, int]) -> dict[UUID, int]:
    """Lock the subjects' rows until the commit, and return the number of each one's last event with these."""
    counted = insert_into(session, WebhookSubject)
    rows = session.execute(
        counted.on_conflict_do_update(
            index_elements=["subject_id"], set_={"events": WebhookSubject.events + counted.excluded.events}
        ).returning(WebhookSubject.subject_id, WebhookSubject.events),
        [{"subject_id": subject_id, "events": more[subject_id]} for subject_id in sorted(more)],
    )
    return {row.subject_id: row.events for row in rows}


def _insert(session: Session, numbered: list[tuple[_Published, int]]) -> None:
    rows = [
        {
            "id": each.id,
            "organisation_id": organisation_of(session),
            "type": each.type,
            "subject_id": each.subject_id,
            "number": number,
            "data": each.data,
            "happened_at": each.at,
        }
        for each, number in numbered
    ]
    session.execute(insert_into(session, WebhookEvent).on_conflict_do_nothing(index_elements=["id"]), rows)


def _forget(session: Session, previous: SessionTransaction) -> None:
    """What was published within a savepoint that is rolled back did not happen."""
    waiting: list[_Published] | None = session.info.get(_KEY)
    if waiting:
        undone: SessionTransaction | None = previous
        while undone is not None and not undone.nested:  # a flush that fails takes its savepoint along
            undone = undone.parent
        session.info[_KEY] = [each for each in waiting if not _holds(undone, each.within)]


def _holds(outer: SessionTransaction | None, inner: SessionTransaction | None) -> bool:
    """Whether what happened within `inner` is undone when `outer` is; None is the transaction itself."""
    while inner is not None and inner is not outer:
        inner = inner.parent if inner.nested else None
    return inner is outer


event.listen(ScopedSession, "before_commit", _write)
event.listen(ScopedSession, "after_soft_rollback", _forget)
