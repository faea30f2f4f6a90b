"""The evidence of a proposal to suspend: what was counted, replayed answer by answer; as JSON, and read from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from certificates.domain.quality_watch import THRESHOLD, Watch
from certificates.domain.work_quality import UNITS, Estimate, estimate


@dataclass(frozen=True, slots=True)
class Answer:
    """One first answer of the run that raised the alarm; `level` is the evidence after it, as a share of the alarm."""

    number: int
    external_id: str
    task_id: str
    skill: str
    kind: str
    score: Fraction
    occurred_at: datetime
    level: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a person who decides looks at: the run that raised the alarm, and everything since the floor was set."""

    floor: Fraction
    run: Estimate
    everything: Estimate
    answers: tuple[Answer, ...]


def as_json(watch: Watch, answers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is kept of an alarm. `answers` are those of the run, plain JSON, in the order of their numbers."""
    return {
        "floor": str(watch.floor),
        "threshold": THRESHOLD,
        "level": watch.level,
        "run": {"from": watch.run_from, "tasks": watch.run_tasks, "points": watch.run_points},
        "all": {"tasks": watch.tasks, "points": watch.points},
        "answers": [dict(answer) for answer in answers],
    }


def read_evidence(kept: Mapping[str, Any]) -> Evidence:
    """Return what was kept, with the level after each answer replayed."""
    floor = Fraction(kept["floor"])
    return Evidence(
        floor=floor,
        run=estimate(kept["run"]["tasks"], kept["run"]["points"]),
        everything=estimate(kept["all"]["tasks"], kept["all"]["points"]),
        answers=tuple(_replayed(Watch(floor), kept["answers"], kept["threshold"])),
    )


def _replayed(watch: Watch, answers: Iterable[Mapping[str, Any]], threshold: int) -> Iterable[Answer]:
    for kept in answers:
        score = Fraction(kept["score"])
        watch = watch.take(number=kept["number"], points=int(score * UNITS))
        yield Answer(
            number=kept["number"],
            external_id=kept["external_id"],
            task_id=kept["task_id"],
            skill=kept["skill"],
            kind=kept["kind"],
            score=score,
            occurred_at=datetime.fromisoformat(kept["occurred_at"]),
            level=watch.level / threshold,
        )
