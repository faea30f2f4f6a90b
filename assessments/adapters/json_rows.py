"""JSON from strangers, one row at a time: lines of JSON, and the entries of one long array or object."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from assessments.adapters.bounded_files import open_text, read_lines
from assessments.adapters.exchange import UnreadableFile

LONGEST_ROW = 2_000_000  # characters of one entry of an array or object
_STEP = 64 * 1024  # characters that are read at a time
_SPACE = re.compile(r"[ \t\r\n]*")
_PARTIAL = 3  # characters: what follows the 1 of "1e+" is part of the number once more text is read


class BadJson(ValueError):
    """This is no JSON value that we take; the message says why."""


def parse_json(text: str) -> Any:
    """Return the JSON value that the whole text is.

    Raises BadJson for faults of syntax, for NaN and Infinity, for endless numbers and for too deep a nesting.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as fault:
        raise BadJson(f"no JSON: {fault.msg} at character {fault.pos + 1}") from fault
    except RecursionError as fault:
        raise BadJson("no JSON that we take: it is nested too deeply") from fault
    except ValueError as fault:  # a number of more digits than Python converts
        raise BadJson(f"no JSON that we take: {str(fault).partition(';')[0]}") from fault


def read_json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """The values of a file of JSON lines with their line numbers; a BadJson stands for a line that is none.

    Empty lines are skipped. Raises UnreadableFile as `open_text` does.
    """
    for number, line in read_lines(path):
        if line is None:
            yield number, BadJson(f"the line is longer than {LONGEST_ROW:,} characters")
        elif line.strip():
            try:
                yield number, parse_json(line)
            except BadJson as fault:
                yield number, fault


def read_json_array(path: Path) -> Iterator[tuple[int, Any]]:
    """The entries of the one array that a file is, counted from 1, each read when it is asked for.

    Raises UnreadableFile for anything else, also in the middle: after a fault nothing can be trusted.
    """
    with open_text(path) as file:
        text = _Text(file)
        text.expect("[")
        number = 0
        while not text.closes("]", is_first=number == 0):
            number += 1
            yield number, text.value()
        text.expect_end()


def read_json_members(path: Path) -> Iterator[tuple[str, Any]]:
    """The members of the one object that a file is, each read when it is asked for; raises as `read_json_array`."""
    with open_text(path) as file:
        text = _Text(file)
        text.expect("{")
        is_first = True
        while not text.closes("}", is_first=is_first):
            is_first = False
            name = text.value()
            if not isinstance(name, str):
                raise UnreadableFile("it is no JSON object: a name is missing")
            text.expect(":")
            yield name, text.value()
        text.expect_end()


def _refuse_constant(name: str) -> NoReturn:
    raise BadJson(f"no JSON: {name} is no number")


class _Text:
    """A long JSON text, of which only the part that is being read is held."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file
        self._held = ""
        self._at = 0
        self._decoder = json.JSONDecoder(parse_constant=_refuse_constant)

    def expect(self, sign: str) -> None:
        if self._next() != sign:
            self._fail(f"expected {sign!r}")
        self._at += 1

    def expect_end(self) -> None:
        if self._next():
            self._fail("something follows its end")

    def closes(self, sign: str, *, is_first: bool) -> bool:
        """Whether the array or object ends here; otherwise the comma before the next entry is behind us."""
        following = self._next()
        if following == sign:
            self._at += 1
            return True
        if not is_first:
            self.expect(",")
        return False

    def value(self) -> Any:
        self._next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._held, self._at)
            except json.JSONDecodeError as fault:
                if not self._more():
                    self._fail(fault.msg)
                continue
            except (RecursionError, ValueError) as fault:
                said = "it is nested too deeply" if isinstance(fault, RecursionError) else str(fault).partition(";")[0]
                self._fail(said)
            is_near_the_end = len(self._held) - end < _PARTIAL
            self._at, start = end, self._at
            if is_near_the_end and self._may_go_on(start):
                continue
            return value

    def _may_go_on(self, start: int) -> bool:
        """Near the end of the text that is held, a number may go on: then the value is read again with more text."""
        length = self._at - start
        self._at = start
        if self._more():
            return True
        self._at = length
        return False

    def _next(self) -> str:
        """The next sign that is no space; empty at the end."""
        while True:
            space = _SPACE.match(self._held, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Hold more text, at least twice as much, so that reading a long entry again costs little."""
        self._held = self._held[self._at :]
        self._at = 0
        if len(self._held) > LONGEST_ROW:
            self._fail(f"an entry is longer than {LONGEST_ROW:,} characters, or broken")
        chunk = self._file.read(max(_STEP, len(self._held)))
        self._held += chunk
        return bool(chunk)

    def _fail(self, said: str) -> NoReturn:
        raise UnreadableFile(f"it is not the JSON that was expected: {said}")
