"""Hypothesis strategies for short texts."""

from hypothesis import strategies as st

from assessments.domain.schemas.short_text import AcceptedText, ShortTextContent, ShortTextKey, ShortTextResponse
from tests.assessments.item_strategies import LINES, Triple

WORDS = st.text("abé'-. ", min_size=1, max_size=9).filter(lambda text: text.strip())


@st.composite
def short_text_items(draw: st.DrawFn) -> Triple:
    """A question, one to four accepted texts of which one at least is fully right, and a response."""
    texts = draw(st.lists(WORDS, min_size=1, max_size=4, unique_by=str.strip))
    points = [1.0, *(draw(st.sampled_from([0.25, 0.5, 0.8, 1.0])) for _ in texts[1:])]
    answers = [AcceptedText(text=text, points=worth) for text, worth in zip(texts, points, strict=True)]
    key = ShortTextKey(
        answers=tuple(draw(st.permutations(answers))),
        is_case_sensitive=draw(st.booleans()),
        typos=draw(st.integers(0, 3)),
    )
    typed = draw(WORDS | st.just("") | st.sampled_from(texts))
    return ShortTextContent(prompt=draw(LINES)), key, ShortTextResponse(text=typed)
