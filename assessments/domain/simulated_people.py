"""Simulated people for demonstrations: how likely somebody of an ability is to get an item right.

Source: Rasch (1960), Probabilistic Models for Some Intelligence and Attainment Tests.
"""

from math import exp

# The authors' bands on the scale of ability (logits); 0 is the ability of the average simulated person.
DIFFICULTY = {"easy": -1.5, "medium": -0.3, "hard": 0.8}


def probability_right(ability: float, difficulty: str) -> float:
    """The probability (0 to 1) that somebody of this ability (logits) answers an item of this band rightly."""
    return 1 / (1 + exp(DIFFICULTY[difficulty] - ability))
