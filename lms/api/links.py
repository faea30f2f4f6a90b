"""Links of the OpenAPI document: which operation takes what another one answered with, by the names of members."""

from collections.abc import Iterator, Mapping
from typing import Any

_SUBJECT = "subject"


def add_links(document: dict[str, Any]) -> None:
    """Write into each answer which operations go on from it, by a `subject` or a `…_id` of their path."""
    schemas = document["components"]["schemas"]
    targets = list(_targets(document))
    for methods in document["paths"].values():
        for told in methods.values():
            answer = next(iter(told["responses"].values()))
            places = dict(_places(answer, schemas))
            links = {
                name: {"operationId": name, "parameters": {parameter: f"$response.body#{places[parameter]}"}}
                for name, parameter in targets
                if parameter in places and name != told["operationId"]
            }
            if links:
                answer["links"] = links


def _targets(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The operations whose path has one parameter that means the same everywhere."""
    for methods in document["paths"].values():
        for told in methods.values():
            names = [each["name"] for each in told["parameters"] if each["in"] == "path"]
            if len(names) == 1 and (names[0] == _SUBJECT or names[0].endswith("_id")):
                yield told["operationId"], names[0]


def _places(answer: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where the members of an answer, or of the first item of its page, are, as JSON pointers."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    members = _resolved(schema, schemas).get("properties", {})
    items = _resolved(members.get("items", {}), schemas).get("items", {})
    for name in _resolved(items, schemas).get("properties", {}):
        yield name, f"/items/0/{name}"
    for name in members:
        yield name, f"/{name}"


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found
