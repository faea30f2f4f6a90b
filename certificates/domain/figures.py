"""Scores as certificates show them: cut off, never rounded up, so that none looks better than it is."""

from fractions import Fraction


def whole_percent(score: Fraction) -> int:
    """Return a score from 0 to 1 as whole percent."""
    return int(score * 100)


def fineness(score: Fraction) -> str:
    """Return a score from 0 to 1 in parts per thousand with three digits, as precious metal is marked."""
    return f"{int(score * 1000):03d}"
