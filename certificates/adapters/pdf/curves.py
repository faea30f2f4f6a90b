"""Curves of the ornaments as SVG paths: waves and rosettes, as an engraver's lathe draws them."""

from collections.abc import Callable
from math import cos, pi, sin

Point = tuple[float, float]
# A cubic Bezier curve from crest to trough follows a cosine when its handles are this share of the way long.
COSINE_HANDLE = 0.3642


def wave(start: float, length: float, *, amplitude: float, half_waves: int) -> str:
    """A cosine along the x axis, one Bezier segment a half wave."""
    step = length / half_waves
    path = f"M{start:.2f} {amplitude:.2f}"
    for index in range(half_waves):
        begin, here = start + index * step, amplitude if index % 2 == 0 else -amplitude
        there = -here
        handles = f"{begin + COSINE_HANDLE * step:.2f} {here:.2f} {begin + (1 - COSINE_HANDLE) * step:.2f} {there:.2f}"
        path += f"C{handles} {begin + step:.2f} {there:.2f}"
    return path


def rosette(*, inner: float, outer: float, petals: int, phase: float, points: int) -> str:
    """A closed line around the origin whose distance swings between two radii; `phase` turns it, in radians."""
    middle, swing = (outer + inner) / 2, (outer - inner) / 2

    def at(index: int) -> Point:
        angle = 2 * pi * index / points
        radius = middle + swing * cos(petals * angle + phase)
        return radius * cos(angle), radius * sin(angle)

    return _smooth(at, points)


def _smooth(at: Callable[[int], Point], points: int) -> str:
    """A closed Catmull-Rom curve through the points, written as Bezier segments."""
    first = at(0)
    path = f"M{first[0]:.2f} {first[1]:.2f}"
    for index in range(points):
        before, here, there, after = (at(index + offset) for offset in (-1, 0, 1, 2))
        one = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        two = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        path += f"C{one[0]:.2f} {one[1]:.2f} {two[0]:.2f} {two[1]:.2f} {there[0]:.2f} {there[1]:.2f}"
    return path + "Z"
