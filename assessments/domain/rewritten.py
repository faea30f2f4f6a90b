"""Rewritten texts: whether anything was changed, and what, word by word."""

import re
from collections import Counter

from assessments.domain.word_differences import Kind, word_differences

# Pairs of like words up to which two texts are compared. Two texts of a page each have some ten thousand; a text that
# repeats one word thousands of times has more, and comparing it would take seconds.
MOST_PAIRS = 60_000


def is_unchanged(original: str, rewritten: str) -> bool:
    """Whether two texts are the same but for space."""
    return original.split() == rewritten.split()


def changes(original: str, rewritten: str) -> list[tuple[Kind, str]] | None:
    """Return the pieces of both texts in order: kept, deleted, inserted; None where words repeat too often to tell."""
    before, after = (Counter(re.findall(r"\w+|[^\w\s]", text)) for text in (original, rewritten))
    if sum(count * after[word] for word, count in before.items()) > MOST_PAIRS:
        return None
    return word_differences(original, rewritten)
