"""The questions of a released result: what each earned and why, in sentences, without giving away a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.queries.attempts import get_responses
from assessments.queries.results import QuestionResult, list_question_results
from assessments.queries.versions import Version, get_versions
from assessments.web.item_views import ITEM_VIEWS


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question; `points` are text of two decimals, cut off, None where none were given."""

    position: int
    type: str
    kind: str
    share: float
    points: str | None
    explanation: str


def explain_questions(session: Session, attempt_id: UUID) -> list[QuestionRow]:
    """The rows of a graded attempt in at most three statements."""
    results = list_question_results(session, attempt_id)
    versions = get_versions(session, [result.version_id for result in results])
    responses = {position: stored.response for position, stored in get_responses(session, attempt_id).items()}
    return [_row(result, versions[result.version_id], responses.get(result.position, {})) for result in results]


def two_decimals(points: Fraction) -> str:
    """Points as text, cut off and never rounded up: no score looks better than it is."""
    hundredths = int(points * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _row(result: QuestionResult, version: Version, answered: Mapping[str, object]) -> QuestionRow:
    counts = result.is_scored and result.points is not None
    return QuestionRow(
        position=result.position,
        type=version.type,
        kind=str(_(item_type(version.type).title)),
        share=float(result.points or 0),
        points=two_decimals(result.points) if counts and result.points is not None else None,
        explanation=_as_sentence(_explanation(result, version, answered)),
    )


def _explanation(result: QuestionResult, version: Version, answered: Mapping[str, object]) -> str:
    if not result.is_scored:
        return str(_("tried out, not scored"))
    if result.points is None:  # a scored question has points, unless a regrade dropped it
        return str(_("faulty, so it does not count any more"))
    view = ITEM_VIEWS[version.type]
    if not view.is_answered(item_type(version.type).response.model_validate(answered)):
        return str(_("left open"))
    said = view.explain(version.content, result.parts) if result.parts else []
    return ", ".join(said) or _in_general(result.points)


def _as_sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _in_general(points: Fraction | None) -> str:
    """For kinds with nothing to count, and for results from before counts were kept."""
    if points is None:
        return "–"
    return str(_("right") if points == 1 else _("partly right") if points else _("not right"))
