"""Feedback on a turn review: the turns whose label differs from the experts', with both labels and the rule."""

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from assessments.domain.schemas.parts import Category
from assessments.domain.schemas.turn_review import TurnReviewContent, TurnReviewKey, TurnReviewResponse
from assessments.domain.scores import ItemScore, Part
from assessments.domain.scoring.turn_review import full_response
from assessments.web.feedback.verdicts import verdict_of


@dataclass(frozen=True, slots=True)
class TurnFeedback:
    """One turn: the label given (None when left out), the one that most experts gave, and all their shares."""

    number: int
    given: Category | None
    best: Category
    backing: Fraction
    shares: list[tuple[Category, Fraction]]


def feedback(
    content: TurnReviewContent, key: TurnReviewKey, response: TurnReviewResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, how many turns `agreed` of all `reviewed`, and the turns that `differ`."""
    best = full_response(content, key).labels
    turns = [_compare(content, key, turn, response.labels.get(turn), best[turn]) for turn in content.reviewed]
    differ = [turn for turn in turns if turn.backing < max(share for _label, share in turn.shares)]
    return {
        "verdict": verdict_of(score.points),
        "agreed": len(turns) - len(differ),
        "reviewed": len(turns),
        "differ": differ,
    }


def explain(content: TurnReviewContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which labels are right."""
    (part,) = parts
    counts = part.counts
    said = [_("%(agreed)s of %(reviewed)s turns labelled as most experts did", **counts)]
    if counts["labelled"] < counts["reviewed"]:
        said.append(_("%(labelled)s of %(reviewed)s turns labelled at all", **counts))
    return said


def _compare(content: TurnReviewContent, key: TurnReviewKey, turn: int, given: str | None, best: str) -> TurnFeedback:
    labels = {label.id: label for label in content.labels}
    shares = key.shares(turn)
    return TurnFeedback(
        number=turn,
        given=labels[given] if given else None,
        best=labels[best],
        backing=shares.get(given, Fraction(0)) if given else Fraction(0),
        shares=sorted(((labels[name], share) for name, share in shares.items()), key=lambda pair: -pair[1]),
    )
