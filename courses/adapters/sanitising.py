"""Sanitising: only the tags, attributes and addresses that a lesson needs get through."""

import nh3

LINK_SCHEMES = ("http", "https", "mailto")

_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "div": {"tabindex"},
    "h2": {"id"},
    "h3": {"id"},
    "ol": {"start"},
    "th": {"scope"},
}
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "blockquote", "pre", "code", "em", "strong", "a"),
    *("ul", "ol", "li", "div", "table", "thead", "tbody", "tr", "th", "td"),
}
_CLASSES = {
    "div": {"table-scroll"},
    "th": {"is-right", "is-centred"},
    "td": {"is-right", "is-centred"},
}
_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    url_schemes=set(LINK_SCHEMES),
    url_relative="deny",
    link_rel="noopener",
)


def sanitise(html: str) -> str:
    """The HTML without anything that is not on the lists; the second wall behind a Markdown reader with HTML off."""
    return _cleaner.clean(html)
