"""Curves of the ornaments as PDF paths: waves and rosettes, as an engraver's lathe draws them."""

from collections.abc import Callable
from math import cos, pi, sin

Point = tuple[float, float]
# A cubic Bezier curve from crest to trough follows a cosine when its handles are this share of the way long.
COSINE_HANDLE = 0.3642
# The same for a quarter of a circle.
CIRCLE_HANDLE = 0.5523


def wave(start: float, length: float, *, amplitude: float, half_waves: int) -> str:
    """A cosine along the x axis, one Bezier segment a half wave."""
    step = length / half_waves
    path = [f"{start:.2f} {amplitude:.2f} m"]
    for index in range(half_waves):
        begin, here = start + index * step, amplitude if index % 2 == 0 else -amplitude
        there = -here
        handles = f"{begin + COSINE_HANDLE * step:.2f} {here:.2f} {begin + (1 - COSINE_HANDLE) * step:.2f} {there:.2f}"
        path.append(f"{handles} {begin + step:.2f} {there:.2f} c")
    return " ".join(path)


def rosette(*, inner: float, outer: float, petals: int, phase: float, points: int) -> str:
    """A closed line around the origin whose distance swings between two radii; `phase` turns it, in radians."""
    middle, swing = (outer + inner) / 2, (outer - inner) / 2

    def at(index: int) -> Point:
        angle = 2 * pi * index / points
        radius = middle + swing * cos(petals * angle + phase)
        return radius * cos(angle), radius * sin(angle)

    return _smooth(at, points)


def ellipse(across: float, down: float) -> str:
    """A closed ellipse around the origin with these half axes."""
    x, y = across * CIRCLE_HANDLE, down * CIRCLE_HANDLE
    return (
        f"{-across} 0 m {-across} {y:.2f} {-x:.2f} {down} 0 {down} c {x:.2f} {down} {across} {y:.2f} {across} 0 c "
        f"{across} {-y:.2f} {x:.2f} {-down} 0 {-down} c {-x:.2f} {-down} {-across} {-y:.2f} {-across} 0 c h"
    )


def _smooth(at: Callable[[int], Point], points: int) -> str:
    """A closed Catmull-Rom curve through the points, written as Bezier segments."""
    first = at(0)
    path = [f"{first[0]:.2f} {first[1]:.2f} m"]
    for index in range(points):
        before, here, there, after = (at(index + offset) for offset in (-1, 0, 1, 2))
        one = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        two = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        path.append(f"{one[0]:.2f} {one[1]:.2f} {two[0]:.2f} {two[1]:.2f} {there[0]:.2f} {there[1]:.2f} c")
    return " ".join([*path, "h"])
