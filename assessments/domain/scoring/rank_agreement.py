"""How far two rankings of the same things agree: Kendall's tau, with and without ties, and the exact credit from it."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import sqrt
from typing import TypeVar

Id = TypeVar("Id")


def kendall_tau(first: Sequence[Id], second: Sequence[Id]) -> Fraction:
    """Return Kendall's tau of two sequences of the same ids, from -1 (reversed) to 1 (the same), without unit.

    It is (C - D) / N: of all N pairs, C stand in the same order in both sequences and D in the opposite one.

    Raises ValueError unless both name the same two or more ids, each once.

    Source: Kendall (1938), Biometrika 30(1/2), 81-93, doi:10.1093/biomet/30.1-2.81.
    """
    return tied_tau(first, [[entry] for entry in second])


def tied_tau(order: Sequence[Id], groups: Sequence[Sequence[Id]]) -> Fraction:
    """Return how far an order without ties agrees with a ranking that may have ties, from -1 to 1, without unit.

    `groups` are the ranks, best first; the ids of one group are tied. It is (C - D) / U: of the U pairs that the
    ranking does not tie, C stand in its order and D in the opposite one. That is tau-b (`kendall_tau_b`) divided by
    the greatest tau-b that an order without ties can reach against this ranking, so it is exact and can reach 1.

    Raises ValueError unless both name the same ids, each once, and at least two groups differ in rank.
    """
    concordant, discordant = count_pairs(order, groups)
    return Fraction(concordant - discordant, concordant + discordant)


def kendall_tau_b(order: Sequence[Id], groups: Sequence[Sequence[Id]]) -> float:
    """Return tau-b of an order without ties against a ranking that may have ties, from -1 to 1, without unit.

    It is (C - D) / sqrt(N U), with N all pairs and U those that the ranking (`groups`, best first) does not tie.

    Raises ValueError as `tied_tau` does.

    Source: Kendall (1945), Biometrika 33(3), 239-251, doi:10.1093/biomet/33.3.239.
    """
    concordant, discordant = count_pairs(order, groups)
    pairs = len(order) * (len(order) - 1) // 2
    return (concordant - discordant) / sqrt(pairs * (concordant + discordant))


def count_pairs(order: Sequence[Id], groups: Sequence[Sequence[Id]]) -> tuple[int, int]:
    """Return how many pairs of an order stand as in the ranking, and how many the other way; tied pairs are neither.

    Raises ValueError as `tied_tau` does.
    """
    rank = {entry: number for number, group in enumerate(groups) for entry in group}
    if len(order) != len(rank) or set(order) != rank.keys() or len(rank) != sum(map(len, groups)):
        raise ValueError("the two rankings must name the same ids, each once")
    differences = [rank[later] - rank[earlier] for earlier, later in combinations(order, 2)]
    concordant = sum(difference > 0 for difference in differences)
    discordant = sum(difference < 0 for difference in differences)
    if not concordant + discordant:
        raise ValueError("agreement takes two ids of different rank")
    return concordant, discordant
