"""Sequences of ids: whether one is a permutation of another, and how many pairs stand alike."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from assessments.domain.schemas.base import echo_names


def check_permutation(expected: Sequence[str], given: Sequence[str], error: type[ValueError]) -> None:
    """Raise the error unless `given` names each of the expected ids exactly once."""
    if unknown := set(given) - set(expected):
        raise error(f"unknown entries {echo_names(unknown)}; they are {', '.join(sorted(expected))}")
    if len(given) != len(set(given)):
        raise error(f"an entry stands twice; each of {', '.join(sorted(expected))} stands once")
    if missing := set(expected) - set(given):
        raise error(f"{len(missing)} of {len(expected)} entries have no place yet: {echo_names(missing)}")


def take_places(data: Any) -> Any:
    """Return a raw response with the `order` that its `places` state: the number of each entry's place, from 1.

    Forms state places and programs an order; what has no places is returned as it is. Raises ValueError for places
    that are none, and for two entries at one place.
    """
    if not isinstance(data, dict) or "places" not in data:
        return data
    places = data["places"]
    if not isinstance(places, dict):
        raise ValueError("places should be an object")
    numbers = list(places.values())
    if not all(isinstance(number, int) and not isinstance(number, bool) and number >= 1 for number in numbers):
        raise ValueError("a place should be a whole number, 1 or more")
    if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
        raise ValueError(f"two entries stand at place {twice[0]}; give each a place of its own")
    rest = {name: value for name, value in data.items() if name != "places"}
    return {**rest, "order": sorted(places, key=lambda entry: places[entry])}


def is_better_than_chance(shown: Sequence[str], right: Sequence[str]) -> bool:
    """Whether more pairs of two sequences of the same ids stand in the same order than in the opposite one."""
    place = {entry: number for number, entry in enumerate(right)}
    return sum(1 if place[a] < place[b] else -1 for a, b in combinations(shown, 2)) > 0
