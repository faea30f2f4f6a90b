"""CSV: choice items, one a row, as people keep them in spreadsheets."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from assessments.adapters.bounded_files import LONGEST_LINE, open_text
from assessments.adapters.exchange import Format, Reading, ReadItem, Refusal, UnreadableFile, WrittenItem
from assessments.adapters.json_rows import BadJson, parse_json
from assessments.adapters.plain_words import unsound

MOST_OPTIONS = 10
LETTERS = "abcdefghij"
OPTIONS = tuple(f"option_{letter}" for letter in LETTERS)
TEMPTS = tuple(f"tempts_{letter}" for letter in LETTERS)
NEEDED = ("id", "prompt", "option_a", "option_b", "right")
MORE = ("sources", "provenance", "attribution", "accepted", "distribution")  # in one cell, as JSON
COLUMNS = (
    *("id", "use", "skill", "difficulty", "prompt", "passage", "many", *OPTIONS, "right"),
    *("rationale", *TEMPTS, "tags", "option_ids", "more"),
)
# A spreadsheet would take a cell that begins so for a formula; an apostrophe before it says that it is text.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "'", "＝", "＋", "－", "＠")


def read(path: Path) -> Reading:
    """Read items, a row each below a row of names. Raises UnreadableFile when the names are not there."""
    csv.field_size_limit(LONGEST_LINE)
    with open_text(path) as file:
        rows = csv.reader((line.replace("\0", "") for line in file), strict=True)
        names = _names(rows)
        number = 1
        while True:
            try:
                cells = next(rows, None)
            except csv.Error as fault:
                raise UnreadableFile(f"line {rows.line_num}: {fault}") from fault
            if cells is None:
                return
            number += 1
            if any(cell.strip() for cell in cells):
                yield _read_row(number, f"row {number}", names, cells)


def write(items: Iterable[WrittenItem]) -> tuple[bytes, list[Refusal]]:
    """Write the choice items; others are named in the refusals."""
    out = StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(COLUMNS)
    refused = []
    for number, item in enumerate(items, start=1):
        if item.type == "choice":
            row = _written(item)
            sheet.writerow([_guarded(row.get(name, "")) for name in COLUMNS])
        else:
            refused.append(Refusal(number, item.identifier, f"CSV holds choice items; this one is {item.type}"))
    return ("\ufeff" + out.getvalue()).encode(), refused


def _names(rows: Iterator[list[str]]) -> list[str]:
    try:
        names = [name.strip().lower() for name in next(rows, [])]
    except csv.Error as fault:
        raise UnreadableFile(f"line 1: {fault}") from fault
    if missing := [name for name in NEEDED if name not in names]:
        raise UnreadableFile(f"the first row should name the columns; {', '.join(missing)} is missing")
    if unknown := [name for name in names if name not in COLUMNS]:
        raise UnreadableFile(f"unknown columns {', '.join(unknown)[:200]}; there are {', '.join(COLUMNS)}")
    if len(names) != len(set(names)):
        raise UnreadableFile("a column is named twice in the first row")
    return names


def _read_row(number: int, where: str, names: list[str], cells: list[str]) -> ReadItem | Refusal:
    if len(cells) > len(names):
        return Refusal(number, where, f"{len(cells)} cells, but only {len(names)} columns are named")
    if fault := next((fault for cell in cells if (fault := unsound(cell))), None):
        return Refusal(number, where, fault)
    short = [""] * (len(names) - len(cells))
    row = {name: _plain(cell) for name, cell in zip(names, (*cells, *short), strict=True)}
    try:
        more = _more(row.get("more", ""))
        content, key = _content(row), _key(row, more)
    except ValueError as fault:
        return Refusal(number, where, str(fault))
    ids = [option["id"] for option in content["options"]]
    tempts = {id: row[f"tempts_{letter}"] for id, letter in _lettered(row, ids) if row.get(f"tempts_{letter}")}
    return ReadItem(
        row=number,
        where=where,
        identifier=row["id"].strip(),
        type="choice",
        content=content,
        key=key,
        use=row.get("use", "") or "practice",
        skill=row.get("skill", ""),
        difficulty=row.get("difficulty", ""),
        rationale=row.get("rationale", ""),
        sources=tuple(more.get("sources", ())),
        temptations=tempts,
        tags=tuple(row.get("tags", "").replace(";", " ").split()),
        provenance=more.get("provenance"),
        attribution=more.get("attribution"),
    )


def _content(row: Mapping[str, str]) -> dict[str, Any]:
    many = row.get("many", "").strip().lower()
    if many not in {"", "yes", "no", "true", "false", "1", "0"}:
        raise ValueError(f"many should be yes or no, got “{many[:40]}”")
    texts = [row[name] for name in OPTIONS if row.get(name)]
    ids = row.get("option_ids", "").replace(";", " ").split() or [letter for letter, _text in _options(row)]
    if len(ids) != len(texts):
        raise ValueError(f"option_ids names {len(ids)} options; {len(texts)} have a text")
    content: dict[str, Any] = {"prompt": row["prompt"], "many": many in {"yes", "true", "1"}}
    if row.get("passage"):
        content["passage"] = row["passage"]
    return content | {"options": [{"id": id, "text": text} for id, text in zip(ids, texts, strict=True)]}


def _key(row: Mapping[str, str], more: Mapping[str, Any]) -> dict[str, Any]:
    letters = [letter for letter, _text in _options(row)]
    ids = row.get("option_ids", "").replace(";", " ").split() or letters
    named = dict(zip(letters, ids, strict=True))
    right = row["right"].replace(";", " ").replace(",", " ").split()
    if unknown := [letter for letter in right if letter.lower() not in named]:
        raise ValueError(f"right names {', '.join(unknown)[:80]}; the options are {', '.join(named)}")
    key: dict[str, Any] = {"choices": [named[letter.lower()] for letter in right]}
    return key | {name: more[name] for name in ("accepted", "distribution") if name in more}


def _more(cell: str) -> dict[str, Any]:
    if not cell.strip():
        return {}
    try:
        more = parse_json(cell)
    except BadJson as fault:
        raise ValueError(f"more: {fault}") from fault
    if not isinstance(more, dict) or set(more) - set(MORE):
        raise ValueError(f"more should be a JSON object of {', '.join(MORE)}")
    if not isinstance(more.get("sources", []), list):
        raise ValueError("more: sources should be a list")
    return more


def _options(row: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name[-1], row[name]) for name in OPTIONS if row.get(name)]


def _lettered(row: Mapping[str, str], ids: list[str]) -> list[tuple[str, str]]:
    return list(zip(ids, (letter for letter, _text in _options(row)), strict=True))


def _written(item: WrittenItem) -> dict[str, str]:
    options = item.content["options"]
    letters = dict(zip((option["id"] for option in options), LETTERS, strict=False))
    more = {name: value for name, value in zip(MORE, _rest(item), strict=True) if value}
    row = {
        "id": item.identifier,
        "use": item.use,
        "skill": item.skill,
        "difficulty": item.difficulty,
        "prompt": item.content["prompt"],
        "passage": item.content.get("passage") or "",
        "many": "yes" if item.content.get("many") else "no",
        "right": " ".join(letters[choice] for choice in item.key["choices"]),
        "rationale": item.rationale,
        "tags": " ".join(item.tags),
        "option_ids": " ".join(letters),
        "more": json.dumps(more, ensure_ascii=False) if more else "",
    }
    row |= {f"option_{letters[option['id']]}": option["text"] for option in options}
    return row | {f"tempts_{letters[id]}": why for id, why in item.temptations.items() if id in letters}


def _rest(item: WrittenItem) -> tuple[Any, ...]:
    key = item.key
    return list(item.sources), item.provenance, item.attribution, key.get("accepted"), key.get("distribution")


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


FORMAT = Format("csv", "Choice items, one a row below a row of column names", (".csv",), read, write)
