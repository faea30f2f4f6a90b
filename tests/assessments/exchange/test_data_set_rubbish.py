"""Rubbish in place of data sets: it is refused row by row or as a whole, and nothing crashes or hangs."""

import gzip
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.adapters import json_rows
from assessments.adapters.bounded_files import open_text
from assessments.adapters.exchange import ReadItem, Refusal, UnreadableFile
from assessments.adapters.file_formats import FORMATS
from assessments.operations.imported_drafts import Defaults, NoDraft, make_draft
from tests.assessments.exchange.made_up_data import NAMES, sample_rows, write_rows

DATA_SETS = NAMES
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**30, 10**31)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["\ud800", "\x00", "N/A", "{}", "https://x", "  ", '{"passage_id": 9, "sentence_id": 1}'])
)
RUBBISH = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=6,
)
QUIETLY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def read(name: str, path: Path) -> list[Any]:
    """What the reader yields; an unreadable file yields nothing. Every item is a draft, or says why not."""
    reader = FORMATS[name].read
    assert reader is not None
    entries: list[Any] = []
    with suppress(UnreadableFile):
        entries.extend(reader(path))
    for entry in entries:
        if isinstance(entry, ReadItem):
            try:
                make_draft(entry, Defaults("a-skill"))
            except NoDraft as fault:
                str(fault).encode()
        elif isinstance(entry, Refusal):
            (entry.reason + entry.where).encode()
    return entries


@pytest.mark.parametrize("name", [name for name in DATA_SETS if name != "truthfulqa"])
@QUIETLY
@given(st.data())
def test_any_value_in_any_field_is_refused_or_read(name: str, tmp_path: Path, data: st.DataObject):
    rows: list[Any] = json.loads(json.dumps(sample_rows(name)))
    row = rows[0]
    for field in data.draw(st.lists(st.sampled_from(sorted(row)), min_size=1, max_size=3)):
        inner = row[field]
        if isinstance(inner, dict) and inner and data.draw(st.booleans()):
            inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(RUBBISH)
        else:
            row[field] = data.draw(RUBBISH)

    rows.append(data.draw(RUBBISH))
    read(name, write_rows(tmp_path, name, rows))


@QUIETLY
@given(st.dictionaries(st.sampled_from(sorted(sample_rows("truthfulqa")[0])), st.text(max_size=20), max_size=5))
def test_any_text_in_any_cell_is_refused_or_read(tmp_path: Path, cells: dict[str, str]):
    sound = {name: text.encode("utf-8", "replace").decode() for name, text in cells.items()}

    read("truthfulqa", write_rows(tmp_path, "truthfulqa", [sample_rows("truthfulqa")[0] | sound]))


@pytest.mark.parametrize("name", DATA_SETS)
@QUIETLY
@given(st.binary(max_size=200), st.integers(0, 2**16), st.booleans())
def test_broken_bytes_are_refused_or_read(name: str, tmp_path: Path, junk: bytes, at: int, is_packed: bool):
    path = write_rows(tmp_path, name, sample_rows(name))
    broken = path / "ttcw_annotations.json" if path.is_dir() else path
    original = broken.read_bytes() if broken.exists() else b""
    at %= len(original) + 1
    spoilt = original[:at] + junk + original[at + len(junk) :]
    broken.write_bytes(gzip.compress(spoilt)[: -(at % 7) or None] if is_packed else spoilt)

    read(name, path)


@pytest.mark.parametrize("name", [name for name in DATA_SETS if name not in {"truthfulqa", "ttcw"}])
@pytest.mark.parametrize(
    "value",
    ["[" * 100_000, "9" * 5000, "NaN", "1e999", '"\\ud800"', '{"a":' * 60_000, '{"claim": NaN}', '"'],
    ids=["deep", "digits", "nan", "infinite", "surrogate", "deep-objects", "inner-nan", "open"],
)
def test_what_breaks_parsers_breaks_nothing_here(name: str, value: str, tmp_path: Path):
    for opened, closed in (("", ""), ("[", "]"), ('{"q": [', "]}")):
        path = tmp_path / "rows.json"
        path.write_text(opened + value + closed)

        assert not [entry for entry in read(name, path) if isinstance(entry, ReadItem)]


def test_a_small_file_that_unpacks_to_a_huge_one_is_not_unpacked(tmp_path: Path):
    bomb = tmp_path / "bomb.jsonl.gz"
    bomb.write_bytes(gzip.compress(b" " * 300_000_000, 1))

    with pytest.raises(UnreadableFile, match="200,000,000 bytes"), open_text(bomb) as file:
        while file.read(1_000_000):
            pass


def test_an_endless_line_is_one_refused_row(tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": "' + "x" * 5_000_000 + '"}\n' + json.dumps(sample_rows("factcheck-gpt")[0]) + "\n")

    refused, item = read("factcheck-gpt", path)

    assert "longer than" in refused.reason
    assert (refused.row, item.row) == (1, 2)


def test_an_endless_entry_of_an_array_is_not_held(tmp_path: Path):
    path = tmp_path / "rows.json"
    path.write_text('[{"input": "' + "x" * 5_000_000)

    with pytest.raises(UnreadableFile, match="longer than"):
        list(json_rows.read_json_array(path))


@given(st.lists(RUBBISH.filter(lambda value: "NaN" not in repr(value)), max_size=5), st.integers(1, 40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_array_is_read_alike_in_steps_of_any_size(tmp_path: Path, values: list[Any], step: int):
    text = json.dumps(values, indent=step % 3 or None)
    if any(word in text for word in ("NaN", "Infinity", "\\ud800")):
        return
    path = tmp_path / "rows.json"
    path.write_text(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_rows, "_STEP", step)
        assert [value for _number, value in json_rows.read_json_array(path)] == json.loads(text)
