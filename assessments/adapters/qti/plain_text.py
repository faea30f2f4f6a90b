"""Markup becomes plain text: paragraphs, lists, raised figures and formulas are kept; pictures only by description."""

from collections import Counter
from collections.abc import Callable

from lxml import etree

from assessments.adapters.qti.flow import PLACE, Flow
from assessments.adapters.qti.formulas import MATHML, formula
from assessments.adapters.qti.markup import PASSAGE, PASSAGE_TITLE
from assessments.adapters.qti.notes import Notes, NotReadable

XINCLUDE = "{http://www.w3.org/2001/XInclude}include"

_BLOCK_NAMES = """address article aside blockquote caption contentBody dd details div dl dt fieldset figcaption figure
footer h1 h2 h3 h4 h5 h6 header hr itemBody main nav ol p prompt section simpleMatchSet stimulusBody summary ul"""
_INLINE_NAMES = """a abbr acronym b bdi bdo big cite code col colgroup dfn em font i kbd label mark picture rb rbc rp
rtc ruby samp small source span strong tbody tfoot thead time tt u var wbr"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_INLINE = frozenset(_INLINE_NAMES.split())
_ELSEWHERE = {"feedbackBlock", "feedbackInline", "modalFeedback", "stylesheet"}
_LEFT_OUT = {"catalogInfo", "infoControl"}
_OURS = {PASSAGE, PASSAGE_TITLE}
_ORDINALS = {"st", "nd", "rd", "th"}
_DRAWN = {"printedVariable", "templateBlock", "templateInline"}
_PICTURES = {"audio", "canvas", "embed", "iframe", "svg", "video"}
_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def text_of(
    element: etree._Element, notes: Notes, *, place: etree._Element | None = None, is_vital: bool = True
) -> str:
    """Return the text inside an element; `PLACE` stands where the interaction `place` does.

    What is read otherwise is noted. A picture or sound without a description raises NotReadable where the text is
    vital, for then nobody can say that the item makes sense without it; elsewhere it is noted and left out.
    """
    walk = _Walk(notes, place, is_vital)
    walk.inside(element)
    return walk.flow.text


def all_text(element: etree._Element) -> str:
    """All text inside an element as it stands in the document, without comments."""
    return "".join(str(part) for part in element.itertext("*"))


class _Walk:
    """One way through an element, depth first; documents are at most 100 levels deep."""

    def __init__(self, notes: Notes, place: etree._Element | None, is_vital: bool) -> None:
        self.flow = Flow()
        self.notes = notes
        self.place = place
        self.is_vital = is_vital
        self.entries: Counter[etree._Element | None] = Counter()  # of lists, so far
        self.has_brackets: dict[etree._Element | None, bool] = {}  # whether characters have readings in brackets

    def inside(self, element: etree._Element) -> None:
        self.flow.add(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self.element(child)
            self.flow.add(child.tail or "")

    def element(self, element: etree._Element) -> None:
        name = etree.QName(element).localname
        if element is self.place:
            self.stand(name)
        elif special := _SPECIAL.get(element.tag) or _SPECIAL.get(name):
            special(self, element)
        elif name in _PICTURES:
            self.lost(element, f"a <{name}>")
        elif name in _DRAWN:
            raise NotReadable(
                f"<{name}> is filled in when the item is drawn from its template; templates are not read", element
            )
        elif name in _ELSEWHERE or name.endswith("Interaction") or element.get("class") in _OURS:
            return
        elif name in _LEFT_OUT:
            self.notes.add(f"<{name}> was left out", element)
        elif name in _BLOCKS:
            self.block(element)
        else:
            if name not in _INLINE:
                self.notes.add(f"<{name}> was read as the text inside it", element)
            self.inside(element)

    def stand(self, name: str) -> None:
        if name == "textEntryInteraction":
            self.flow.add(PLACE)
            return
        self.flow.part(2)
        self.flow.add(PLACE)
        self.flow.part(2)

    def text_inside(self, element: etree._Element) -> str:
        """The text inside an element, to be put into this walk in one piece."""
        return text_of(element, self.notes, place=self.place, is_vital=self.is_vital)

    def block(self, element: etree._Element) -> None:
        self.flow.part(2)
        self.inside(element)
        self.flow.part(2)

    def lost(self, element: etree._Element, what: str) -> None:
        """Something to see or hear has no description."""
        if self.is_vital:
            raise NotReadable(f"{what} has no description; items are plain text, so it would be lost", element)
        self.notes.add(f"{what} without a description was left out", element)


def _line_end(walk: _Walk, element: etree._Element) -> None:
    walk.flow.end_line()


def _exactly(walk: _Walk, element: etree._Element) -> None:
    walk.flow.part(2)
    if text := all_text(element).strip("\n"):
        walk.flow.add_exactly(text)
    walk.flow.part(2)


def _entry(walk: _Walk, element: etree._Element) -> None:
    parent = element.getparent()
    walk.entries[parent] += 1
    is_numbered = parent is not None and parent.tag == "ol"
    walk.flow.begin_entry(f"{walk.entries[parent]}." if is_numbered else "•")
    walk.inside(element)
    walk.flow.end_entry()


def _picture(walk: _Walk, element: etree._Element) -> None:
    source, description = element.get("src", ""), element.get("alt")
    if description is None:
        walk.lost(element, f"the picture {source}")
    elif description.strip():
        walk.flow.add(f"[{description.strip()}]")
        walk.notes.add(f"the picture {source} was left out; its description stands in its place", element)
    else:
        walk.notes.add(f"the picture {source} was left out; its empty description says that it is decoration", element)


def _object(walk: _Walk, element: etree._Element) -> None:
    source = element.get("data", "")
    if not all_text(element).strip():
        walk.lost(element, f"the object {source}")
        return
    walk.notes.add(f"the object {source} was left out; the text inside it stands in its place", element)
    walk.block(element)


def _script(marks: dict[int, int], sign: str) -> Callable[[_Walk, etree._Element], None]:
    def write(walk: _Walk, element: etree._Element) -> None:
        inner = walk.text_inside(element)
        if all(ord(character) in marks for character in inner):
            walk.flow.add_exactly(inner.translate(marks))
        elif inner in _ORDINALS:
            walk.flow.add_exactly(inner)
        else:
            walk.flow.add_exactly(f"{sign}{inner}" if len(inner) == 1 else f"{sign}({inner})")

    return write


def _table(walk: _Walk, element: etree._Element) -> None:
    walk.notes.add("a table was written as lines, its cells parted by |", element)
    walk.block(element)


def _row(walk: _Walk, element: etree._Element) -> None:
    """A row with one cell that is not empty is a line of text: tables often serve for layout alone."""
    cells = [walk.text_inside(cell).replace("\n", " ") for cell in element if cell.tag in {"td", "th"}]
    filled = [cell for cell in cells if cell]
    walk.flow.part(1)
    if filled:
        walk.flow.add_exactly(" | ".join(cells) if len(filled) > 1 else filled[0])
    walk.flow.part(1)


def _reading(walk: _Walk, element: etree._Element) -> None:
    """How a character is read (ruby): in brackets, unless the document has some of its own."""
    parent = element.getparent()
    if parent not in walk.has_brackets:
        walk.has_brackets[parent] = parent is not None and parent.find("rp") is not None
    inner = walk.text_inside(element)
    walk.flow.add_exactly(inner if walk.has_brackets[parent] else f"({inner})")


def _quote(walk: _Walk, element: etree._Element) -> None:
    walk.flow.add_exactly(f"“{walk.text_inside(element)}”")


def _rubric(walk: _Walk, element: etree._Element) -> None:
    """Rubrics are parts of the text only for candidates; those for others are read elsewhere."""
    if "candidate" in element.get("view", "").split():
        walk.block(element)


def _included(walk: _Walk, element: etree._Element) -> None:
    raise NotReadable(
        f"part of the text is included from {element.get('href', 'elsewhere')}; inclusions are not followed", element
    )


def _formula(walk: _Walk, element: etree._Element) -> None:
    walk.flow.add_exactly(formula(element))
    walk.notes.add("a formula was written as a line of text", element)


_SPECIAL: dict[str, Callable[[_Walk, etree._Element], None]] = {
    "br": _line_end,
    "pre": _exactly,
    "li": _entry,
    "img": _picture,
    "object": _object,
    "sup": _script(_RAISED, "^"),
    "sub": _script(_LOWERED, "_"),
    "table": _table,
    "tr": _row,
    "rt": _reading,
    "q": _quote,
    "rubricBlock": _rubric,
    XINCLUDE: _included,
    **{f"{{{namespace}}}math": _formula for namespace in MATHML},
}
