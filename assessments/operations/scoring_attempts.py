"""Scoring attempts: a pure function of frozen versions, answers that count, marks and committed regrades."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.domain.results import GradedItem, Result, grade
from assessments.domain.schemas.base import Key
from assessments.domain.schemas.parts import Criterion
from assessments.domain.scores import ItemScore, with_marks
from assessments.domain.scoring.marking import criteria_of, points_of_marks
from assessments.models.attempts import FormItem, Response
from assessments.models.items import AnswerKey
from assessments.models.marks import Mark
from assessments.queries.late_answers_in_force import get_late_answers_that_count, has_accepted_late_answers
from assessments.queries.regrades_in_force import CountingKey, Supposed, get_keys_in_force, was_regraded
from assessments.queries.tests import TestSummary
from assessments.queries.versions import get_versions


@dataclass(frozen=True, slots=True)
class ScoredPosition:
    """The score of one position of a form. A position that is not scored is tried out: it counts for nothing.

    A dropped one was scored once, until a regrade took it out; `key_id` is the key that counts.
    """

    position: int
    version_id: UUID
    key_id: UUID
    skill: str
    is_scored: bool
    score: ItemScore
    criteria: tuple[Criterion, ...]  # by which markers judge what waits
    is_dropped: bool = False

    @property
    def counts(self) -> bool:
        return self.is_scored and not self.is_dropped


def score_attempt(session: Session, attempt_id: UUID) -> list[ScoredPosition]:
    """Every position of one attempt in order."""
    return score_attempts(session, [attempt_id])[attempt_id]


def score_attempts(
    session: Session,
    attempt_ids: Iterable[UUID],
    *,
    supposing: Supposed | None = None,
    accepting: Collection[UUID] = (),
) -> dict[UUID, list[ScoredPosition]]:
    """Every position of each attempt in order, in two statements, and one each where marks, regrades or late answers
    matter.

    Without a response a position is scored as empty, with marks it waits no more. `supposing` is a regrade that is
    taken as committed after all others; `accepting` are attempts whose late answers are taken as accepted.
    """
    wanted = list(attempt_ids)
    rows = session.execute(
        select(
            FormItem.attempt_id,
            FormItem.position,
            FormItem.is_scored,
            FormItem.item_version_id,
            FormItem.answer_key_id,
            AnswerKey.key,
            was_regraded(),
            has_accepted_late_answers(),
        )
        .join(AnswerKey, AnswerKey.id == FormItem.answer_key_id)
        .where(FormItem.attempt_id.in_(wanted))
        .order_by(FormItem.attempt_id, FormItem.position)
    ).all()
    versions = get_versions(session, [row.item_version_id for row in rows])
    regraded = {row.item_version_id for row in rows if row.was_regraded}
    in_force = get_keys_in_force(session, regraded).supposing(supposing)
    late = get_late_answers_that_count(
        session, {row.attempt_id for row in rows if row.has_accepted_late_answers} | set(accepting)
    )
    answers = {**_answers(session, wanted), **late}
    keys = _Keys()
    scored: dict[UUID, list[ScoredPosition]] = {attempt_id: [] for attempt_id in wanted}
    for row in rows:
        version = versions[row.item_version_id]
        counting = in_force.key_for(row.item_version_id, row.answer_key_id, row.key)
        kind = item_type(version.type)
        answered = kind.response.model_validate(answers.get((row.attempt_id, row.position), {}))
        score = kind.score(version.content, keys.parsed(version.type, counting), answered)
        scored[row.attempt_id].append(
            ScoredPosition(
                position=row.position,
                version_id=version.id,
                key_id=counting.id,
                skill=version.skill,
                is_scored=row.is_scored,
                score=score,
                criteria=criteria_of(version.content),
                is_dropped=counting.is_dropped,
            )
        )
    marked = _with_marks(session, scored, late)
    return {attempt_id: _keep_a_question(places) for attempt_id, places in marked.items()}


def result_of(positions: Sequence[ScoredPosition], terms: TestSummary) -> Result | None:
    """The result that these positions add up to; None while one that counts waits for a marker."""
    counting = [place for place in positions if place.counts]
    if not all(place.score.is_complete for place in counting):
        return None
    return grade([GradedItem(place.skill, place.score.points) for place in counting], terms.cut_score)


class _Keys:
    """Keys as values, each parsed once however many attempts have it."""

    def __init__(self) -> None:
        self._parsed: dict[UUID, Key] = {}

    def parsed(self, type_name: str, counting: CountingKey) -> Key:
        if counting.id not in self._parsed:
            self._parsed[counting.id] = item_type(type_name).key.model_validate(counting.raw)
        return self._parsed[counting.id]


def _answers(session: Session, attempt_ids: list[UUID]) -> dict[tuple[UUID, int], dict[str, Any]]:
    rows = session.execute(
        select(Response.attempt_id, Response.position, Response.response).where(Response.attempt_id.in_(attempt_ids))
    )
    return {(attempt_id, position): response for attempt_id, position, response in rows}


def _with_marks(
    session: Session, scored: Mapping[UUID, list[ScoredPosition]], late: Collection[tuple[UUID, int]]
) -> dict[UUID, list[ScoredPosition]]:
    """A late answer that counts has no marks: what markers read there was another one."""
    waiting = [one for one, places in scored.items() if any(place.score.waiting for place in places)]
    if not waiting:
        return dict(scored)
    marks: dict[tuple[UUID, int], list[Mapping[str, int]]] = defaultdict(list)
    rows = session.execute(select(Mark.attempt_id, Mark.position, Mark.levels).where(Mark.attempt_id.in_(waiting)))
    for attempt_id, position, levels in rows:
        if (attempt_id, position) not in late:
            marks[(attempt_id, position)].append(levels)
    return {
        attempt_id: [_marked(place, marks.get((attempt_id, place.position), ())) for place in places]
        for attempt_id, places in scored.items()
    }


def _marked(place: ScoredPosition, marks: Sequence[Mapping[str, int]]) -> ScoredPosition:
    if not marks or not place.score.waiting:
        return place
    points = points_of_marks(place.criteria, marks)
    return replace(place, score=with_marks(place.score, dict.fromkeys(place.score.waiting, points)))


def _keep_a_question(places: list[ScoredPosition]) -> list[ScoredPosition]:
    """Where every scored question was dropped there is nothing left to score by: then all of them count."""
    if any(place.counts for place in places):
        return places
    return [replace(place, is_dropped=False) for place in places]
