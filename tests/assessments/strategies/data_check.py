"""Hypothesis strategies for data checks."""

from hypothesis import strategies as st

from assessments.domain.schemas.data_check import DataCheckContent, DataCheckKey, DataCheckResponse
from assessments.domain.schemas.parts import Category
from tests.assessments.item_strategies import LINES, Triple


@st.composite
def data_check_items(draw: st.DrawFn) -> Triple:
    """Two to seven rows of one to four cells, one to four faults, a key that leaves a row sound, and a response."""
    width, height = draw(st.integers(1, 4)), draw(st.integers(2, 7))
    ids = [f"f{number}" for number in range(draw(st.integers(1, 4)))]
    content = DataCheckContent(
        prompt=draw(LINES),
        rules=draw(st.none() | LINES),
        columns=tuple(draw(LINES) for _ in range(width)),
        rows=tuple(tuple(draw(LINES | st.just("")) for _ in range(width)) for _ in range(height)),
        faults=tuple(Category(id=name, title=draw(LINES), rule=draw(LINES)) for name in ids),
    )
    fault, row = st.sampled_from(ids), st.integers(1, height)
    rows = draw(st.dictionaries(row, fault, max_size=height - 1))
    further = st.frozensets(fault, min_size=1)
    accepted = draw(st.dictionaries(st.sampled_from(sorted(rows)), further)) if rows else {}
    key = DataCheckKey(rows=rows, accepted=accepted)
    marks = draw(st.dictionaries(row, fault) | st.just(rows) | st.just(dict.fromkeys(rows, ids[0])))
    return content, key, DataCheckResponse(rows=marks, no_faults=not marks and draw(st.booleans()))
