"""The OpenAPI 3.1 document, generated from the endpoints that are registered: it cannot say what is not so."""

import re
from collections import Counter
from typing import Any, Literal

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from lms.api.blueprint import PREFIX
from lms.api.endpoints import Endpoint
from lms.api.examples import example_of
from lms.api.idempotency import HEADER, LONGEST
from lms.api.links import add_links
from lms.api.problem_types import ProblemType, endpoints_of, problems_of
from lms.api.scopes import SENTENCES
from lms.web.problem_details import MEDIA_TYPE

VERSION = "1.0.0"
_PARAMETER = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
_KINDS: dict[str, dict[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
}
_TEXT = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^/]+$"}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457). `type` names the type of problem, `detail` says what it is about.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message"],
                "properties": {
                    "pointer": {"type": "string", "description": "Where in the body, as a JSON pointer."},
                    "parameter": {"type": "string", "description": "Which parameter or header."},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
_SCHEMAS = "#/components/schemas/"
Shapes = dict[tuple[Any, JsonSchemaMode], dict[str, Any]]


def openapi_document(app: Flask) -> dict[str, Any]:
    """The document of this application. Raises ValueError when two operations have one name."""
    found = endpoints_of(app)
    twice = [name for name, count in Counter(told.name for told in found.values()).items() if count > 1]
    if twice:
        raise ValueError(f"operations need names of their own: {twice}")
    shapes, schemas = _schemas(list(found.values()))
    paths: dict[str, dict[str, Any]] = {}
    for address, told in sorted(found.items(), key=lambda each: (each[1].tag, each[0].partition(" ")[2])):
        rule = address.partition(" ")[2].removeprefix(PREFIX)
        operation = _operation(told, parameters_of(rule, told), shapes)
        paths.setdefault(path_of(rule), {})[told.method.lower()] = operation
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Assay",
            "version": VERSION,
            "summary": "Who may do which work, and what is missing where not.",
            "description": _introduction(),
        },
        "servers": [{"url": f"{app.extensions['assay.settings'].base_url}{PREFIX}"}],
        "tags": [{"name": name} for name in dict.fromkeys(sorted(told.tag for told in found.values()))],
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": _PROBLEM},
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key, `assay_<prefix>_<secret>`."}
            },
        },
        "security": [{"key": []}],
    }
    add_links(document)
    return document


def path_of(rule: str) -> str:
    """The address as OpenAPI writes it: `/tests/{slug}`."""
    return _PARAMETER.sub(lambda found: "{" + found["name"] + "}", rule)


def parameters_of(rule: str, told: Endpoint) -> list[dict[str, Any]]:
    """The parameters of the path, of the query, and the headers of an operation."""
    in_path = [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": _KINDS.get(found["kind"] or "", _TEXT),
            **({"description": told.parameters[found["name"]]} if found["name"] in told.parameters else {}),
        }
        for found in _PARAMETER.finditer(rule)
    ]
    return [*in_path, *_in_query(told.query), *([_idempotency_key()] if told.is_idempotent else [])]


def _in_query(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema()
    if "$defs" in schema:
        raise ValueError(f"the parameters of {model.__name__} are plain values")
    required = set(schema.get("required", ()))
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": _without_null(inner),
            **({"description": inner["description"]} if "description" in inner else {}),
        }
        for name, inner in schema["properties"].items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """An address has no null: a parameter is left out instead."""
    bare = {name: value for name, value in schema.items() if name not in ("title", "description", "default")}
    if schema.get("default") is not None:
        bare["default"] = schema["default"]
    given = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(given) == 1:
        bare.pop("anyOf")
        bare |= given[0]
    return bare


def _idempotency_key() -> dict[str, Any]:
    return {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": "What is sent again under the same key within a day is done once, and answered alike.",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    }


def _operation(told: Endpoint, parameters: list[dict[str, Any]], shapes: Shapes) -> dict[str, Any]:
    has_parameters = any(each["in"] == "path" for each in parameters)
    operation: dict[str, Any] = {
        "operationId": told.name,
        "summary": told.summary,
        "description": told.description,
        "tags": [told.tag],
        "security": [{"key": [told.scope] if told.scope else []}],
        "parameters": parameters,
        "responses": {
            str(told.status): _success(told, shapes),
            **({"304": {"description": "Nothing changed since `If-None-Match`."}} if told.method == "GET" else {}),
            **_problem_responses(problems_of(told, has_parameters=has_parameters)),
        },
    }
    if told.body is not None:
        content = {"schema": shapes[told.body, "validation"], "example": example_of(told.body)}
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    return operation


def _success(told: Endpoint, shapes: Shapes) -> dict[str, Any]:
    if told.answer is None:
        return {"description": "Done; there is nothing to tell."}
    content = {"schema": shapes[told.answer, "serialization"], "example": example_of(told.answer, "serialization")}
    said = (told.answer.__doc__ or "").strip().partition("\n")[0]
    answer: dict[str, Any] = {"description": said or "Done.", "content": {"application/json": content}}
    if told.method == "GET":
        answer["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "Of this answer."}}
    return answer


def _problem_responses(types: list[ProblemType]) -> dict[str, Any]:
    by_status: dict[int, list[ProblemType]] = {}
    for each in types:
        by_status.setdefault(each.status, []).append(each)
    return {
        str(status): {
            "description": " ".join(f"`{each.code}`: {each.title}" for each in several),
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}Problem"}}},
        }
        for status, several in sorted(by_status.items())
    }


def _schemas(endpoints: list[Endpoint]) -> tuple[Shapes, dict[str, Any]]:
    wanted: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = []
    for told in endpoints:
        if told.body is not None:
            wanted.append((told.body, "validation"))
        if told.answer is not None:
            wanted.append((told.answer, "serialization"))
    shapes, definitions = models_json_schema(list(dict.fromkeys(wanted)), ref_template=_SCHEMAS + "{model}")
    return dict(shapes), definitions.get("$defs", {})


def _introduction() -> str:
    scopes = "\n".join(f"- `{scope}`: {sentence}" for scope, sentence in SENTENCES.items())
    return (
        "Every call carries an API key. Lists come in pages by keyset. GETs carry an ETag. What goes wrong is told as"
        f" problem details (RFC 9457).\n\nA key holds the scopes that its maker ticked:\n\n{scopes}"
    )
