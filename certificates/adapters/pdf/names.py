"""How a name in any script is set: its direction, and a size at which it fits."""

import unicodedata

_RIGHT_TO_LEFT = {"R", "AL"}
# The widest name of each class: full-width characters count twice. The last class holds 200 of them.
_SIZES = (("xl", 22), ("l", 34), ("m", 60), ("s", 130), ("xs", 250))


def direction_of(text: str) -> str:
    """Return "rtl" or "ltr" by the first letter that has a direction, as dir=auto does."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in _RIGHT_TO_LEFT:
            return "rtl"
    return "ltr"


def size_class(name: str) -> str:
    """Return the class of sizes in which a name of this length is set."""
    width = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in name)
    return next((size for size, widest in _SIZES if width <= widest), "xxs")


def typical_name(size: str) -> str:
    """A name of the class, neither its shortest nor its longest, for trying how closely a page must be set."""
    widest = dict(_SIZES).get(size, 400)
    return ("Maximiliana Aurelia " * 20)[: widest * 7 // 10]
