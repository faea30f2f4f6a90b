"""Scores rewrites: checks find what was mended and kept, markers judge the rest."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.rewritten import is_unchanged
from assessments.domain.schemas.essay import LONGEST
from assessments.domain.schemas.parts import Criterion, Level
from assessments.domain.schemas.rewrite import (
    Check,
    RewriteContent,
    RewriteKey,
    RewriteResponse,
    check_key,
    check_response,
    passes,
)
from assessments.domain.scores import ItemScore, Part, weigh

CHECKS, MARKING = Fraction(4, 10), Fraction(6, 10)


def score(content: RewriteContent, key: RewriteKey, response: RewriteResponse) -> ItemScore:
    """Return 4/10 checks + 6/10 marking; where the item has no criteria for markers, the checks are all.

    - Checks: of what must be mended, the share that is mended, times, of what must be kept, the share that is kept
      (1 where nothing must be). Something is mended or kept when one of certain phrases stands in the text, or when
      none of certain others does; letter case, punctuation and spaces do not count. So both the unchanged response
      and an empty text earn 0.
    - Marking: a marker gives the text a level on each criterion of the rubric. On a scale of k levels a level earns
      (level - 1) / (k - 1); the points are the mean over the criteria, and over the markers where there are several.

    An empty text waits for no marker, nor does the response as it stood: both earn 0 there, too.

    The checks and the weights are ours.
    """
    counts = {
        "mended": sum(_holds(check, response.text) for check in key.must_fix),
        "to_mend": len(key.must_fix),
        "kept": sum(_holds(check, response.text) for check in key.must_keep),
        "to_keep": len(key.must_keep),
    }
    points = Fraction(counts["mended"], counts["to_mend"]) * _share(counts["kept"], counts["to_keep"])
    if not content.criteria:
        return weigh(Part("checks", points, Fraction(1), counts))
    checks = Part("checks", points, CHECKS, counts)
    if not response.text.strip() or is_unchanged(content.response, response.text):
        return weigh(checks, Part("marking", Fraction(0), MARKING))
    return weigh(checks, waiting={"marking": MARKING})


def full_response(content: RewriteContent, key: RewriteKey) -> RewriteResponse:
    """Return the exemplary rewrite: it passes every check, and a marker would give it full points."""
    return RewriteResponse(text=key.exemplar)


def key_with(content: RewriteContent, response: RewriteResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose exemplary rewrite is this response; its checks stay, for no text states them."""
    return {**key, "exemplar": response.text}


def wrong_answers(content: RewriteContent, key: RewriteKey) -> None:
    """There is no end of texts."""


def simple_strategies(content: RewriteContent) -> dict[str, RewriteResponse]:
    """Return the texts of someone who corrects nothing, by name of the strategy."""
    words = content.response.split()
    texts = {
        "leave the response as it stands": content.response,
        "write nothing": "",
        "keep the first half of the response": " ".join(words[: len(words) // 2]),
        "copy the reference": content.reference or content.task,
        "put the reference before the response": f"{content.reference or content.task}\n\n{content.response}",
    }
    return {name: RewriteResponse(text=text[:LONGEST]) for name, text in texts.items()}


def _holds(check: Check, text: str) -> bool:
    return bool(text.strip()) and passes(check, text)


def _share(count: int, of: int) -> Fraction:
    return Fraction(count, of) if of else Fraction(1)


def _levels(*descriptors: str) -> Sequence[Level]:
    return [Level(level=number, descriptor=text) for number, text in enumerate(descriptors, start=1)]


_NOTICE = RewriteContent(
    task="Tell the tenants when the water is turned off.",
    prompt="Correct what the notice gets wrong, and keep the rest.",
    reference_title="From the plumber’s letter",
    reference="We turn off the water on Tuesday, 4 June, from 9 to 11 in the morning. The heating is not affected.",
    response="Fill a bucket before you leave: on Wednesday, 4 June, the water is off from 9 to 11, and the heating.",
    criteria=(
        Criterion(
            id="plainness",
            title="Plainness",
            question="Do tenants understand at once what they have to know?",
            levels=tuple(_levels("They do not.", "They have to read it twice.", "They do.")),
        ),
    ),
)
_NOTICE_KEY = RewriteKey(
    must_fix=(
        Check(id="day", title="The right day of the week", any_of=("Tuesday",), none_of=("Wednesday",)),
        Check(id="heating", title="The heating stays on", any_of=("not affected", "stays on", "works as usual")),
    ),
    must_keep=(
        Check(id="hours", title="The hours", any_of=("9 to 11",)),
        Check(id="bucket", title="The advice", any_of=("bucket",)),
    ),
    exemplar="Fill a bucket before you leave: on Tuesday, 4 June, the water is off from 9 to 11. The heating stays on.",
)
TYPE = ItemType(
    name="rewrite",
    title="Rewrite",
    task="Correct a response, so that what is wrong goes and what is right stays.",
    content=RewriteContent,
    key=RewriteKey,
    response=RewriteResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "One of two faults is mended, hours and advice are kept; the rest waits for a marker",
            _NOTICE,
            _NOTICE_KEY,
            RewriteResponse(text="Fill a bucket: on Tuesday, 4 June, the water and the heating are off from 9 to 11."),
        ),
        WorkedExample(
            "Where no marker judges, the checks are all; both faults are mended, but the advice is lost",
            _NOTICE.model_copy(update={"criteria": ()}),
            _NOTICE_KEY,
            RewriteResponse(text="On Tuesday, 4 June, the water is off from 9 to 11. The heating stays on."),
        ),
    ),
)
