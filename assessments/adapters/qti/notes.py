"""What reading an item came upon: a reason why it cannot be read, and notes of what was read otherwise or left out."""

from dataclasses import dataclass, field

from lxml import etree


class NotReadable(ValueError):
    """No item can be made of this; the message says why and what was expected, `line` (from 1) where."""

    def __init__(self, reason: str, at: etree._Element | None = None) -> None:
        super().__init__(reason)
        self.line = line_of(at)


@dataclass(slots=True)
class Notes:
    """Notes in the order in which they were made, each with its line; the same note at the same line stands once."""

    entries: dict[tuple[int | None, str], None] = field(default_factory=dict)

    def add(self, reason: str, at: etree._Element | None = None) -> None:
        self.entries.setdefault((line_of(at), reason))


def place_of(path: str, line: int | None) -> str:
    """Where in a file something stands, in words."""
    return f"{path}, line {line}" if line else path


def line_of(element: etree._Element | None) -> int | None:
    """The line of an element, counted from 1; None without an element."""
    line = getattr(element, "sourceline", None)
    return line if isinstance(line, int) else None
