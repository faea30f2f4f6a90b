"""Watching work: every first answer moves the test against the floors of its tier; an alarm proposes a suspension."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.evidence import as_json
from certificates.domain.log_leaves import instant
from certificates.domain.outcomes import Entry
from certificates.domain.quality_watch import Watch
from certificates.domain.work_quality import points_of
from certificates.models.work_quality import QualityWatch, WorkOutcome
from certificates.operations.proposing import propose_suspension
from certificates.queries.quality_rules import Floor, WorkedTier, floors_of
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into

EVERY_SKILL = ""
_STATE = ("floor", "level", "run_from", "run_tasks", "run_points", "tasks", "points")
Place = tuple[UUID, UUID, str]  # person, tier, skill


@dataclass(frozen=True, slots=True)
class Alarm:
    """The test of a person's work against a floor, at the answer that raised the alarm."""

    person_id: UUID
    tier_slug: str
    floor: Floor
    watch: Watch


def watch_work(
    session: Session, *, entries: Sequence[Entry], tiers: Mapping[str, WorkedTier], base_url: str, at: datetime
) -> None:
    """Count first answers against the floors of their tiers, in the order of their numbers; propose what they show."""
    floors = floors_of(session, [tier.id for tier in tiers.values()])
    concerned = [entry for entry in entries if entry.outcome.tier and floors.get(tiers[entry.outcome.tier].id)]
    if not concerned:
        return
    watches = _read(session, {entry.outcome.person_id for entry in concerned}, list(floors))
    alarms: list[Alarm] = []
    touched: dict[Place, Watch] = {}
    for entry in sorted(concerned, key=lambda entry: (entry.outcome.person_id, entry.number)):
        slug = entry.outcome.tier or ""
        for floor in floors[tiers[slug].id]:
            if floor.concerns(entry.outcome.skill):
                place = entry.outcome.person_id, floor.tier_id, floor.skill or EVERY_SKILL
                before = touched.get(place) or watches.get(place)
                after = _take(before, floor, entry)
                touched[place] = after
                if after.is_alarmed:
                    alarms.append(Alarm(entry.outcome.person_id, slug, floor, after))
    if touched:
        _write(session, touched, at)
    _propose(session, alarms, base_url, at)


def _take(before: Watch | None, floor: Floor, entry: Entry) -> Watch:
    """Against another floor than before, everything begins anew."""
    watch = before if before is not None and before.floor == floor.at_least else Watch(floor.at_least)
    return watch.take(number=entry.number, points=points_of(entry.outcome.score))


def _read(session: Session, people: Collection[UUID], tier_ids: Collection[UUID]) -> dict[Place, Watch]:
    rows = session.scalars(
        select(QualityWatch).where(QualityWatch.person_id.in_(people), QualityWatch.tier_id.in_(tier_ids))
    )
    return {
        (row.person_id, row.tier_id, row.skill): Watch(**{name: getattr(row, name) for name in _STATE}) for row in rows
    }


def _write(session: Session, watches: Mapping[Place, Watch], at: datetime) -> None:
    organisation_id = organisation_of(session)
    rows = [
        {
            "organisation_id": organisation_id,
            "person_id": person_id,
            "tier_id": tier_id,
            "skill": skill,
            **{name: getattr(watch, name) for name in _STATE},
            "updated_at": at,
        }
        for (person_id, tier_id, skill), watch in sorted(watches.items())
    ]
    writing = insert_into(session, QualityWatch).values(rows)
    session.execute(
        writing.on_conflict_do_update(
            index_elements=["organisation_id", "person_id", "tier_id", "skill"],
            set_={name: writing.excluded[name] for name in (*_STATE, "updated_at")},
        )
    )


def _propose(session: Session, alarms: Iterable[Alarm], base_url: str, at: datetime) -> None:
    """One alarm of a person in a tier is enough: at most one proposal is open."""
    first = {(alarm.person_id, alarm.floor.tier_id): alarm for alarm in reversed(list(alarms))}
    for alarm in first.values():
        propose_suspension(
            session,
            person_id=alarm.person_id,
            tier_id=alarm.floor.tier_id,
            skill=alarm.floor.skill,
            floor=alarm.floor.at_least,
            evidence=as_json(alarm.watch, _answers(session, alarm)),
            base_url=base_url,
            at=at,
        )


def _answers(session: Session, alarm: Alarm) -> list[dict[str, Any]]:
    """The answers of the run that raised the alarm, in their order."""
    wanted = select(WorkOutcome).where(
        WorkOutcome.person_id == alarm.person_id,
        WorkOutcome.tier_slug == alarm.tier_slug,
        WorkOutcome.is_first,
        WorkOutcome.number >= alarm.watch.run_from,
    )
    if alarm.floor.skill is not None:
        wanted = wanted.where(WorkOutcome.skill == alarm.floor.skill)
    rows = session.scalars(wanted.order_by(WorkOutcome.number).limit(alarm.watch.run_tasks))
    return [
        {
            "number": row.number,
            "external_id": row.external_id,
            "task_id": row.task_id,
            "skill": row.skill,
            "kind": row.kind.value,
            "score": str(row.score),
            "occurred_at": instant(row.occurred_at),
        }
        for row in rows
    ]
