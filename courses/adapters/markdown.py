"""Markdown: a lesson's body becomes segments of sanitised HTML and places of practice items."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.container import container_plugin

from courses.adapters.sanitising import LINK_SCHEMES, sanitise
from courses.domain.drafts import Heading, Segment

_OPEN, _CLOSE = "container_block_open", "container_block_close"
_PRACTICE = re.compile(r"practice +([a-z0-9]+(?:-[a-z0-9]+)*)")
_FENCE = re.compile(r"\s*:{3,}\s*")
# A wide table scrolls in its box, which keyboards reach thanks to the tabindex.
_TABLE_OPEN = '<div class="table-scroll" tabindex="0"><table>'
_ALIGNMENTS = {"text-align:right": "is-right", "text-align:center": "is-centred"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the Markdown, at a line of the body; 1 is its first."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Embedding:
    """A practice item that the body names, and the line on which it does."""

    line: int
    identifier: str


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it was read."""

    segments: tuple[Segment, ...]
    headings: tuple[Heading, ...]
    embeddings: tuple[Embedding, ...]
    faults: tuple[Fault, ...]


def _anchor(title: str) -> str:
    """An id that no other part of a page uses, thanks to its beginning."""
    return "s-" + re.sub(r"[^\w]+", "-", title.casefold()).strip("-")


def _make_reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    reader.use(anchors_plugin, min_level=2, max_level=3, slug_func=_anchor)
    # Every name is read as a block, so that a mistyped one is named as a fault and not shown as text.
    reader.use(container_plugin, "block", validate=lambda params, _markup: bool(params.strip()))
    return reader


_reader = _make_reader()


def read_markdown(text: str) -> Body:
    """Read CommonMark with tables; raw HTML is text, `::: practice <id>` is the place of an item."""
    tokens = _reader.parse(text)
    blocks = [token for token in tokens if token.type == _OPEN]
    return Body(
        segments=tuple(_segments(tokens)),
        headings=tuple(_headings(tokens)),
        embeddings=tuple(Embedding(_line(t), named[1]) for t in blocks if (named := _named(t))),
        faults=(*_block_faults(tokens, text.split("\n")), *_text_faults(tokens)),
    )


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _named(token: Token) -> re.Match[str] | None:
    return _PRACTICE.fullmatch(token.info.strip())


def _segments(tokens: Sequence[Token]) -> Iterator[Segment]:
    prose: list[Token] = []
    depth = 0
    for token in tokens:
        if token.type == _OPEN:
            if depth == 0:
                yield from _prose(prose)
                prose = []
            named = _named(token)
            if named:
                yield Segment(practice=named[1])
        depth += (token.type == _OPEN) - (token.type == _CLOSE)
        if depth == 0 and token.type != _CLOSE:
            prose.append(token)
    yield from _prose(prose)


def _prose(tokens: list[Token]) -> Iterator[Segment]:
    for token in tokens:
        if token.type in {"th_open", "td_open"}:
            _align(token)
    html = _reader.renderer.render(tokens, _reader.options, {})
    html = html.replace("<table>", _TABLE_OPEN).replace("</table>", "</table></div>")
    clean = sanitise(html).strip()
    if clean:
        yield Segment(html=clean)


def _align(token: Token) -> None:
    """The policy of the pages forbids style attributes, so alignment is said by a class."""
    style = token.attrs.pop("style", None)
    if style in _ALIGNMENTS:
        token.attrSet("class", _ALIGNMENTS[str(style)])
    if token.type == "th_open":
        token.attrSet("scope", "col")


def _headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag in {"h2", "h3"}:
            title = "".join(child.content for child in inline.children or [] if child.type in {"text", "code_inline"})
            yield Heading(anchor=str(token.attrGet("id")), title=title, level=int(token.tag[1]))


def _block_faults(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Fault]:
    depth = 0
    for token, following in pairwise(tokens):  # what opens is followed at least by its end
        if token.type == _OPEN:
            line = _line(token)
            if not _named(token):
                yield Fault(line, f"unknown block `::: {token.info.strip():.60}`; expected `::: practice <item-id>`")
            if depth == 0 and token.level > 0:
                yield Fault(line, "a block must stand by itself, not inside a list or a quotation")
            end = token.map[1] if token.map else line
            if following.type != _CLOSE or end >= len(lines) or not _FENCE.fullmatch(lines[end]):
                yield Fault(line, "the block is not closed; expected `:::` on the next line")
        depth += (token.type == _OPEN) - (token.type == _CLOSE)


def _text_faults(tokens: Sequence[Token]) -> Iterator[Fault]:
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h1":
            yield Fault(_line(token), "a section begins with `##`; the page's title is the lesson's")
        if token.type == "inline":
            yield from _inline_faults(token)


def _inline_faults(token: Token) -> Iterator[Fault]:
    for offset, text in enumerate(token.content.split("\n")):
        if _FENCE.fullmatch(text):
            yield Fault(_line(token) + offset, "`:::` closes no block")
    line = _line(token)
    for child in token.children or []:
        line += child.type in {"softbreak", "hardbreak"}
        if child.type == "image":
            yield Fault(line, "a lesson holds no pictures; describe what they would show")
        address = str(child.attrGet("href"))
        if child.type == "link_open" and not _is_allowed(address):
            yield Fault(line, f"the link `{address:.60}` must begin with https://, http:// or mailto:")


def _is_allowed(address: str) -> bool:
    scheme, separator, _rest = address.partition(":")
    return bool(separator) and scheme.casefold() in LINK_SCHEMES
