"""The words of a text, so that a form can name them by number: where each begins and ends, in code points."""

import re

# Scripts that put no space between words: there each character, with its marks, is a word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = (
    "\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef"
    "\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec8-\u0ecd"
    "\u102b-\u103e\u17b6-\u17d3\u3099\u309a"
)
_PUNCTUATION = ".,;:!?…\"“”„‚‘’'«»‹›()\\[\\]{}¡¿*#/|·、。，．！？；：「」『』（）《》〈〉【】،؛؟۔।॥"
_DASHES = "–—―"
_EDGE = rf"[^\s{_UNSPACED}{_PUNCTUATION}{_DASHES}\-]"
_INSIDE = rf"[^\s{_UNSPACED}{_DASHES}]"
_WORD = re.compile(rf"[{_UNSPACED}][{_MARKS}]*|{_EDGE}(?:{_INSIDE}*{_EDGE})?")

Word = tuple[int, int]


def words_of(text: str) -> list[Word]:
    """Return (start, end) of each word, as in a slice; punctuation around a word belongs to none."""
    return [match.span() for match in _WORD.finditer(text)]


def words_in(words: list[Word], start: int, end: int) -> tuple[int, int] | None:
    """Return the numbers (first is 1) of the first and last word that a stretch touches, or None."""
    touched = [number for number, word in enumerate(words, start=1) if word[0] < end and start < word[1]]
    return (touched[0], touched[-1]) if touched else None
