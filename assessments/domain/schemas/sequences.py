"""Sequences of ids: whether one is a permutation of another, and how many pairs stand alike."""

from collections.abc import Sequence
from itertools import combinations

from assessments.domain.schemas.base import echo_names


def check_permutation(expected: Sequence[str], given: Sequence[str], error: type[ValueError]) -> None:
    """Raise the error unless `given` names each of the expected ids exactly once."""
    if unknown := set(given) - set(expected):
        raise error(f"unknown entries {echo_names(unknown)}; they are {', '.join(sorted(expected))}")
    if len(given) != len(set(given)):
        raise error(f"an entry stands twice; each of {', '.join(sorted(expected))} stands once")
    if missing := set(expected) - set(given):
        raise error(f"{echo_names(missing)} is missing; each of {', '.join(sorted(expected))} stands once")


def is_better_than_chance(shown: Sequence[str], right: Sequence[str]) -> bool:
    """Whether more pairs of two sequences of the same ids stand in the same order than in the opposite one."""
    place = {entry: number for number, entry in enumerate(right)}
    return sum(1 if place[a] < place[b] else -1 for a, b in combinations(shown, 2)) > 0
