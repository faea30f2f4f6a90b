"""Sets a page with WeasyPrint, and keeps what pages that are built alike have in common: their computed styles."""

from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import cssselect2
from weasyprint import CSS, DEFAULT_OPTIONS, HTML, Document

from certificates.adapters.pdf.faces import Cutter, FacesInUse
from certificates.adapters.pdf.fetching import OnlyOrnaments
from certificates.adapters.pdf.lines import KeepingFonts

VARIANT = "pdf/a-3a"
_MOST_BUILDS = 64  # of which the styles are kept, about 150 kB each
_Build = tuple[object, ...]


class Typesetter:
    """Sets pages; one of these belongs to each process, and is not made for several threads."""

    def __init__(self) -> None:
        self.fonts = KeepingFonts()
        self._cutter = Cutter()
        self._images: dict[str, object] = {}  # decoded pictures by address, a logo of each design
        self._styles: OrderedDict[_Build, list[Any]] = OrderedDict()

    def set(self, words: str, style: CSS, fetcher: OnlyOrnaments) -> Document:
        """Lay out a page of well-formed XML; the style sheet knows elements and classes, and no other attribute."""
        page = _Page(words, fetcher)
        build = (style, *((each.tag, each.get("class"), len(each)) for each in page.etree_element.iter()))
        page.styles = self._styles.pop(build, None)
        options = {"stylesheets": [style], "cache": self._images, "pdf_variant": VARIANT, "pdf_tags": True}
        document = _Document._render(page, self.fonts, None, None, DEFAULT_OPTIONS | options)
        document.fonts = FacesInUse(self._cutter)
        self._styles[build] = page.styles or []
        if len(self._styles) > _MOST_BUILDS:
            self._styles.popitem(last=False)
        return document


class _Root(cssselect2.ElementWrapper):  # type: ignore[misc]  # cssselect2 publishes no types
    """The root of a page. WeasyPrint asks it the same few questions on each page, which are compiled once."""

    def query_all(self, *selectors: str) -> Iterator[Any]:
        found: Iterator[Any] = super().query_all(*(one for each in selectors for one in _compiled(each)))
        return found


_compiled = lru_cache(maxsize=64)(cssselect2.compile_selector_list)


class _Page(HTML):  # type: ignore[misc]  # WeasyPrint publishes no types
    """A page from well-formed XML: read ten times faster than HTML is, and anything else is refused."""

    def __init__(self, words: str, fetcher: OnlyOrnaments) -> None:
        root = ElementTree.fromstring(words)  # noqa: S314  # our own template, which has no document type
        self.base_url = None
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = _Root.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element
        self.styles: list[Any] | None = None  # of its elements in their order, once they are known

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        """None: our style sheet says all, and the general one costs three styles for each element."""
        return []


class _Document(Document):  # type: ignore[misc]  # WeasyPrint publishes no types
    """A document whose elements take the styles that were computed for one built alike, if there was one."""

    @classmethod
    def _build_layout_context(cls, html: _Page, *rest: Any) -> Any:
        elements = list(html.etree_element.iter())
        if html.styles is None:
            context = super()._build_layout_context(html, *rest)
            computed = context.style_for.get_computed_styles()
            html.styles = [computed[each, None] for each in elements]
        else:
            context = super()._build_layout_context(_Page("<html/>", html.url_fetcher), *rest)
            kept = zip(elements, html.styles, strict=True)
            context.style_for.get_computed_styles().update(((each, None), style) for each, style in kept)
        return context
