"""Examples: a value for every shape of the API, made of its schema, and the call as one types it into a shell."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic import BaseModel

_BY_FORMAT = {
    "uuid": "3f0c9a52-6b1d-4f0e-9a57-0f6f6f1b7c1e",
    "date-time": "2026-11-21T09:30:00Z",
    "date": "2026-11-21",
    "email": "ada@example.org",
    "uri": "https://example.org/",
}
_BY_TYPE: dict[str, Any] = {"integer": 1, "number": 0.5, "boolean": True, "null": None, "string": "text"}


def example_of(model: type[BaseModel], mode: str = "validation") -> Any:
    """A value that the model accepts: the one it states, or one made of its schema."""
    schema = model.model_json_schema(mode="serialization" if mode == "serialization" else "validation")
    return _example(schema, schema.get("$defs", {}), frozenset())


def curl(method: str, address: str, body: Any | None, *, is_idempotent: bool) -> str:
    """The call as one types it, with the key in a variable of the shell."""
    lines = [f"curl {'' if method == 'GET' else f'-X {method} '}'{address}'", '-H "Authorization: Bearer $ASSAY_KEY"']
    if is_idempotent:
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if body is not None:
        text = json.dumps(body, indent=2, ensure_ascii=False).replace("'", "'\\''")
        lines += ["-H 'Content-Type: application/json'", f"-d '{text}'"]
    return " \\\n  ".join(lines)


class _Endless(Exception):
    """The schema goes on inside itself here."""


def _example(schema: Mapping[str, Any], named: Mapping[str, Any], seen: frozenset[str]) -> Any:
    """Raises _Endless for what lies in itself; whoever has another way takes that one."""
    if "$ref" in schema:
        reference = schema["$ref"]
        if reference in seen:
            raise _Endless
        return _example(named[reference.rpartition("/")[2]], named, seen | {reference})
    for stated in ("example", "const", "default"):
        if schema.get(stated) is not None:
            return schema[stated]
    for listed in ("examples", "enum"):
        if schema.get(listed):
            return schema[listed][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _first(schema[several], named, seen)
    return _of_type(schema, named, seen)


def _first(schemas: Sequence[Mapping[str, Any]], named: Mapping[str, Any], seen: frozenset[str]) -> Any:
    """An example of the first of these that has an end."""
    for schema in schemas:
        with suppress(_Endless):
            return _example(schema, named, seen)
    raise _Endless


def _of_type(schema: Mapping[str, Any], named: Mapping[str, Any], seen: frozenset[str]) -> Any:
    kind = schema.get("type", "object")
    if kind == "object":
        members = schema.get("properties", {})
        return {name: _example(inner, named, seen) for name, inner in members.items()}
    if kind == "array":
        try:
            return [_example(schema.get("items", {}), named, seen)]
        except _Endless:
            if schema.get("minItems"):
                raise
            return []
    if kind in ("integer", "number") and "minimum" in schema:
        return max(schema["minimum"], _BY_TYPE[kind]) if "maximum" not in schema else schema["minimum"]
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE.get(kind))
