"""Spellings of short texts: when two are the same, and how many typing errors lie between them."""

import re
import unicodedata

SHORTEST_FORGIVEN = 4  # letters; in a shorter word one typing error makes another word

_NEGATIVE = re.compile(r"-\d")
_ONE_KIND = str.maketrans(dict.fromkeys("’‘‛ʼ`´", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—―−", "-"))


def normal_form(text: str, *, is_case_sensitive: bool = False) -> str:
    """Return the text in the one spelling in which answers are compared.

    Compatible characters become one (NFKC: full-width letters, ligatures, accents set apart), and so do kinds of quote
    and of dash; runs of space become one space, punctuation is dropped at both ends, and letter case unless it
    counts. A minus before a digit stays, and so does a text of nothing but punctuation.
    """
    one_kind = unicodedata.normalize("NFKC", text.translate(_ONE_KIND))
    words = " ".join(one_kind.translate(_ONE_KIND).split())
    start, end = 0, len(words)
    while start < end and _is_edge(words[start]) and not _NEGATIVE.match(words, start):
        start += 1
    while end > start and _is_edge(words[end - 1]):
        end -= 1
    kept = words[start:end] or words
    return kept if is_case_sensitive else unicodedata.normalize("NFKC", kept.casefold())


def typing_errors(typed: str, meant: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped with their neighbour; `most` + 1 for more.

    It is the optimal string alignment distance: each letter is touched once at most.

    Source: Damerau (1964), Communications of the ACM 7(3), 171-176, doi:10.1145/363958.363994.
    """
    if abs(len(typed) - len(meant)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(meant) + 1))
    for i, letter in enumerate(typed, start=1):
        row = [i]
        for j, other in enumerate(meant, start=1):
            cost = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return min(last[-1], most + 1)


def count_letters(text: str) -> int:
    """Return how many letters and digits a text has."""
    return sum(character.isalnum() for character in text)


def _is_edge(character: str) -> bool:
    """Whether a character is punctuation or space; signs such as + and % belong to the text."""
    return unicodedata.category(character)[0] in "PZC" and character not in "%#&@*"
