"""Hypothesis strategies for essays."""

from hypothesis import strategies as st

from assessments.domain.schemas.essay import EssayContent, EssayKey, EssayResponse
from assessments.domain.schemas.parts import Criterion, Level
from tests.assessments.item_strategies import LINES, Triple

TEXTS = st.text("ab é漢🙂.\n", max_size=60)


@st.composite
def criteria(draw: st.DrawFn, fewest: int = 1) -> tuple[Criterion, ...]:
    """Up to three criteria of two to five levels."""
    sizes = draw(st.lists(st.integers(2, 5), min_size=fewest, max_size=3))
    return tuple(
        Criterion(
            id=f"c{number}",
            title=draw(LINES),
            question=draw(LINES),
            levels=tuple(Level(level=level, descriptor=draw(LINES)) for level in range(1, size + 1)),
        )
        for number, size in enumerate(sizes)
    )


@st.composite
def essay_items(draw: st.DrawFn) -> Triple:
    """An essay with or without limits of length, an exemplary text, and a response that may be empty."""
    fewest, most = sorted((draw(st.integers(1, 100)), draw(st.integers(1, 100))))
    content = EssayContent(
        prompt=draw(LINES),
        reference=draw(st.none() | LINES),
        fewest_words=draw(st.sampled_from([None, fewest])),
        most_words=draw(st.sampled_from([None, most])),
        criteria=draw(criteria()),
    )
    key = EssayKey(exemplar=draw(LINES), notes=draw(st.none() | LINES))
    return content, key, EssayResponse(text=draw(TEXTS | st.just(key.exemplar)))
