"""Replacing the result of a graded attempt: what was before as it is kept, and in words what changed."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assessments.domain.results import Result
from assessments.domain.scores import as_stored, percent_in_tenths
from assessments.models.attempts import Attempt
from assessments.models.results import ItemResult, SkillResult
from assessments.operations.grading import store_details
from assessments.operations.scoring_attempts import ScoredPosition
from assessments.queries.tests import TestSummary


def replace_result(
    session: Session, attempt: Attempt, positions: Sequence[ScoredPosition], result: Result, terms: TestSummary
) -> None:
    """Store another result of an attempt, whose row the caller holds; what was before is for the caller to keep."""
    for table in (ItemResult, SkillResult):
        session.execute(delete(table).where(table.attempt_id == attempt.id))
    store_details(session, attempt.id, positions, result, terms)
    attempt.score, attempt.standard_error = result.score, result.standard_error
    attempt.has_passed = result.has_passed
    session.flush()


def skills_as_json(session: Session, attempt_id: UUID) -> list[dict[str, Any]]:
    """The skills of a stored result, to be kept when it is replaced."""
    skills = session.scalars(select(SkillResult).where(SkillResult.attempt_id == attempt_id).order_by(SkillResult.rank))
    return [
        {
            "skill": skill.skill,
            "score": str(skill.score),
            "item_count": skill.item_count,
            "standard_error": skill.standard_error,
        }
        for skill in skills
    ]


def scores_in_words(old: Fraction, new: Fraction) -> str:
    """From how much to how much a score (0 to 1) changed, as one sentence."""
    scores = {"old": percent_in_tenths(old), "new": percent_in_tenths(new)}
    if as_stored(old) == as_stored(new):
        return str(_("Your score stays at %(new)s %%.", new=scores["new"]))
    if new > old:
        return str(_("Your score rose from %(old)s %% to %(new)s %%.", **scores))
    return str(_("Your score fell from %(old)s %% to %(new)s %%.", **scores))


def verdict_in_words(had_passed: bool, has_passed: bool) -> str:
    """What that means for the verdict, as one or two sentences."""
    if has_passed and not had_passed:
        return str(_("You have passed the test now."))
    if had_passed and not has_passed:
        return str(
            _("That is below the cut. If you hold a certificate for this test, it stays valid while people look at it.")
        )
    return str(_("You have still passed.") if has_passed else _("The test is still not passed."))
