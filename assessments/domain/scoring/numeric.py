"""Scores numbers: within the tolerance and in the right unit, or half for the number alone."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.numeric import (
    NumericContent,
    NumericKey,
    NumericResponse,
    Unit,
    check_key,
    check_response,
)
from assessments.domain.scores import ItemScore, Part, weigh

HALF = Fraction(1, 2)
_NUMBERS = re.compile(r"(?<![\w.])\d{1,12}(?:\.\d{1,12})?(?![\w.]*\d)", re.ASCII)


def score(content: NumericContent, key: NumericKey, response: NumericResponse) -> ItemScore:
    """Return 1 for the right number in the right unit, 1/2 for the right number without it, 0 for any other number.

    A number x in the key's unit is right when |x - value| is at most the tolerance, which the key states either as it
    is or as a share of |value|; a further value that the key accepts counts likewise. Where the key says how many of
    its unit one of another unit is, an answer in that unit is converted first: 1.5 km is as right as 1500 m.

    The unit is right when the number is right in it. A number that is right in one of these units, but stands
    without a unit or with another one, earns the half for the number. Where no unit is asked for, the number alone
    decides. All arithmetic is exact: no digit is rounded.
    """
    fitting = _fitting_units(key, response.value)
    number = Fraction(bool(fitting))
    if not content.units:
        return weigh(Part("number", number, Fraction(1)))
    unit = Fraction(response.unit in fitting)
    return weigh(Part("number", number, HALF), Part("unit", unit, HALF))


def full_response(content: NumericContent, key: NumericKey) -> NumericResponse:
    """Return a response that earns full score."""
    return NumericResponse(value=key.value, unit=key.unit)


def key_with(content: NumericContent, response: NumericResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response."""
    return {**key, **response.model_dump(mode="json")}


def wrong_answers(content: NumericContent, key: NumericKey) -> None:
    """There is no end of wrong numbers."""


def simple_strategies(content: NumericContent) -> dict[str, NumericResponse]:
    """Return the numbers of someone who has not read the question, by name of the strategy."""
    unit = content.units[0].id if content.units else None
    numbers = {f"always {number}": str(number) for number in (0, 1, 10, 100)}
    if stated := _NUMBERS.findall(f"{content.passage or ''} {content.prompt}"):
        numbers |= {"the first number there is": stated[0], "the last number there is": stated[-1]}
    return {name: NumericResponse(value=Decimal(number), unit=unit) for name, number in numbers.items()}


def _fitting_units(key: NumericKey, value: Decimal | None) -> frozenset[str | None]:
    """The units in which a number is right; None is the one of a key without unit."""
    if value is None:
        return frozenset()
    factors = [(key.unit, Decimal(1)), *key.factors.items()]
    return frozenset(unit for unit, factor in factors if _is_right(Fraction(value) * Fraction(factor), key))


def _is_right(given: Fraction, key: NumericKey) -> bool:
    """Whether a number in the key's unit lies within the tolerance of a value of the key."""
    rights = [Fraction(value) for value in (key.value, *key.accepted)]
    shares = (Fraction(key.absolute) + Fraction(key.relative) * abs(right) for right in rights)
    return any(abs(given - right) <= most for right, most in zip(rights, shares, strict=True))


TYPE = ItemType(
    name="numeric",
    title="Number",
    task="Give a number, with its unit where one is asked for.",
    content=NumericContent,
    key=NumericKey,
    response=NumericResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "1500 m, 1 % more or less; the answer is 1.51 km",
            NumericContent(
                prompt="The tunnel is three times as long as the bridge of 500 m. How long is it?",
                units=(Unit(id="m", title="m"), Unit(id="km", title="km")),
            ),
            NumericKey(value=Decimal(1500), unit="m", relative=Decimal("0.01"), factors={"km": Decimal(1000)}),
            NumericResponse(value=Decimal("1.51"), unit="km"),
        ),
        WorkedExample(
            "The same, answered with the right number and the wrong unit",
            NumericContent(
                prompt="The tunnel is three times as long as the bridge of 500 m. How long is it?",
                units=(Unit(id="m", title="m"), Unit(id="km", title="km")),
            ),
            NumericKey(value=Decimal(1500), unit="m", relative=Decimal("0.01"), factors={"km": Decimal(1000)}),
            NumericResponse(value=Decimal(1500), unit="km"),
        ),
    ),
)
