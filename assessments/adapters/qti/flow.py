"""Text as it is put together from markup: white space collapses as in a browser, blank lines part paragraphs."""

import re

PLACE = "\x00"  # where an interaction stands in a text; no XML document can hold this character
BLANK = "____"  # what is shown there when the sentence goes on around it

_SPACE = re.compile(r"[ \t\r\n]+")


class Flow:
    """Collects text; gaps at its beginning and end, and between empty blocks, come to nothing."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._gap = 0  # line ends that are due before the next text
        self._is_spaced = False  # whether a space is due instead
        self._is_glued = False  # whether the next text stays on this line, as after the number of a list's entry

    def add(self, text: str) -> None:
        """Add text of running markup."""
        collapsed = _SPACE.sub(" ", text)
        words = collapsed.strip(" ")
        if words:
            self._is_spaced = self._is_spaced or collapsed.startswith(" ")
            self.add_exactly(words)
        if collapsed.endswith(" "):
            self._is_spaced = True

    def add_exactly(self, text: str) -> None:
        """Add text whose white space is meant."""
        if self._parts and self._gap:
            self._parts.append("\n" * self._gap)
        elif self._parts and self._is_spaced:
            self._parts.append(" ")
        self._parts.append(text)
        self._gap, self._is_spaced, self._is_glued = 0, False, False

    def end_line(self) -> None:
        """A line ends here because it is told to: two of these make a paragraph."""
        self._gap = min(self._gap + 1, 2)
        self._is_spaced = False

    def part(self, lines: int) -> None:
        """What follows stands on a new line (1) or in a new paragraph (2)."""
        if not self._is_glued:
            self._gap = max(self._gap, lines)
            self._is_spaced = False

    def begin_entry(self, mark: str) -> None:
        """An entry of a list begins: its text follows the mark on one line."""
        self.part(1)
        self.add_exactly(mark)
        self._is_spaced, self._is_glued = True, True

    def end_entry(self) -> None:
        """The entry is over; the next one follows on the next line."""
        self._gap, self._is_spaced, self._is_glued = 1, False, False

    @property
    def text(self) -> str:
        return "".join(self._parts)


def around_place(text: str) -> str:
    """The text before and after the interaction, which stands between them as a block of its own."""
    before, _, after = text.partition(PLACE)
    return "\n\n".join(part for part in (before.strip("\n "), after.strip("\n ")) if part)


def with_blank(text: str) -> str:
    """The text with a blank for an interaction that stands within it; one alone in its paragraph needs none."""
    kept = [part for part in text.split("\n\n") if part.strip() != PLACE]
    return "\n\n".join(kept).replace(PLACE, BLANK)
