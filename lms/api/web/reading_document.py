"""The OpenAPI document as a page reads it: operations by their tags, with rows for what goes in and what comes out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lms.api.examples import curl

_DEEPEST = 3  # levels of members in a table; deeper ones are in the example


@dataclass(frozen=True, slots=True)
class Member:
    """One row: a member of a body, or a parameter."""

    name: str
    kind: str
    is_required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page tells it."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: list[Member]
    body: list[Member]
    answer: list[Member]
    status: str
    answer_example: str
    problems: list[tuple[str, str]]
    call: str


def sections(document: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """The operations of the document, by tag."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            found[told["tags"][0]].append(_operation(document, path, method.upper(), told))
    return found


def _operation(document: Mapping[str, Any], path: str, method: str, told: Mapping[str, Any]) -> Operation:
    schemas = document["components"]["schemas"]
    status = next(iter(told["responses"]))
    answer = _json(told["responses"][status])
    body = _json(told.get("requestBody", {}))
    is_idempotent = any(each["in"] == "header" for each in told["parameters"])
    example = body.get("example")
    return Operation(
        name=told["operationId"],
        method=method,
        path=path,
        summary=told["summary"],
        description=told["description"],
        scope="".join(told["security"][0]["key"]),
        parameters=[_parameter(each, schemas) for each in told["parameters"]],
        body=list(_members(body.get("schema", {}), schemas)),
        answer=list(_members(answer.get("schema", {}), schemas)),
        status=status,
        answer_example=json.dumps(answer["example"], indent=2, ensure_ascii=False) if "example" in answer else "",
        problems=[(code, each["description"]) for code, each in told["responses"].items() if code >= "400"],
        call=curl(method, document["servers"][0]["url"] + path, example, is_idempotent=is_idempotent),
    )


def _json(part: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = part.get("content", {}).get("application/json", {})
    return found


def _parameter(told: Mapping[str, Any], schemas: Mapping[str, Any]) -> Member:
    return Member(told["name"], _kind(told["schema"], schemas), told["required"], told.get("description", ""))


def _members(
    schema: Mapping[str, Any], schemas: Mapping[str, Any], place: str = "", depth: int = 0
) -> Iterator[Member]:
    """The members of an object, and of the objects in it."""
    schema = _resolved(schema, schemas)
    if schema.get("type") == "array":
        yield from _members(schema.get("items", {}), schemas, f"{place}[]", depth)
        return
    required = set(schema.get("required", ()))
    for name, inner in schema.get("properties", {}).items() if depth < _DEEPEST else ():
        path = f"{place}.{name}" if place else name
        yield Member(path, _kind(inner, schemas), name in required, _meaning(inner, schemas))
        yield from _members(_inside(inner, schemas), schemas, path, depth + 1)


def _inside(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of what may be null or something, the something."""
    several = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return _resolved(several[0] if len(several) == 1 else schema, schemas)


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = schemas[schema["$ref"].rpartition("/")[2]]
    return found


def _meaning(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    inner = _inside(schema, schemas)
    said = schema.get("description") or inner.get("description") or ""
    return str(said).partition("\n")[0]


def _kind(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """What a value is, in words."""
    several = schema.get("anyOf") or schema.get("oneOf")
    if several:
        return " or ".join(dict.fromkeys(_kind(each, schemas) for each in several))
    schema = _resolved(schema, schemas)
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return ", ".join([f"list of {_kind(schema.get('items', {}), schemas)}", *_bounds(schema)])
    return ", ".join([str(schema.get("format") or schema.get("type", "value")), *_bounds(schema)])


def _bounds(schema: Mapping[str, Any]) -> Iterator[str]:
    for least, most, unit in (
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " items"),
    ):
        if least in schema and most in schema:
            yield f"{schema[least]} to {schema[most]}{unit}"
        elif least in schema:
            yield f"at least {schema[least]}{unit}"
        elif most in schema:
            yield f"at most {schema[most]}{unit}"
