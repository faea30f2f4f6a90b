"""Hypothesis strategies for numbers."""

from decimal import Decimal

from hypothesis import strategies as st

from assessments.domain.schemas.numeric import NumericContent, NumericKey, NumericResponse, Unit
from tests.assessments.item_strategies import Triple

VALUES = st.decimals(-(10**6), 10**6, places=3)
SMALL = st.decimals(0, 50, places=2)
FACTORS = st.sampled_from(["1000", "0.001", "2.54", "60", "0.3048", "1"]).map(Decimal)


@st.composite
def numeric_items(draw: st.DrawFn) -> Triple:
    """A number with none to four units, some of which convert, a tolerance of either kind or none, and a response."""
    units = [f"u{number}" for number in range(draw(st.integers(0, 4)))]
    content = NumericContent(prompt="How many of 7?", units=tuple(Unit(id=name, title=name) for name in units))
    unit = draw(st.sampled_from(units)) if units else None
    others = [name for name in units if name != unit]
    convertible = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    tolerance = draw(st.sampled_from(["absolute", "relative", "none"]))
    key = NumericKey(
        value=draw(VALUES),
        unit=unit,
        absolute=draw(SMALL) if tolerance == "absolute" else Decimal(0),
        relative=draw(SMALL) / 100 if tolerance == "relative" else Decimal(0),
        factors={name: draw(FACTORS) for name in convertible},
        accepted=tuple(draw(st.lists(VALUES, max_size=2))),
    )
    given = draw(st.none() | VALUES | st.sampled_from([key.value, key.value + key.absolute, *key.accepted]))
    chosen = draw(st.none() | st.sampled_from(units)) if units else None
    return content, key, NumericResponse(value=given, unit=chosen)
