"""Feeds every reader of files with broken files: none may crash, hang, or take more than 300 MB.

    .venv/bin/python -m benchmarks.fuzz_readers [INPUTS]

Sound files of every format are cut, doubled, overwritten and spliced, as hypothesis draws it: half as bytes, half
inside (values of JSON, members of ZIP archives), so that faults reach all depths. A reader may refuse a row or the
file, and nothing else. INPUTS is how many files in all (200,000 unless said). Prints what it saw, and
exits with 1 when a reader did anything else.
"""

import json
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tqdm import tqdm

from assessments.adapters.exchange import Format, ReadItem, Refusal, UnreadableFile
from assessments.adapters.file_formats import FORMATS
from assessments.operations.imported_drafts import Defaults, NoDraft, make_draft
from tests.assessments.exchange.samples import write_sample

LONGEST = 10  # seconds; a file that takes longer hangs
MOST_MEMORY = 300  # MB
ROUND = 1000  # files of one format that are drawn in one go
# What faults in files of these kinds are made of.
WORDS = (
    *(b"null", b"NaN", b"Infinity", b"-1", b"1e999", b"9" * 400, b"true", b'"', b"\\", b"\\ud800", b"\\u0000", b"[]"),
    *(b"{}", b"[" * 200, b"{" * 200, b"\x00", b"\xff\xfe", b"\xc3", b"\n", b"\r", b",", b":", b"- ", b"&a", b"*a"),
    *(b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", b"&e;", b"<", b"/>", b"]]>", b"<!--", b"PK\x01\x02"),
    *("\u202e".encode(), "\U0001f6a2".encode(), "e\u0301".encode(), b"\xe2\x80\xa8", b"=1+1", b"\x1f\x8b"),
)
# What stands in JSON where something else was expected.
VALUES = (
    *(None, True, False, 0, -1, 1, 10**30, 0.5, float("nan"), float("inf"), "", " ", "a", "\x00", "\ud800", "é" * 9000),
    *([], {}, [None], [[]], {"a": 1}, {"": {}}, "1", "true", "a;b", [1, "a"], [[[[[[1]]]]]], "x" * 70, 2**63, "😀"),
)
Edit = tuple[str, float, float, bytes]
edits = st.lists(
    st.tuples(
        st.sampled_from(["cut", "double", "overwrite", "insert", "truncate", "swap"]),
        st.floats(0, 1),
        st.floats(0, 1),
        st.one_of(st.sampled_from(WORDS), st.binary(min_size=1, max_size=12)),
    ),
    min_size=1,
    max_size=6,
)


class Hangs(Exception):
    """A reader took too long."""


@dataclass(slots=True)
class Seen:
    """What one reader did with its files."""

    inputs: int = 0
    unreadable: int = 0
    items: int = 0
    refused: int = 0
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)


def main() -> int:
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    formats = [each for each in FORMATS.values() if each.read is not None]
    signal.signal(signal.SIGALRM, _hang)
    faults = 0
    with TemporaryDirectory() as folder, tqdm(total=inputs, unit=" files", mininterval=2) as bar:
        for each in formats:
            (Path(folder) / each.name).mkdir()
            seen = fuzz(each, -(-inputs // len(formats)), Path(folder), bar.update)
            faults += len(seen.faults)
            tqdm.write(
                f"{each.name:20} {seen.inputs:7,} files, {seen.unreadable:7,} refused whole, {seen.items:8,} items, "
                f"{seen.refused:7,} rows refused, slowest {seen.slowest * 1000:5.0f} ms"
            )
            for fault in seen.faults[:5]:
                tqdm.write(f"    {fault}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{faults} faults, peak memory {memory:.0f} MB")
    return 1 if faults or memory > MOST_MEMORY else 0


def fuzz(each: Format, count: int, folder: Path, done: Callable[[int], object]) -> Seen:
    """Read so many broken files of one format."""
    path = write_sample(each.name, folder / each.name)
    files = [path] if path.is_file() else sorted(path.iterdir())
    sound = [file.read_bytes() for file in files]
    seen = Seen()

    def feed(number: int, changes: Sequence[Edit], is_inside: bool) -> None:
        change = broken_inside if is_inside else broken
        files[number].write_bytes(change(sound[number], changes))
        _read(each, path, files[number], seen)
        files[number].write_bytes(sound[number])
        done(1)

    drawn = given(st.integers(0, len(files) - 1), edits, st.booleans())
    for left in range(count, 0, -ROUND):  # hypothesis remembers what it drew: a new round forgets, to keep memory true
        settings(
            max_examples=min(ROUND, left),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(seed(left)(drawn(feed)))()
    return seen


def broken(data: bytes, changes: Sequence[Edit]) -> bytes:
    """The file with the changes made one after the other; places are fractions of its length."""
    for kind, first, last, word in changes:
        start, end = sorted((int(first * len(data)), int(last * len(data))))
        if kind == "cut":
            data = data[:start] + data[end:]
        elif kind == "double":
            data = data[:end] + data[start:end][:20_000] + data[end:]
        elif kind == "overwrite":
            data = data[:start] + word + data[start + len(word) :]
        elif kind == "insert":
            data = data[:start] + word + data[start:]
        elif kind == "swap":
            data = data[end:] + data[:start] + data[start:end]
        else:
            data = data[:end]
    return data


def broken_inside(data: bytes, changes: Sequence[Edit]) -> bytes:
    """The same inside a container that stays sound: a value of JSON, a member of an archive, a line of text."""
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        chosen = list(members)[int(changes[0][1] * (len(members) - 1))]
        out = BytesIO()
        with ZipFile(out, "w") as archive:
            for name, member in members.items():
                archive.writestr(name, broken(member, changes) if name == chosen else member)
        return out.getvalue()
    try:
        value = json.loads(data)
    except ValueError:
        lines = data.split(b"\n")
        at = int(changes[0][1] * (len(lines) - 1))
        is_json = lines[at].startswith(b"{")
        lines[at] = broken_inside(lines[at], changes) if is_json else broken(lines[at], changes[:1])
        return b"\n".join(lines)
    for _kind, place, choice, _word in changes:
        value = _replaced(value, place, VALUES[int(choice * (len(VALUES) - 1))])
    return json.dumps(value).encode()


def _replaced(value: object, place: float, new: object) -> object:
    """The JSON value with the one at a place (a fraction of all of them, in the order of reading) replaced."""
    count = _count(value)
    return _replace(value, int(place * (count - 1)), new)


def _count(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(_count(part) for part in inner)


def _replace(value: object, at: int, new: object) -> object:
    if at == 0:
        return new
    at -= 1
    if isinstance(value, dict):
        pairs: dict[str, object] = {}
        for name, part in value.items():
            pairs[name] = _replace(part, at, new) if 0 <= at < _count(part) else part
            at -= _count(part)
        return pairs
    if isinstance(value, list):
        parts = []
        for part in value:
            parts.append(_replace(part, at, new) if 0 <= at < _count(part) else part)
            at -= _count(part)
        return parts
    return value


def _read(each: Format, path: Path, changed: Path, seen: Seen) -> None:
    assert each.read is not None
    seen.inputs += 1
    started = time.perf_counter()
    signal.alarm(LONGEST)
    try:
        for entry in each.read(path):
            if isinstance(entry, ReadItem):
                seen.items += 1
                make_draft(entry, Defaults(skill="reading"))
            seen.refused += isinstance(entry, Refusal)
    except NoDraft:
        seen.refused += 1
    except UnreadableFile:
        seen.unreadable += 1
    except Exception as fault:  # noqa: BLE001  # any other exception is what is looked for
        seen.faults.append(f"{type(fault).__name__}: {str(fault)[:200]} for {changed.read_bytes()[:200]!r}")
    finally:
        signal.alarm(0)
        seen.slowest = max(seen.slowest, time.perf_counter() - started)


def _hang(_signal: int, _frame: object) -> None:
    raise Hangs(f"took longer than {LONGEST} seconds")


if __name__ == "__main__":
    sys.exit(main())
