"""Hypothesis strategies that build a matching content, key and response for each item type."""

from typing import Any

from hypothesis import strategies as st

from assessments.domain.schemas.base import InvalidKey
from assessments.domain.schemas.choice import ChoiceContent, ChoiceKey, ChoiceResponse
from assessments.domain.schemas.claim_verdict import (
    ClaimVerdictContent,
    ClaimVerdictKey,
    ClaimVerdictResponse,
    Verdict,
)
from assessments.domain.schemas.parts import Category, Criterion, Level, Option
from assessments.domain.schemas.rubric_score import (
    RubricScoreContent,
    RubricScoreKey,
    RubricScoreResponse,
)
from assessments.domain.schemas.span_highlight import (
    KeySpan,
    Span,
    SpanHighlightContent,
    SpanHighlightKey,
    SpanHighlightResponse,
    check_key,
)

Triple = tuple[Any, Any, Any]  # content, key, response
LINES = st.text("ab é漢🙂.", min_size=1, max_size=40).filter(lambda text: text.strip())
CATEGORIES = ("wrong-number", "wrong-entity", "unsupported")


@st.composite
def shares(draw: st.DrawFn, values: list[Any]) -> dict[Any, float]:
    """Shares in twentieths that sum to 1, of one or several of the values."""
    chosen = draw(st.lists(st.sampled_from(values), min_size=1, max_size=4, unique=True))
    cuts = [0, *sorted(draw(st.lists(st.integers(0, 20), min_size=len(chosen) - 1, max_size=len(chosen) - 1))), 20]
    return {value: (cuts[n + 1] - cuts[n]) / 20 for n, value in enumerate(chosen)}


@st.composite
def choice_items(draw: st.DrawFn, many: bool | None = None) -> Triple:
    """A choice item of two to six options (of either kind unless told), with a response that fits it."""
    ids = [f"o{number}" for number in range(draw(st.integers(2, 6)))]
    options = tuple(Option(id=name, text=draw(LINES)) for name in ids)
    content = ChoiceContent(prompt="Which?", options=options, many=draw(st.booleans()) if many is None else many)
    most = len(ids) - 1 if content.many else 1
    right = st.frozensets(st.sampled_from(ids), min_size=1, max_size=most)
    key = ChoiceKey(choices=draw(right), accepted=tuple(draw(st.lists(right, max_size=2))))
    ticked = st.frozensets(st.sampled_from(ids), max_size=len(ids) if content.many else 1)
    return content, key, ChoiceResponse(choices=draw(st.one_of(ticked, st.sampled_from(key.acceptable))))


@st.composite
def claim_verdict_items(draw: st.DrawFn) -> Triple:
    """A claim with one to six passages, a key with or without split experts, and a response."""
    passages = draw(st.lists(LINES, min_size=1, max_size=6))
    numbers = st.sampled_from(range(1, len(passages) + 1))
    distribution = draw(st.none() | shares(list(Verdict)))
    label = max(distribution, key=distribution.__getitem__) if distribution else draw(st.sampled_from(Verdict))
    least = 0 if label is Verdict.NOT_VERIFIABLE else 1
    key = ClaimVerdictKey(label=label, evidence=draw(st.frozensets(numbers, min_size=least)), distribution=distribution)
    response = ClaimVerdictResponse(
        label=draw(st.none() | st.sampled_from(Verdict)),
        evidence=draw(st.frozensets(numbers) | st.just(key.evidence)),
        confidence=draw(st.none() | st.floats(0, 1) | st.sampled_from([float(x) for x in key.shares.values()])),
    )
    return ClaimVerdictContent(claim="A claim.", evidence_title="Source", evidence=tuple(passages)), key, response


@st.composite
def _disjoint(draw: st.DrawFn, length: int, most: int) -> list[tuple[int, int]]:
    """Disjoint, not empty stretches of a text of that length."""
    bounds = sorted(draw(st.sets(st.integers(0, length), max_size=2 * most)))
    return list(zip(bounds[::2], bounds[1::2], strict=False))


def _any_stretches(length: int, most: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Stretches that may overlap, lie inside one another, or be the same."""
    ends = st.sets(st.integers(0, length), min_size=2, max_size=2).map(lambda ends: (min(ends), max(ends)))
    return st.lists(ends, max_size=most)


@st.composite
def _named_stretches(draw: st.DrawFn, length: int, most: int, overlapping: bool) -> list[dict[str, Any]]:
    """Stretches with categories, no two of them the same; disjoint unless told that they may overlap."""
    stretches = draw(_any_stretches(length, most) if overlapping else _disjoint(length, most))
    names = st.sampled_from(CATEGORIES)
    spans = dict.fromkeys((start, end, draw(names)) for start, end in stretches)
    return [{"start": start, "end": end, "category": category} for start, end, category in spans]


@st.composite
def span_highlight_items(draw: st.DrawFn, most_spans: int = 4, overlapping: bool = True, accepted: int = 2) -> Triple:
    """A text of 12 to 90 characters, a key that leaves some of it sound, and a response.

    Spans of the key and marks may overlap unless told otherwise; there are up to `accepted` further sets.
    """
    text = "🙂" + draw(st.text("ab é漢🙂.", min_size=10, max_size=88)) + "."
    categories = tuple(Category(id=name, title=name, rule="A rule.") for name in CATEGORIES)
    content = SpanHighlightContent(prompt="Mark.", text=text, categories=categories)
    some = _named_stretches(len(text), most_spans, overlapping)
    sets = [
        tuple(KeySpan(**span, critical=draw(st.booleans())) for span in draw(some))
        for _ in range(1 + draw(st.integers(0, accepted)))
    ]
    tolerance = draw(st.integers(0, 5))
    fitting = [
        spans for spans in sets if spans and _is_valid(content, SpanHighlightKey(spans=spans, tolerance=tolerance))
    ]
    key = SpanHighlightKey(spans=fitting[0] if fitting else (), accepted=tuple(fitting[1:]), tolerance=tolerance)
    exact = [span.model_dump(exclude={"critical"}) for span in draw(st.sampled_from(key.acceptable))]
    spans = draw(st.sampled_from([exact, _renamed(draw, exact), draw(some)]))
    no_errors = not spans and draw(st.booleans())
    return content, key, SpanHighlightResponse(spans=tuple(Span(**span) for span in spans), no_errors=no_errors)


def _renamed(draw: st.DrawFn, spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same stretches with any categories; no two the same."""
    names = st.sampled_from(CATEGORIES)
    renamed = [{**span, "category": draw(names)} for span in spans]
    return list({tuple(span.values()): span for span in renamed}.values())


def _is_valid(content: SpanHighlightContent, key: SpanHighlightKey) -> bool:
    try:
        check_key(content, key)
    except InvalidKey:
        return False
    return True


@st.composite
def rubric_score_items(draw: st.DrawFn) -> Triple:
    """One to four criteria of two to seven levels, experts who agree or not, and a response."""
    sizes = draw(st.lists(st.integers(2, 7), min_size=1, max_size=4))
    highest = {f"c{number}": size for number, size in enumerate(sizes)}
    criteria = tuple(
        Criterion(
            id=name,
            title=name,
            question="How well?",
            levels=tuple(Level(level=level, descriptor="What it takes.") for level in range(1, size + 1)),
        )
        for name, size in highest.items()
    )
    key = RubricScoreKey(
        levels={name: draw(st.integers(1, size) | shares(list(range(1, size + 1)))) for name, size in highest.items()}
    )
    given = {name: draw(st.none() | st.integers(1, size)) for name, size in highest.items()}
    levels = {name: level for name, level in given.items() if level is not None}
    content = RubricScoreContent(task="A task.", response="An answer.", criteria=criteria)
    return content, key, RubricScoreResponse(levels=levels)


ITEMS: dict[str, st.SearchStrategy[Triple]] = {
    "choice": choice_items(),
    "claim-verdict": claim_verdict_items(),
    "span-highlight": span_highlight_items(),
    "rubric-score": rubric_score_items(),
}
