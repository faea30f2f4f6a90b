"""Lines of text that stand on many pages are broken and shaped once, and kept with the fonts they are set in.

WeasyPrint takes no such thing by its interface, so two of its names are exchanged here, for fonts of this kind alone:
every page sets the same lines in the same styles, and shaping them is a good part of what a page costs.
"""

from collections import OrderedDict
from typing import Any

from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration

_MOST_LINES = 1000  # of about 5 kB
_split_first_line = line_break.split_first_line


class KeepingFonts(FontConfiguration):  # type: ignore[misc]  # WeasyPrint publishes no types
    """Fonts that keep the lines that were set in them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: OrderedDict[tuple[object, ...], tuple[Any, Any]] = OrderedDict()


class _Layout(line_break.Layout):  # type: ignore[misc]  # as above
    """A line that stays shaped between layout and drawing, and from one page to the next."""

    def deactivate(self) -> None:
        pango.pango_layout_set_width(self.layout, -1)  # a line is drawn as it was broken

    def reactivate(self, style: Any) -> None:
        if self.justification_spacing:
            super().reactivate(style)


def _kept_first_line(text: str, style: Any, context: Any, *where: Any, **how: Any) -> Any:
    """As WeasyPrint's function. What it returns depends on all that it is given but the context."""
    fonts = style.font_config
    if not isinstance(fonts, KeepingFonts):
        return _split_first_line(text, style, context, *where, **how)
    key = (text, id(style), where, tuple(how.items()))
    kept = fonts.lines.pop(key, None) or (style, _split_first_line(text, style, context, *where, **how))
    fonts.lines[key] = kept  # the style as well: its id is its own for as long as it is kept
    if len(fonts.lines) > _MOST_LINES:
        fonts.lines.popitem(last=False)
    return kept[1]


line_break.Layout = _Layout
inline.split_first_line = _kept_first_line
