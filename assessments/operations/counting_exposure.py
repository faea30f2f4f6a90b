"""Counting what was shown: the worker rolls new forms up, so that no start waits for a count or fights over one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, FormItem
from assessments.models.exposure import Form, FormCount, ItemExposure
from assessments.models.items import ItemVersion
from lms.db.scope import organisation_of
from lms.db.session import Database
from lms.db.upsert import insert_into
from lms.outbox.operations import post

TOPIC = "forms.count"
PAUSE = timedelta(minutes=1)  # between two calls for a count
_SETTLED = timedelta(seconds=15)  # after which a start that was under way is committed
BATCH = 500  # forms in one transaction

Place = tuple[UUID, date]  # the test and the day that a form counts for

_called: dict[UUID, datetime] = {}
_lock = Lock()


def call_for_count(session: Session, at: datetime) -> None:
    """Ask the worker for a count, once a minute in each process.

    A call that is lost with its transaction is made up for by the next start: every count takes all there is.
    """
    organisation_id = organisation_of(session)
    with _lock:
        called = _called.get(organisation_id)
        if called is not None and abs(at - called) < PAUSE:
            return
        _called[organisation_id] = at
    post(session, topic=TOPIC, payload={}, at=at, due_at=at + PAUSE + _SETTLED)


def count_all_forms(database: Database, *, organisation_id: UUID, at: datetime) -> int:
    """Roll up every form that is not counted yet, a batch a transaction; return how many there were."""
    counted = 0
    while True:
        with database.transaction(organisation_id) as session:
            batch = count_forms(session, at=at)
        counted += batch
        if batch < BATCH:
            return counted


def count_forms(session: Session, *, at: datetime, most: int = BATCH) -> int:
    """Roll up so many forms, oldest first; each is counted once, whoever counts at the same time."""
    waiting = {
        row.attempt_id: row
        for row in session.execute(
            select(Form.attempt_id, Attempt.test_id, Form.drawn_at, Form.seen_again, Form.over_cap)
            .join(Attempt, Attempt.id == Form.attempt_id)
            .where(~Form.is_counted)
            .order_by(Form.drawn_at)
            .limit(most)
        )
    }
    if not waiting:
        return 0
    won = session.scalars(
        update(Form)
        .where(Form.attempt_id.in_(waiting), ~Form.is_counted)
        .values(is_counted=True)
        .returning(Form.attempt_id)
        .execution_options(synchronize_session=False)
    ).all()
    places = {attempt_id: (waiting[attempt_id].test_id, _day(waiting[attempt_id].drawn_at)) for attempt_id in won}
    forms: dict[Place, list[int]] = {}
    for attempt_id, place in places.items():
        sums = forms.setdefault(place, [0, 0, 0])
        for number, more in enumerate((1, waiting[attempt_id].seen_again, waiting[attempt_id].over_cap)):
            sums[number] += more
    if won:
        _add_forms(session, forms, at)
        _add_items(session, places)
    return len(won)


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()


def _add_forms(session: Session, forms: Mapping[Place, Sequence[int]], at: datetime) -> None:
    organisation_id = organisation_of(session)
    insertion = insert_into(session, FormCount).values(
        [
            {
                "organisation_id": organisation_id,
                "test_id": test_id,
                "day": day,
                "forms": count,
                "seen_again": seen_again,
                "over_cap": over_cap,
                "counted_at": at,
            }
            for (test_id, day), (count, seen_again, over_cap) in sorted(forms.items())
        ]
    )
    session.execute(
        insertion.on_conflict_do_update(
            index_elements=["test_id", "day"],
            set_={
                "forms": FormCount.forms + insertion.excluded.forms,
                "seen_again": FormCount.seen_again + insertion.excluded.seen_again,
                "over_cap": FormCount.over_cap + insertion.excluded.over_cap,
                "counted_at": insertion.excluded.counted_at,
            },
        )
    )


def _add_items(session: Session, places: Mapping[UUID, Place]) -> None:
    items = session.execute(
        select(FormItem.attempt_id, ItemVersion.item_id, FormItem.is_scored)
        .join(ItemVersion, ItemVersion.id == FormItem.item_version_id)
        .where(FormItem.attempt_id.in_(places))
    )
    shown: Counter[tuple[UUID, date, UUID]] = Counter()
    tried_out: Counter[tuple[UUID, date, UUID]] = Counter()
    for attempt_id, item_id, is_scored in items:
        (shown if is_scored else tried_out)[*places[attempt_id], item_id] += 1
    rows = sorted(shown.keys() | tried_out.keys())  # in one order, so that two who count do not wait for each other
    organisation_id = organisation_of(session)
    for begin in range(0, len(rows), BATCH):
        insertion = insert_into(session, ItemExposure).values(
            [
                {
                    "organisation_id": organisation_id,
                    "test_id": row[0],
                    "day": row[1],
                    "item_id": row[2],
                    "shown": shown[row],
                    "tried_out": tried_out[row],
                }
                for row in rows[begin : begin + BATCH]
            ]
        )
        session.execute(
            insertion.on_conflict_do_update(
                index_elements=["test_id", "day", "item_id"],
                set_={
                    "shown": ItemExposure.shown + insertion.excluded.shown,
                    "tried_out": ItemExposure.tried_out + insertion.excluded.tried_out,
                },
            )
        )
