"""Safe reading of XML from strangers: no document types, no entities, nothing fetched, everything bounded."""

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from assessments.adapters.exchange import UnreadableFile

MOST_BYTES = 5_000_000
MOST_LEVELS = 100
MOST_NODES = 200_000  # elements, attributes, comments and processing instructions together
MOST_OUTSIDE = 100  # comments and instructions before and after the root, which the parser is slow with

# What a document may say it is written in, and how Python reads it.
ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "utf-16": "utf-16",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252",
}

_STEP = 64 * 1024  # bytes that are parsed before the bounds are looked at again
_NO_DOCTYPE = "the document declares a DOCTYPE; expected XML without one, and so without entities of its own"
_SPACE = re.compile(r"[ \t\r\n]*")
_DECLARATION = re.compile(r"<\?xml[ \t\r\n][^>]{0,200}\?>")
_ENCODING = re.compile(rb"""<\?xml[ \t\r\n][^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_PLACE = re.compile(r",? line \d+, column \d+.*", re.DOTALL)


class UnsafeXml(UnreadableFile):
    """The document is not well-formed, or asks for what we do not do; the message says what, and what was expected.

    `line` is where, counted from 1; None where the document as a whole is meant.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def parse(data: bytes) -> etree._Element:
    """Return the root element of a document; its elements know their lines (`sourceline`).

    Raises UnsafeXml for documents over 5 MB, 100 levels or 200,000 nodes, for any DOCTYPE (so that there are no
    entities beyond the five of XML itself), for encodings other than those of `ENCODINGS`, and for faults of syntax.
    Schemas that a document names are never looked at, and XInclude is never followed.
    """
    if len(data) > MOST_BYTES:
        raise UnsafeXml(f"the document has {len(data):,} bytes; at most {MOST_BYTES:,} are read")
    text = _decode(data)
    _refuse_doctype(text)
    # Without its declaration and in one encoding, the parser sees the very text that was just looked at.
    return _build(_DECLARATION.sub(_line_ends, text, count=1) if text.startswith("<?xml") else text)


def _decode(data: bytes) -> str:
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    named = declared[1].decode("ascii").lower() if declared else "utf-8"
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        named = "utf-16"
    if named not in ENCODINGS:
        raise UnsafeXml(f"the document says that it is in the encoding {named}; expected UTF-8", 1)
    try:
        return data.decode(ENCODINGS[named])
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise UnsafeXml(f"byte {fault.start:,} is not {named.upper()}; expected a document in UTF-8", line) from None


def _line_ends(declaration: re.Match[str]) -> str:
    return "\n" * declaration[0].count("\n")


def _refuse_doctype(text: str) -> None:
    """A document type can stand only before the root, among comments and instructions: refuse it unparsed."""
    at = _after_space(text, 0)
    for _ in range(MOST_OUTSIDE):
        if not text.startswith(("<!--", "<?"), at):
            break
        begin, end = ("<!--", "-->") if text.startswith("<!--", at) else ("<?", "?>")
        stop = text.find(end, at + len(begin))
        if stop < 0:
            return  # the parser will say so
        at = _after_space(text, stop + len(end))
    else:
        raise UnsafeXml(f"more than {MOST_OUTSIDE} comments stand before the first element")
    if text[at : at + 9].upper() == "<!DOCTYPE":
        raise UnsafeXml(_NO_DOCTYPE, text.count("\n", 0, at) + 1)


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _build(text: str) -> etree._Element:
    """Parse step by step, so that a document beyond the bounds is dropped at its first node too many."""
    data = text.encode("utf-8")
    parser = etree.XMLPullParser(
        events=("start", "end", "comment", "pi"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8",
    )
    bounds = _Bounds()
    try:
        for at in range(0, len(data), _STEP):
            parser.feed(data[at : at + _STEP])
            bounds.count(parser.read_events())
        root = parser.close()
    except etree.XMLSyntaxError as fault:
        bounds.count(parser.read_events())  # too deep is said in our words, not in the parser's
        raise _fault_of_syntax(parser, fault) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeXml(_NO_DOCTYPE)
    return root


def _fault_of_syntax(parser: etree.XMLPullParser, fault: etree.XMLSyntaxError) -> UnsafeXml:
    """The first thing that the parser found wrong; what it raises is the last."""
    for first in parser.feed_error_log:
        return UnsafeXml(f"not well-formed XML: {first.message.strip()[:200]}", first.line)
    said = _PLACE.sub("", str(fault.msg or "it cannot be parsed"))[:200]
    return UnsafeXml(f"not well-formed XML: {said}", fault.lineno or None)


class _Bounds:
    """Counts what has been built so far."""

    def __init__(self) -> None:
        self.level = 0
        self.nodes = 0
        self.outside = 0

    def count(self, events: Iterable[tuple[str, Any]]) -> None:
        """Raise UnsafeXml at the first node that is one too many or too deep."""
        for event, node in events:
            if event == "end":
                self.level -= 1
                continue
            self.nodes += 1
            if event == "start":
                self.level += 1
                self.nodes += len(node.attrib)
            elif self.level == 0:
                self.outside += 1
            if self.outside > MOST_OUTSIDE:
                raise UnsafeXml(f"more than {MOST_OUTSIDE} comments stand around the root element", node.sourceline)
            if self.level > MOST_LEVELS:
                raise UnsafeXml(f"elements stand more than {MOST_LEVELS} deep in each other", node.sourceline)
            if self.nodes > MOST_NODES:
                raise UnsafeXml(f"more than {MOST_NODES:,} elements and attributes; at most so many", node.sourceline)
