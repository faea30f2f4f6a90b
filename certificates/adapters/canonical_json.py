"""JSON as it is signed: written in one canonical form, and read without anything that two readers take differently."""

import json
import math
from typing import Any, NoReturn

import rfc8785

MOST_BYTES = 1_000_000
DEEPEST = 32  # arrays and objects inside one another


def canonical(value: Any) -> bytes:
    """The canonical form of a JSON value, as RFC 8785 (JCS) defines it.

    Raises ValueError for what has none: NaN, an infinite number, an integer beyond 2**53, a lone surrogate.
    """
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(f"it has no canonical form: {error}") from None


def parse_json(data: bytes | str) -> Any:
    """Read untrusted JSON. Raises ValueError, with a sentence, for anything that readers could differ about.

    Refused are: more than a megabyte, what is not UTF-8, a name twice in one object, NaN and infinite numbers,
    lone surrogates, and more than 32 levels of nesting.
    """
    if len(data) > MOST_BYTES:
        raise ValueError("it is larger than one megabyte")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError(f"it is nested deeper than {DEEPEST} levels") from None
    except UnicodeDecodeError:
        raise ValueError("it is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg} in line {error.lineno}") from None
    _refuse_what_differs(value)
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the name {name[:60]!r} stands twice in one object")
        found[name] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse_what_differs(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST + 1):
        if not level:
            return
        level = [inner for outer in level for inner in _inside(outer)]
    raise ValueError(f"it is nested deeper than {DEEPEST} levels")


def _inside(value: Any) -> list[Any]:
    """What is directly inside a value; names count as values."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("it holds a number that is too large")
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("it holds half a character (a lone surrogate)")
    return []
