"""Tasks of Label Studio as plain values: what stands in a task's data, and what its annotators chose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Result = Mapping[str, Any]


class TaskFault(ValueError):
    """No item can be made of this task; the message says what is wrong and what was expected."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task: its data, the results of each annotation that was not cancelled, and what Assay wrote beside it."""

    data: Mapping[str, Any]
    annotations: tuple[tuple[Result, ...], ...]
    assay: Mapping[str, Any] | None

    def of_type(self, name: str) -> list[list[Result]]:
        """The results of this control's type, by annotation; annotations without any have an empty list."""
        return [[one for one in results if one.get("type") == name] for results in self.annotations]

    def text(self, *names: str) -> str:
        """The first text in the data under one of these names, or the only text that there is."""
        for name in names:
            if isinstance(self.data.get(name), str) and self.data[name].strip():
                return str(self.data[name])
        texts = [value for value in self.data.values() if isinstance(value, str) and value.strip()]
        if len(texts) == 1:
            return texts[0]
        raise TaskFault(f"data has no {' or '.join(names)}; it has {', '.join(map(str, self.data))[:200] or 'nothing'}")


def task_of(value: object) -> Task:
    """Return a task of an export. Raises TaskFault for what is none, or has no annotation to take a key from."""
    if not isinstance(value, dict) or not isinstance(value.get("data"), dict):
        raise TaskFault("a task should be an object with data and annotations")
    given = value.get("annotations", value.get("completions", []))
    if not isinstance(given, list):
        raise TaskFault("annotations should be a list")
    annotations = tuple(tuple(_results(one)) for one in given if isinstance(one, dict) and not one.get("was_cancelled"))
    meta = value.get("meta")
    assay = meta.get("assay") if isinstance(meta, dict) else None
    if not annotations or (assay is None and not any(annotations)):
        raise TaskFault("nobody annotated this task, so there is no key")
    return Task(value["data"], annotations, assay if isinstance(assay, dict) else None)


def chosen(result: Result, name: str) -> list[str]:
    """The labels or choices of a result. Raises TaskFault when they are no list of texts."""
    value = result.get("value")
    given = value.get(name) if isinstance(value, dict) else None
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise TaskFault(f"a result of type {name} should have a list of {name}")
    return given


def code_points(text: str, start: object, end: object, quote: object) -> tuple[int, int]:
    """The code points of a stretch, which Label Studio counts in UTF-16 units; its own quote decides where it is there.

    Raises TaskFault when the offsets are none or the quote is not what stands there.
    """
    if not _is_offset(start) or not _is_offset(end):
        raise TaskFault("start and end of a span should be whole numbers")
    assert isinstance(start, int)
    assert isinstance(end, int)
    units = text.encode("utf-16-le", "surrogatepass")
    readings = [(start, end)]
    if len(units) != 2 * len(text):
        readings.insert(0, (_points(units, start), _points(units, end)))
    for first, last in readings:
        if 0 <= first < last <= len(text) and (not isinstance(quote, str) or not quote or text[first:last] == quote):
            return first, last
    raise TaskFault(f"the span {start} to {end} is not where its text stands")


def utf16_units(text: str, point: int) -> int:
    """The offset of a code point in UTF-16 units, as Label Studio counts."""
    return len(text[:point].encode("utf-16-le", "surrogatepass")) // 2


def _results(annotation: Mapping[str, Any]) -> Iterator[Result]:
    given = annotation.get("result", [])
    for one in given if isinstance(given, list) else []:
        if isinstance(one, dict):
            yield one


def _is_offset(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000_000


def _points(units: bytes, offset: int) -> int:
    return len(units[: 2 * offset].decode("utf-16-le", "replace"))
