"""Word differences: what was taken out of a text and what was put in, word by word."""

import re
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "deleted", "inserted"]

# A word or another mark with the space before it; joined they are the text.
_PIECE = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")


def word_differences(old: str, new: str) -> list[tuple[Kind, str]]:
    """Return the pieces of both texts in order: the same in both, deleted from the old one, inserted in the new one.

    Joined without the inserted pieces they are the old text, without the deleted ones the new text. No piece is
    empty, and no two neighbours are of one kind; of a change, what was deleted comes first.
    """
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    pieces: list[tuple[Kind, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        removed, added = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            pieces.append(("same", removed))
            continue
        if removed:
            pieces.append(("deleted", removed))
        if added:
            pieces.append(("inserted", added))
    return pieces
