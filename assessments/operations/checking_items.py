"""Checking what an author has written of an item, before others decide on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from assessments.adapters.catalogue_items import Source
from assessments.domain.item_types import item_type
from assessments.domain.schemas.base import Content, Identifier, InvalidKey, Key, Shape, Text
from assessments.domain.schemas.provenance import Attribution, Provenance
from assessments.domain.temptations import missing_temptations
from assessments.domain.written_items import Written
from assessments.models.items import Difficulty, ItemUse
from assessments.operations.publishing import Draft

Model = TypeVar("Model", bound=BaseModel)


class Reasons(Shape):
    """Why the key is right: an explanation, sources, and why each wrong answer tempts, by the id of the answer."""

    rationale: Text
    sources: Annotated[tuple[Source, ...], Field(min_length=1, max_length=40)]
    temptations: dict[Annotated[str, StringConstraints(min_length=1, max_length=200)], Text]


class Particulars(Shape):
    """Where an item belongs and where it comes from."""

    bank: Identifier
    identifier: Identifier
    use: ItemUse
    skill: Identifier
    difficulty: Difficulty
    tags: Annotated[tuple[Identifier, ...], Field(max_length=40)] = ()
    provenance: Provenance | None = None
    attribution: Attribution | None = None


class Storable(Shape):
    """What the particulars must be like even while they are unfinished: the columns of a draft hold no more."""

    bank: Identifier
    identifier: Identifier
    use: ItemUse
    skill: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    difficulty: Difficulty
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A finished item: it can be published; `content` and `key` are what its type takes."""

    draft: Draft
    content: Content
    key: Key


class Unfinished(ValueError):
    """What is written cannot be published yet; `sentences` say all that is missing or wrong."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def check_written(type_name: str, written: Written) -> Checked:
    """Return what is written as an item to publish; raise Unfinished naming all that stands in the way."""
    kind = item_type(type_name)
    content, content_faults = _parsed("content", kind.content, written.content)
    key, key_faults = _parsed("key", kind.key, written.key)
    reasons, reason_faults = _parsed("reasons", Reasons, written.reasons)
    particulars, other_faults = _parsed("particulars", Particulars, written.particulars)
    sentences = [*content_faults, *key_faults, *reason_faults, *other_faults]
    if written.answer is not None and not key_faults:
        sentences.append("key: it does not say yet what the right answer is.")
    if content is not None and key is not None:
        try:
            kind.check_key(content, key)
            if reasons is not None:
                missing = missing_temptations(kind, content, key, reasons.temptations)
                sentences += [f"reasons: say why {answer} tempts." for answer in missing]
        except InvalidKey as fault:
            sentences.append(f"key: {fault}.")
    if sentences or content is None or key is None or reasons is None or particulars is None:
        raise Unfinished(sentences)
    return Checked(_draft(type_name, content, key, reasons, particulars), content, key)


def _parsed(section: str, model: type[Model], raw: Mapping[str, Any]) -> tuple[Model | None, list[str]]:
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        return None, list(_sentences(section, error))


def _sentences(section: str, error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False):
        steps = (str(step + 1) if isinstance(step, int) else step.replace("_", " ") for step in fault["loc"])
        where = ", ".join((section, *(step for step in steps if "[" not in step)))
        yield f"{where}: {fault['msg'].removeprefix('Value error, ')}."


def _draft(type_name: str, content: Content, key: Key, reasons: Reasons, particulars: Particulars) -> Draft:
    return Draft(
        identifier=particulars.identifier,
        use=particulars.use,
        type=type_name,
        skill=particulars.skill,
        difficulty=particulars.difficulty,
        content=content.model_dump(mode="json"),
        key=key.model_dump(mode="json"),
        rationale=reasons.rationale,
        sources=[source.model_dump(mode="json", exclude_none=True) for source in reasons.sources],
        temptations=dict(reasons.temptations),
        tags=list(particulars.tags),
        provenance=_stated(particulars.provenance),
        attribution=_stated(particulars.attribution),
    )


def _stated(value: Shape | None) -> dict[str, Any] | None:
    return None if value is None else value.model_dump(mode="json", exclude_none=True)
