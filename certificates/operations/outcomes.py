"""Taking in outcomes of work: each once, only of people who let the organisation see them, only so many a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.adapters.outcome_hash import hash_of
from certificates.domain.outcomes import Entry, Ledger, Outcome, Receipt
from certificates.domain.work_quality import points_of
from certificates.models.work_quality import WorkOutcome, WorkQuality
from certificates.operations.outcome_records import RECEIVED
from certificates.operations.watching import watch_work
from certificates.queries.quality_rules import WorkedTier, worked_tiers
from certificates.queries.work_quality import outcome_of
from lms.accounts.models import Membership
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict
from lms.members.consents import ConsentScope, consenting
from lms.outbox.operations import post

COUNTED_TOPIC = "work.counted"  # of the messages that let what follows from somebody's figures follow


def receive_outcomes(
    session: Session, *, outcomes: Sequence[Outcome], key_id: UUID, base_url: str, at: datetime
) -> list[Receipt]:
    """Keep what was posted, count the first answers, and return what became of each outcome, in the same order.

    Within one call outcomes are taken by the instant at which they occurred, calls by their arrival. Posting the same
    again changes nothing. Raises Conflict when another call keeps one of these ids at this moment.
    """
    call_id = uuid4()
    ledger, tiers = _open_ledger(session, outcomes, at)
    in_order = sorted(range(len(outcomes)), key=lambda place: (outcomes[place].occurred_at, place))
    receipts = {place: ledger.enter(outcomes[place]) for place in in_order}
    if ledger.entries:
        _keep(session, ledger.entries, call_id, key_id, at)
        counted = [entry for entry in ledger.entries if entry.is_first]
        _count(session, counted, at)
        watch_work(session, entries=counted, tiers=tiers, base_url=base_url, at=at)
        _leave_the_rest(session, counted, at)
    _note(session, ledger.entries, list(receipts.values()), call_id, key_id, at)
    return [receipts[place] for place in range(len(outcomes))]


def _open_ledger(
    session: Session, outcomes: Sequence[Outcome], at: datetime
) -> tuple[Ledger, Mapping[str, WorkedTier]]:
    workers = _hold_workers(session, {outcome.person_id for outcome in outcomes})
    tiers = worked_tiers(session, {outcome.tier for outcome in outcomes if outcome.tier is not None})
    ledger = Ledger(
        workers=workers,
        bounds={slug: tier.most_a_day for slug, tier in tiers.items()},
        posted=_posted(session, [outcome.external_id for outcome in outcomes]),
        days=_days(session, workers, {outcome.day for outcome in outcomes}),
        answered=_answered(session, workers, {outcome.task_id for outcome in outcomes}),
        numbers=_numbers(session, workers),
        at=at,
    )
    return ledger, tiers


def _hold_workers(session: Session, person_ids: Collection[UUID]) -> frozenset[UUID]:
    """Members who let the organisation see the quality of their work; whoever posts about one of them takes turns."""
    held = session.scalars(
        select(Membership.person_id)
        .where(
            Membership.person_id.in_(person_ids),
            Membership.person_id.in_(consenting(session, scope=ConsentScope.QUALITY)),
        )
        .order_by(Membership.person_id, Membership.id)
        .with_for_update(of=Membership, key_share=True)
    )
    return frozenset(held)


def _posted(session: Session, external_ids: Collection[str]) -> dict[str, Outcome]:
    rows = session.scalars(select(WorkOutcome).where(WorkOutcome.external_id.in_(external_ids)))
    return {row.external_id: outcome_of(row) for row in rows}


def _days(session: Session, workers: Collection[UUID], days: Collection[date]) -> dict[tuple[UUID, date], int]:
    rows = session.execute(
        select(WorkOutcome.person_id, WorkOutcome.occurred_on, func.count())
        .where(WorkOutcome.person_id.in_(workers), WorkOutcome.occurred_on.in_(days))
        .group_by(WorkOutcome.person_id, WorkOutcome.occurred_on)
    )
    return {(person_id, day): count for person_id, day, count in rows}


def _answered(session: Session, workers: Collection[UUID], tasks: Collection[str]) -> set[tuple[UUID, str, str]]:
    rows = session.execute(
        select(WorkOutcome.person_id, WorkOutcome.task_id, WorkOutcome.skill).where(
            WorkOutcome.person_id.in_(workers), WorkOutcome.task_id.in_(tasks), WorkOutcome.is_first
        )
    )
    return {(person_id, task_id, skill) for person_id, task_id, skill in rows}


def _numbers(session: Session, workers: Collection[UUID]) -> dict[UUID, int]:
    last = func.max(WorkOutcome.number)
    of_workers = select(WorkOutcome.person_id, last).where(WorkOutcome.person_id.in_(workers))
    return dict(session.execute(of_workers.group_by(WorkOutcome.person_id)).all())


def _keep(session: Session, entries: Sequence[Entry], call_id: UUID, key_id: UUID, at: datetime) -> None:
    """By their ids, so that two calls with the same ids wait for each other in one order."""
    organisation_id = organisation_of(session)
    rows = [
        {
            "organisation_id": organisation_id,
            "person_id": entry.outcome.person_id,
            "number": entry.number,
            "external_id": entry.outcome.external_id,
            "task_id": entry.outcome.task_id,
            "skill": entry.outcome.skill,
            "tier_slug": entry.outcome.tier,
            "kind": entry.outcome.kind,
            "score": entry.outcome.score,
            "is_first": entry.is_first,
            "occurred_at": entry.outcome.occurred_at,
            "occurred_on": entry.outcome.day,
            "received_at": at,
            "call_id": call_id,
            "key_id": key_id,
        }
        for entry in sorted(entries, key=lambda entry: entry.outcome.external_id)
    ]
    kept = session.scalars(
        insert_into(session, WorkOutcome).on_conflict_do_nothing().returning(WorkOutcome.external_id), rows
    ).all()
    if len(kept) != len(rows):
        raise Conflict("Some of these outcomes are being posted by another request at this moment. Send them again.")


def _count(session: Session, entries: Iterable[Entry], at: datetime) -> None:
    sums: dict[tuple[UUID, str], list[int]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        sum_of = sums[entry.outcome.person_id, entry.outcome.skill]
        sum_of[0] += 1
        sum_of[1] += points_of(entry.outcome.score)
    if not sums:
        return
    organisation_id = organisation_of(session)
    adding = insert_into(session, WorkQuality).values(
        [
            {
                "organisation_id": organisation_id,
                "person_id": person_id,
                "skill": skill,
                "tasks": tasks,
                "points": points,
                "updated_at": at,
            }
            for (person_id, skill), (tasks, points) in sorted(sums.items())
        ]
    )
    session.execute(
        adding.on_conflict_do_update(
            index_elements=["organisation_id", "person_id", "skill"],
            set_={
                "tasks": WorkQuality.tasks + adding.excluded.tasks,
                "points": WorkQuality.points + adding.excluded.points,
                "updated_at": adding.excluded.updated_at,
            },
        )
    )


def _leave_the_rest(session: Session, counted: Iterable[Entry], at: datetime) -> None:
    """Standings that move and certificates that hold longer: the worker looks, after the commit."""
    people = sorted({str(entry.outcome.person_id) for entry in counted})
    if people:
        post(session, topic=COUNTED_TOPIC, payload={"people": people}, at=at)


def _note(
    session: Session,
    entries: Sequence[Entry],
    receipts: Sequence[Receipt],
    call_id: UUID,
    key_id: UUID,
    at: datetime,
) -> None:
    """What was kept has a hash in the audit: rows that are changed or removed afterwards do not make it any more."""
    states = [receipt.state for receipt in receipts]
    record(
        session,
        action=RECEIVED,
        actor=f"key {key_id}",
        subject_id=call_id,
        at=at,
        accepted=states.count("accepted"),
        duplicate=states.count("duplicate"),
        refused=states.count("refused"),
        sha256=hash_of([entry.outcome for entry in entries]),
    )
