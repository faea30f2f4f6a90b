"""A regraded attempt: its result is replaced, what was before is kept, and the person is told why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.results import Result
from assessments.domain.scores import as_stored
from assessments.events import AttemptRegraded
from assessments.models.attempts import Attempt
from assessments.models.regrades import Regrade, RegradeChange
from assessments.models.results import ItemResult
from assessments.operations.releasing import stored_result
from assessments.operations.replacing_results import (
    replace_result,
    scores_in_words,
    skills_as_json,
    verdict_in_words,
)
from assessments.operations.scoring_attempts import ScoredPosition
from assessments.queries.tests import TestSummary
from lms.accounts.models import Person
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.events import announce
from lms.mail.operations import send_mail


@dataclass(frozen=True, slots=True)
class Change:
    """What a regrade makes of one attempt."""

    attempt: Attempt
    place: ScoredPosition
    positions: Sequence[ScoredPosition]
    result: Result
    terms: TestSummary
    old_points: Fraction | None

    @property
    def new_points(self) -> Fraction | None:
        return None if self.place.is_dropped else as_stored(self.place.score.points)

    @property
    def old_score(self) -> Fraction:
        assert self.attempt.score is not None  # a CHECK: graded attempts have one
        return self.attempt.score

    @property
    def is_change(self) -> bool:
        same = (self.old_points, self.old_score, self.attempt.has_passed)
        return same != (self.new_points, as_stored(self.result.score), self.result.has_passed)


def change_values(regrade_id: UUID, change: Change) -> dict[str, Any]:
    """A change as it is stored."""
    return {
        "regrade_id": regrade_id,
        "attempt_id": change.attempt.id,
        "position": change.place.position,
        "old_points": change.old_points,
        "new_points": change.new_points,
        "old_score": change.old_score,
        "new_score": as_stored(change.result.score),
        "had_passed": bool(change.attempt.has_passed),
        "has_passed": change.result.has_passed,
        "was_released": change.attempt.released_at is not None,
    }


def apply_change(session: Session, regrade: Regrade, change: Change, *, base_url: str, at: datetime) -> None:
    """Replace the result of an attempt, whose row the caller holds; announce and tell it where it was told before."""
    attempt, result = change.attempt, change.result
    values = {**change_values(regrade.id, change), "applied_at": at, "replaced": _replaced(session, change)}
    session.execute(
        insert_into(session, RegradeChange)
        .values(**values, organisation_id=organisation_of(session))
        .on_conflict_do_update(index_elements=["regrade_id", "attempt_id"], set_=values)
    )
    old_score, had_passed = change.old_score, bool(attempt.has_passed)
    replace_result(session, attempt, change.positions, result, change.terms)
    is_told = (old_score, had_passed) != (as_stored(result.score), result.has_passed)
    if attempt.released_at is None or not is_told:
        return
    assert regrade.approved_by is not None  # a CHECK: who committed it is known
    announce(
        session,
        AttemptRegraded(
            result=stored_result(session, attempt_id=attempt.id, at=at),
            regrade_id=regrade.id,
            approved_by=regrade.approved_by,
            reason=regrade.reason,
            had_passed=had_passed,
            old_score=old_score,
        ),
    )
    _write_to_person(session, regrade, change, old_score, had_passed, base_url=base_url, at=at)


def _replaced(session: Session, change: Change) -> dict[str, Any]:
    """The parts of the old result that stand nowhere else."""
    attempt_id, position = change.attempt.id, change.place.position
    parts = session.scalars(
        select(ItemResult.parts).where(ItemResult.attempt_id == attempt_id, ItemResult.position == position)
    ).first()
    return {
        "standard_error": change.attempt.standard_error,
        "parts": parts,
        "skills": skills_as_json(session, attempt_id),
    }


def _write_to_person(
    session: Session,
    regrade: Regrade,
    change: Change,
    old_score: Fraction,
    had_passed: bool,
    *,
    base_url: str,
    at: datetime,
) -> None:
    person = session.get_one(Person, change.attempt.person_id)
    if person.email is None:  # whoever left is written to no more
        return
    title, facts = change.terms.title, {"number": change.place.position, "reason": regrade.reason}
    what = (
        _("Question %(number)s was faulty and does not count any more. %(reason)s", **facts)
        if change.place.is_dropped
        else _("The key of question %(number)s was wrong and has been repaired. %(reason)s", **facts)
    )
    send_mail(
        session,
        to_name=person.name,
        to=person.email,
        subject=_("Your result has changed: %(test)s", test=title),
        body=_(
            "Hello %(name)s,\n\nthe result of your test “%(test)s” has changed.\n\n%(what)s\n\n%(moved)s "
            "%(verdict)s\n\n%(address)s\n",
            name=person.name,
            test=title,
            what=what,
            moved=scores_in_words(old_score, change.result.score),
            verdict=verdict_in_words(had_passed, change.result.has_passed),
            address=f"{base_url}/attempts/{change.attempt.id}/result",
        ),
        at=at,
    )
