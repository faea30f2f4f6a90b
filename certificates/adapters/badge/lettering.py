"""Lettering of pictures: lines that fit, and each script in a font that has it."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

# Em widths of serif letters, generous, because the picture is drawn with whatever fonts there are.
_NARROW, _USUAL, _BROAD, _SQUARE = 0.34, 0.62, 0.9, 1.08
_BOLDER = 1.08  # times as wide
_NARROW_LETTERS = frozenset(" .,:;'|!()[]-iIjlftrІі’‘")
_BROAD_LETTERS = frozenset("mwQOGDHNUKRCЖМФДЫжшщюмфы&ΩΜΘωœæ")
_SQUARE_LETTERS = frozenset("MWШЩЮŒÆ@%—…")
_SQUARE_NAMES = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "IDEOGRAPHIC"})
_BROAD_NAMES = frozenset({"TAMIL", "MALAYALAM", "ETHIOPIC", "KHMER", "MYANMAR", "SINHALA", "CUNEIFORM", "EGYPTIAN"})
_HAN_FONTS = {"HIRAGANA": "JP", "KATAKANA": "JP", "HANGUL": "KR"}
_RIGHT_TO_LEFT = ("R", "AL")
_RIGHT_TO_LEFT_ISOLATE, _END_OF_ISOLATE = "\u2067", "\u2069"
_UNSEEN = frozenset({"Cc", "Cs", "Cf", "Co", "Cn"})
_JOINERS = "\u200c\u200d"
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Lines:
    """Text broken into lines that fit at a size, in the units of the picture."""

    lines: tuple[str, ...]
    size: float


def em_width(text: str) -> float:
    """Return about how wide a text is in regular weight, in em: rather too much than too little."""
    return sum(map(_letter_width, text))


def fit(text: str, *, width: float, sizes: tuple[float, ...], most_lines: int, is_bold: bool = False) -> Lines:
    """Return the text at the first of the sizes at which it fits without a broken word.

    At the last one words are broken, and what does not fit is cut off.
    """
    words = " ".join(text.split())
    for size in sizes:
        ems = width / size / (_BOLDER if is_bold else 1)
        lines = _broken(words, ems)
        is_whole = size == sizes[-1] or max(map(em_width, words.replace("-", "- ").split(" "))) <= ems
        if len(lines) <= most_lines and is_whole:
            return Lines(tuple(lines), size)
    kept = lines[:most_lines]
    kept[-1] = kept[-1].rstrip()[:-1] + ELLIPSIS
    return Lines(tuple(kept), sizes[-1])


def text_spans(text: str) -> str:
    """The text as SVG: a `tspan` a script, because few fonts hold more than their own."""
    runs = list(_runs(visible(text)))
    if _is_right_to_left(text):
        # Renderers of pictures know isolates, but not the attribute `direction`.
        (first, letters), (last, _letters) = runs[0], runs[-1]
        runs = [(first, _RIGHT_TO_LEFT_ISOLATE + letters), *runs[1:], (last, _END_OF_ISOLATE)]
    return "".join(f'<tspan font-family="{_fonts_of(script)}">{escape(run)}</tspan>' for script, run in runs)


def visible(text: str) -> str:
    """Without what XML cannot hold and what steers direction: a name is to keep to its place."""
    return "".join(c for c in text if unicodedata.category(c) not in _UNSEEN or c in _JOINERS)


def _is_right_to_left(text: str) -> bool:
    """Whether its first letter that has a direction says so, as with dir=auto."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in directions if kind in ("L", *_RIGHT_TO_LEFT)), "L") != "L"


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """The scripts of a text with their letters, in order; marks and spaces go with the letter before them."""
    scripts, last = [], ""
    for letter in text:
        if letter.isalpha():
            last = _script_of(letter)
        scripts.append((last, letter))
    for script, letters in groupby(scripts, key=lambda pair: pair[0]):
        yield script, "".join(letter for _script, letter in letters)


def _script_of(letter: str) -> str:
    """The first word of a character's Unicode name, which for letters names the script."""
    return unicodedata.name(letter, "").partition(" ")[0]


def _fonts_of(script: str) -> str:
    if script in _SQUARE_NAMES:
        region = _HAN_FONTS.get(script, "SC")
        return f"Noto Serif CJK {region}, Noto Sans CJK {region}, serif"
    if script in ("", "LATIN", "CYRILLIC", "GREEK"):
        return "Noto Serif, Georgia, serif"
    own = script.title()
    return f"Noto Naskh {own}, Noto Serif {own}, Noto Sans {own}, serif"


def _letter_width(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    if letter in _NARROW_LETTERS:
        return _NARROW
    if letter in _BROAD_LETTERS:
        return _BROAD
    if letter in _SQUARE_LETTERS:
        return _SQUARE
    script = _script_of(letter)
    if script in _SQUARE_NAMES or unicodedata.east_asian_width(letter) in ("W", "F"):
        return _SQUARE
    if script in _BROAD_NAMES:
        return _SQUARE if letter.isalpha() else _BROAD
    return _BROAD if letter.isupper() and script != "LATIN" else _USUAL + (0.1 if letter.isupper() else 0)


def _broken(words: str, ems: float) -> list[str]:
    """Lines of at most this many em, broken at spaces, and within a word that is longer than a line."""
    lines, line = [], ""
    for piece in (piece for word in words.replace("-", "-\n").split(" ") for piece in _pieces(word, ems)):
        longer = line + piece if line.endswith("-") or not line else f"{line} {piece}"
        if line and em_width(longer) > ems:
            lines.append(line)
            line = piece
        else:
            line = longer
    return [*lines, line]


def _pieces(word: str, ems: float) -> Iterator[str]:
    """The word in pieces that fit a line: parted after its hyphens, then anywhere, but no mark from its letter."""
    for part in filter(None, word.split("\n")):
        piece = ""
        for letter in part:
            if piece and em_width(piece + letter) > ems and not unicodedata.category(letter).startswith("M"):
                yield piece
                piece = ""
            piece += letter
        yield piece
