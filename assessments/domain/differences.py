"""Differences between two states of an item: which values changed, each with its place, and texts word by word."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assessments.domain.word_differences import Kind, word_differences

Change = Literal["added", "removed", "changed"]
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same: where it stands (names of fields, numbers from 1), what happened, the words."""

    place: tuple[str, ...]
    change: Change
    words: tuple[tuple[Kind, str], ...]


def differences(old: Any, new: Any, place: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Yield what differs between two JSON values, in the order of the new one, what was removed last.

    Objects are compared field by field and lists of equal length entry by entry; entries that name themselves (by
    an `id`) are compared with their namesakes, whatever became of their places. Nothing, an empty text, list and
    object are the same, and so is what reads the same.
    """
    if is_empty(old) and is_empty(new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_objects(old, new, place)
    elif _named(old) and _named(new):
        yield from _of_objects(_by_id(old), _by_id(new), place)
        if _order(old, new) != _order(new, old):
            yield _difference(", ".join(_by_id(old)), ", ".join(_by_id(new)), (*place, "order"))
    elif _is_list(old) and _is_list(new) and len(old) == len(new) and not _is_flat(old + new):
        for number, (one, other) in enumerate(zip(old, new, strict=True), start=1):
            yield from differences(one, other, (*place, str(number)))
    elif in_words(old) != in_words(new):
        yield _difference(old, new, place)


def is_empty(value: Any) -> bool:
    """Whether a value says nothing: none, an empty text, list or object."""
    return value is None or value is _MISSING or value in ("", [], {}, ())


def in_words(value: Any) -> str:
    """A JSON value as text: a text as it is, anything else in JSON, a list of short values in one line,
    of texts as paragraphs."""
    if is_empty(value):
        return ""
    if isinstance(value, str):
        return value
    if _is_list(value) and all(isinstance(entry, (str, int, float)) for entry in value):
        return (", " if _is_flat(value) else "\n\n").join(in_words(entry) for entry in value)
    return json.dumps(value, ensure_ascii=False, indent=1 if isinstance(value, (list, Mapping)) else None)


def _of_objects(old: Mapping[str, Any], new: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[Difference]:
    for name in (*new, *(name for name in old if name not in new)):
        yield from differences(old.get(name, _MISSING), new.get(name, _MISSING), (*place, str(name)))


def _difference(old: Any, new: Any, place: tuple[str, ...]) -> Difference:
    change: Change = "added" if is_empty(old) else "removed" if is_empty(new) else "changed"
    return Difference(place, change, tuple(word_differences(in_words(old), in_words(new))))


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _is_flat(entries: Sequence[Any]) -> bool:
    """Whether all entries are short: numbers, or texts without spaces in them, such as ids."""
    return all(not isinstance(entry, (Mapping, list, tuple)) and " " not in str(entry) for entry in entries)


def _named(value: Any) -> bool:
    """Whether a value is a list of objects of which each has an id of its own."""
    if not _is_list(value) or not all(isinstance(entry, Mapping) and "id" in entry for entry in value):
        return False
    ids = [str(entry["id"]) for entry in value]
    return len(ids) == len(set(ids))


def _by_id(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(entry["id"]): entry for entry in entries}


def _order(entries: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ids of the entries that the others have as well, in their sequence."""
    common = _by_id(others)
    return [name for name in _by_id(entries) if name in common]
