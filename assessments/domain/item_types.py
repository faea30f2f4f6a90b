"""The item types there are: found by their modules, so that adding a type touches nothing else.

A type is a module of the same name in each of `domain/schemas`, `domain/scoring` (which declares it as `TYPE`),
`web/views` and `web/feedback`, and two templates. This is the one place that finds them.
"""

from importlib import import_module
from pkgutil import iter_modules

from pydantic import ValidationError

from assessments.domain import scoring
from assessments.domain.item_type import ItemType
from assessments.domain.schemas.base import Content, InvalidResponse, Response
from assessments.domain.schemas.faults import describe_fault


class UnknownItemType(ValueError):
    """No item type has this name; the message says which there are."""


def find_item_types() -> dict[str, ItemType]:
    """Return the types that the modules of `domain/scoring` declare, by name, in order of their names."""
    modules = [import_module(f"{scoring.__name__}.{found.name}") for found in iter_modules(scoring.__path__)]
    declared = [module.TYPE for module in modules if hasattr(module, "TYPE")]
    return {kind.name: kind for kind in sorted(declared, key=lambda kind: kind.name)}


ITEM_TYPES: dict[str, ItemType] = find_item_types()


def item_type(name: str) -> ItemType:
    """Return the item type of this name; raise UnknownItemType when there is none."""
    if name not in ITEM_TYPES:
        raise UnknownItemType(f"unknown item type; the types are {', '.join(ITEM_TYPES)}")
    return ITEM_TYPES[name]


def parse_response(name: str, content: Content, raw: object) -> Response:
    """Return what came from outside as a response that fits this content of the named type.

    Raises InvalidResponse with one sentence that says what was wrong and what was expected.
    """
    kind = item_type(name)
    try:
        response = kind.response.model_validate(raw)
    except ValidationError as fault:
        raise InvalidResponse(describe_fault(fault, kind.response)) from fault
    kind.check_response(content, response)
    return response
