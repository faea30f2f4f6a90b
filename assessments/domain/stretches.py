"""Stretches of a text, (start, end) as in a slice: their size, their overlap, their core and halo."""

from collections.abc import Iterable, Sequence

Stretch = tuple[int, int]


def merge(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the same characters as disjoint stretches in order."""
    merged: list[Stretch] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def size(disjoint: Iterable[Stretch]) -> int:
    """Return how many characters disjoint stretches hold."""
    return sum(end - start for start, end in disjoint)


def overlap(first: Sequence[Stretch], second: Sequence[Stretch]) -> int:
    """Return how many characters two lists share, each of them disjoint."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in first for b in second)


def core(stretch: Stretch, tolerance: int) -> Stretch:
    """Return the stretch shrunk by the tolerance at both ends; its middle one or two characters remain."""
    start, end = stretch
    cut = min(tolerance, (end - start - 1) // 2)
    return start + cut, end - cut


def halo(stretch: Stretch, tolerance: int, length: int) -> Stretch:
    """Return the stretch widened by the tolerance at both ends, inside a text of that length."""
    start, end = stretch
    return max(0, start - tolerance), min(length, end + tolerance)
