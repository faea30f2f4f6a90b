"""Files of invitations: a table of addresses as CSV, read row by row, each fault named by its row and column."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from lms.accounts.addresses import normalise
from lms.members.memberships import GIVEN_BY_MANAGERS
from lms.organisations.roles import Role
from lms.web.csv_files import begins_formula

MOST_ROWS = 200_000
MOST_LABELS = 10
LONGEST_NAME, LONGEST_LABEL, LONGEST_ADDRESS = 200, 200, 254
_COLUMNS = {"email": "email", "e-mail": "email", "mail": "email", "address": "email", "name": "name", "role": "role"}
_LABEL = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_DELIMITERS = ",;\t"


class UnreadableFile(Exception):
    """Nothing of the file can be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A row that can be invited. `number` is that of a spreadsheet: the heading is row 1."""

    number: int
    email: str
    name: str
    role: Role
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot, and why."""

    number: int
    column: str
    reason: str


def read_rows(path: Path, *, start: int = 1) -> Iterator[Sound | Fault]:
    """Each row that is not blank, from the given one on; the first is 1. Raises UnreadableFile, also amid the rows.

    Rows before the start were judged in an earlier run. They are read for what they have in common with later ones; an
    address of plain letters is not judged again, because no later row can be the same and yet sound.
    """
    with path.open("rb") as file:
        first = next(_decoded(file), "")
        delimiter = max(_DELIMITERS, key=first.count)
        file.seek(0)
        rows = _numbered(csv.reader(_decoded(file), delimiter=delimiter, strict=True))
        _number, heading = next(rows, (1, []))
        columns = _columns(heading)
        row_of: dict[tuple[str, Role], int] = {}
        for count, (number, cells) in enumerate(rows, start=1):
            if count > MOST_ROWS:
                raise UnreadableFile(f"The file has more than {MOST_ROWS:,} rows; at most so many are taken at once.")
            row = _without_double(_read(number, columns, cells, was_judged=count < start), row_of)
            if count >= start:
                yield row


def _decoded(file: Iterator[bytes]) -> Iterator[str]:
    for number, line in enumerate(file, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise UnreadableFile(
                f"Line {number} is not UTF-8. Save the table as “CSV UTF-8” and send it again."
            ) from None
        if "\0" in text:
            raise UnreadableFile(f"Line {number} holds a NUL character; this is no CSV file in UTF-8.")
        yield text


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield number, [cell.strip() for cell in cells]
    except csv.Error as fault:
        raise UnreadableFile(f"Row {number + 1} cannot be read as CSV: {fault}.") from None


def _columns(heading: list[str]) -> list[str]:
    """The names of the columns: email, name, role, and labels. Raises UnreadableFile for a heading that does not do."""
    names = [_COLUMNS.get(cell.casefold(), cell.casefold()) for cell in heading]
    if "email" not in names:
        raise UnreadableFile("The first row names the columns, and one of them must be “email”.")
    for name in names:
        if names.count(name) > 1:
            raise UnreadableFile(f"The column “{name}” stands in the first row twice.")
        if not _LABEL.fullmatch(name):
            raise UnreadableFile(f"“{name}” is no name of a column: use a letter, then letters, digits, - and _.")
    if len(names) > MOST_LABELS + 3:
        raise UnreadableFile(f"There are {len(names)} columns; at most {MOST_LABELS + 3} are taken.")
    return names


def _read(number: int, columns: list[str], cells: list[str], *, was_judged: bool) -> Sound | Fault:
    if len(cells) > len(columns):
        return Fault(number, "", f"The row has {len(cells)} cells, and the first row names {len(columns)} columns.")
    values = dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True))
    for name, value in values.items():
        if name != "email" and begins_formula(value):
            return Fault(number, name, "The text begins like a formula of a spreadsheet (=, +, - or @).")
        if len(value) > (LONGEST_NAME if name == "name" else LONGEST_LABEL) and name != "email":
            return Fault(number, name, f"The text has {len(value)} characters; at most {LONGEST_LABEL} are taken.")
    email, role = values.pop("email"), values.pop("role", "").casefold() or Role.CANDIDATE
    if not (was_judged and email.isascii()) and not is_address(email):
        return Fault(number, "email", "This is no e-mail address.")
    if role not in GIVEN_BY_MANAGERS:
        return Fault(number, "role", f"The role is one of {', '.join(GIVEN_BY_MANAGERS)}.")
    name = values.pop("name", "")
    return Sound(number, normalise(email), name, Role(role), {label: value for label, value in values.items() if value})


def is_address(text: str) -> bool:
    """Whether a mail could be sent there; nobody is asked."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return len(normalise(text)) <= LONGEST_ADDRESS


def _without_double(row: Sound | Fault, row_of: dict[tuple[str, Role], int]) -> Sound | Fault:
    if isinstance(row, Fault):
        return row
    first = row_of.setdefault((row.email, row.role), row.number)
    if first == row.number:
        return row
    return Fault(row.number, "email", f"The same address with the same role stands in row {first} already.")
