"""Turns what a file states of an item into a draft that can be published, or says why it cannot be one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from assessments.adapters.catalogue_items import Source
from assessments.adapters.exchange import ReadItem
from assessments.adapters.plain_words import unsound
from assessments.domain.item_type import ItemType
from assessments.domain.item_types import UnknownItemType, item_type
from assessments.domain.schemas.base import Identifier, InvalidKey, Shape, Text, echo
from assessments.domain.schemas.faults import describe_fault
from assessments.domain.schemas.provenance import Attribution, Provenance
from assessments.models.items import Difficulty, ItemUse
from assessments.operations.publishing import Draft

Model = TypeVar("Model", bound=BaseModel)


class NoDraft(ValueError):
    """What the file states is no item; the message says what is wrong and what was expected."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for items whose file does not say."""

    skill: str
    difficulty: str = Difficulty.MEDIUM.value


class _Around(Shape):
    """What stands around content and key; unlike in a catalogue, a rationale and reasons may be missing."""

    identifier: Identifier
    use: ItemUse
    skill: Identifier
    difficulty: Difficulty
    rationale: Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000)]
    sources: Annotated[tuple[Source, ...], Field(max_length=40)]
    temptations: dict[str, Text]
    tags: Annotated[tuple[Identifier, ...], Field(max_length=40)]
    provenance: Provenance | None
    attribution: Attribution | None


def make_draft(item: ReadItem, defaults: Defaults) -> Draft:
    """Check an item as the catalogue does: its type, content and key, that the key fits, and what stands around them.

    Raises NoDraft naming the first fault.
    """
    kind = _type_of(item)
    content = _fitting("content", kind.content, item.content)
    key = _fitting("key", kind.key, item.key)
    try:
        kind.check_key(content, key)
    except InvalidKey as fault:
        raise NoDraft(f"the key does not fit: {fault}") from fault
    around = _fitting("item", _Around, _around(item, defaults))
    return _sound(
        Draft(
            identifier=around.identifier,
            use=around.use,
            type=kind.name,
            skill=around.skill,
            difficulty=around.difficulty,
            content=content.model_dump(mode="json"),
            key=key.model_dump(mode="json"),
            rationale=around.rationale,
            sources=[source.model_dump(mode="json", exclude_none=True) for source in around.sources],
            temptations=dict(around.temptations),
            tags=list(around.tags),
            provenance=around.provenance.model_dump(mode="json", exclude_none=True) if around.provenance else None,
            attribution=around.attribution.model_dump(mode="json", exclude_none=True) if around.attribution else None,
        )
    )


def _type_of(item: ReadItem) -> ItemType:
    try:
        return item_type(item.type)
    except UnknownItemType as fault:
        raise NoDraft(f"type {echo(str(item.type))}: {fault}") from fault


def _around(item: ReadItem, defaults: Defaults) -> dict[str, Any]:
    return {
        "identifier": item.identifier,
        "use": item.use,
        "skill": item.skill or defaults.skill,
        "difficulty": item.difficulty or defaults.difficulty,
        "rationale": item.rationale,
        "sources": item.sources,
        "temptations": item.temptations,
        "tags": item.tags,
        "provenance": item.provenance,
        "attribution": item.attribution,
    }


def _fitting(name: str, model: type[Model], raw: Mapping[str, Any]) -> Model:
    try:
        return model.model_validate(dict(raw))
    except ValidationError as fault:
        raise NoDraft(_sentence(name, model, fault)) from fault


def _sentence(name: str, model: type[BaseModel], fault: ValidationError) -> str:
    first = fault.errors(include_url=False, include_input=False)[0]
    if first["type"] == "extra_forbidden":
        field = echo(".".join(str(step) for step in first["loc"]))
        return f"{name} has no field {field}; its fields are {', '.join(model.model_fields)}"
    return f"{name}: {describe_fault(fault, model)}"


def _sound(draft: Draft) -> Draft:
    """The draft, when its texts are such that a database can store them."""
    parts = (draft.content, draft.key, draft.rationale, draft.sources, draft.temptations)
    for text in _texts((*parts, draft.provenance, draft.attribution)):
        if fault := unsound(text):
            raise NoDraft(f"“{echo(text)}” {fault}")
    return draft


def _texts(value: object) -> Iterator[str]:
    """All texts in JSON values, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts((*value.keys(), *value.values()))
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)
