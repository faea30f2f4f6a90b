"""Feedback on a ranking: each entry's place beside the one that the experts gave it, and how they differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from flask_babel import gettext as _

from assessments.domain.schemas.ranking import ExpertRanking, RankingContent, RankingKey, RankingResponse
from assessments.domain.scores import ItemScore, Part
from assessments.web.feedback.verdicts import verdict_of
from assessments.web.views.places import LETTERS

QUOTED = 90  # characters of an entry by which a reader knows it again


class Difference(StrEnum):
    """How the place of an entry stands to the experts'."""

    NONE = "none"
    TOO_HIGH = "too-high"
    TOO_LOW = "too-low"


@dataclass(frozen=True, slots=True)
class EntryFeedback:
    """One entry: its letter, how it begins, the places that the experts leave to it (first to last), the one given."""

    letter: str
    quote: str
    first: int
    last: int
    given: int | None
    difference: Difference


def feedback(
    content: RankingContent, key: RankingKey, response: RankingResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, whether the list `is_untouched`, and the `entries` in the experts' order.

    That is the ranking which agrees best with all experts; `share` is the share of them who gave it.
    """
    best = max(key.rankings, key=lambda ranking: key.agreement(ranking.order(content.shown)))
    return {
        "verdict": verdict_of(score.points),
        "is_untouched": not response.order,
        "entries": _compare(content, best, response.order),
        "share": Fraction(best.experts, sum(ranking.experts for ranking in key.rankings)),
    }


def explain(content: RankingContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which entry belongs where."""
    (part,) = parts
    if not part.counts:
        return [_("the list was left as it was shown")]
    return [_("%(alike)s of %(pairs)s pairs stand as most experts have them", **part.counts)]


def _compare(content: RankingContent, best: ExpertRanking, order: Sequence[str]) -> list[EntryFeedback]:
    names = {entry.id: (letter, _quote(entry.text)) for letter, entry in zip(LETTERS, content.entries, strict=False)}
    compared: list[EntryFeedback] = []
    for group in best.groups:
        first, last = len(compared) + 1, len(compared) + len(group)
        for entry in (shown for shown in content.shown if shown in group):
            given = order.index(entry) + 1 if order else None
            compared.append(EntryFeedback(*names[entry], first, last, given, _difference(given, first, last)))
    return compared


def _difference(given: int | None, first: int, last: int) -> Difference:
    if given is None or first <= given <= last:
        return Difference.NONE
    return Difference.TOO_HIGH if given < first else Difference.TOO_LOW


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else line[:QUOTED].rsplit(" ", 1)[0] + "…"
