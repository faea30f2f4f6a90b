"""Feedback on a match: each entry's partner beside the one that it was given."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import ngettext

from assessments.domain.schemas.match import MatchContent, MatchKey, MatchResponse
from assessments.domain.scores import ItemScore, Part
from assessments.web.feedback.verdicts import verdict_of


class Difference(StrEnum):
    """How the partner given stands to the right one."""

    NONE = "none"
    MISSED = "missed"
    WRONG = "wrong"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class PairFeedback:
    """One entry, the text of the target that it was given (None without one), and of those that are right for it."""

    entry: str
    given: str | None
    right: list[str]
    difference: Difference


def feedback(content: MatchContent, key: MatchKey, response: MatchResponse, score: ItemScore) -> dict[str, object]:
    """Return `verdict`, and the `pairs` with what differed in each."""
    pairs = []
    for entry in content.entries:
        given, right = response.pairs.get(entry.id), key.acceptable(entry.id)
        shown = next((target.text for target in content.targets if target.id == given), None)
        names = [target.text for target in content.targets if target.id in right]
        pairs.append(PairFeedback(entry.text, shown, names, _difference(given, right)))
    return {"verdict": verdict_of(score.points), "pairs": pairs}


def _difference(given: str | None, right: frozenset[str]) -> Difference:
    if given in right or (given is None and not right):
        return Difference.NONE
    if not right:
        return Difference.EXTRA
    return Difference.MISSED if given is None else Difference.WRONG


def explain(content: MatchContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which pairs are right."""
    (part,) = parts
    counts = part.counts
    said = [
        ngettext(
            "%(num)s of %(pairs)s pairs is right", "%(num)s of %(pairs)s pairs are right", counts["right"], **counts
        )
    ]
    if counts["needless"]:
        said.append(
            ngettext(
                "%(num)s entry was matched that has no partner",
                "%(num)s entries were matched that have no partner",
                counts["needless"],
            )
        )
    return said
