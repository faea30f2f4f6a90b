"""The faces of a page, cut down to the glyphs that are used; what was cut once is kept, for most pages use the same."""

from collections import OrderedDict
from functools import partial
from io import BytesIO
from string import ascii_letters, digits
from typing import Any

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # fontTools publishes no types
from weasyprint.pdf.fonts import Font

# What differs from one certificate to the next, by the face in which it is set: a face that has all of it is cut once.
_DIFFERS = {
    b"Noto-Sans": f"{ascii_letters}{digits}-_",
    b"Noto-Sans-Bold": f"{ascii_letters}{digits}-_",
    b"Noto-Serif-Display": f"{ascii_letters} -.'",
}
_MOST_CUTS = 64  # of about 10 kB


class FacesInUse(dict[Any, Any]):
    """The fonts that WeasyPrint finds in one document, by its own keys."""

    def __init__(self, cutter: "Cutter") -> None:
        super().__init__()
        self._cutter = cutter

    def __setitem__(self, key: Any, font: Any) -> None:
        font.clean = partial(self._cutter.cut, font)  # WeasyPrint has no other place to step in
        super().__setitem__(key, font)


class Cutter:
    """Cuts faces down to some glyphs. Which they are follows from a page alone, not from what was set before it."""

    def __init__(self) -> None:
        self._cuts: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self._always: dict[tuple[bytes, int], frozenset[int]] = {}

    def cut(self, font: Any, used: dict[int, str], hinting: bool) -> None:
        """Exchange the file of a font for one with the glyphs that are used, and those that are on other pages."""
        if "fvar" in font.tables or not used:  # a variable font is made static as well, as it is used here
            Font.clean(font, used, hinting)
            return
        face = (font.name.partition(b"+")[2], font.index)
        if face not in self._always:
            self._always[face] = _glyphs(font, _DIFFERS.get(face[0], ""))
        glyphs = self._always[face].union(used)
        key = (face, glyphs, hinting, bool(font.missing))
        if key not in self._cuts:
            Font.clean(font, dict.fromkeys(glyphs, ""), hinting)
            self._cuts[key] = font.file_content
        self._cuts.move_to_end(key)
        font.file_content = self._cuts[key]
        if len(self._cuts) > _MOST_CUTS:
            self._cuts.popitem(last=False)


def _glyphs(font: Any, letters: str) -> frozenset[int]:
    """The numbers of the glyphs that a face has for some letters."""
    if not letters:
        return frozenset()
    face = TTFont(BytesIO(font.file_content), fontNumber=font.index, lazy=True)
    names = face.getBestCmap()
    return frozenset(face.getGlyphID(names[ord(letter)]) for letter in letters if ord(letter) in names)
