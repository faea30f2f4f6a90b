"""Worked examples of the item types, computed live and laid out so that a reader can recompute them by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.base import Content
from assessments.web.item_views import ITEM_VIEWS

LONGEST_FRACTION = 11  # characters; a longer one tells a reader less than its decimals


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as a reader wants it: the exact fraction where it is short, and three decimals."""

    exact: str
    decimal: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the score: points × weight = contribution; `counts` are the whole numbers behind the points."""

    name: str
    counts: Mapping[str, int]
    points: Figure
    weight: Figure
    contribution: Figure


@dataclass(frozen=True, slots=True)
class ShownExample:
    """An example ready to show: the item as candidates see it with the answer in it, and how its score comes about.

    `key` and `answer` are plain data. `waiting` are the shares that a marker gives, by name. `strategies` are what
    simple strategies would have earned, best first.
    """

    title: str
    content: Content
    template: str
    view: Mapping[str, object]
    response: Any
    prefix: str
    key: Any
    answer: Any
    parts: list[PartRow]
    waiting: list[tuple[str, Figure]]
    total: Figure
    strategies: list[tuple[str, Figure]]


def show_example(kind: ItemType, example: WorkedExample, number: int) -> ShownExample:
    """Score an example by its type's own code; `number` keeps its controls apart from others of the page."""
    score = kind.score(example.content, example.key, example.response)
    view = ITEM_VIEWS[kind.name]
    tried = kind.simple_strategies(example.content).items()
    strategies = [(name, kind.score(example.content, example.key, response).points) for name, response in tried]
    return ShownExample(
        title=example.title,
        content=example.content,
        template=view.template,
        view=view.context(example.content, example.response),
        response=example.response,
        prefix=f"e{number}-",
        key=plain(example.key, example.content),
        answer=plain(example.response, example.content),
        parts=[
            PartRow(
                name=part.name.replace("-", " "),
                counts={name.replace("_", " "): count for name, count in part.counts.items()},
                points=figure(part.points),
                weight=figure(part.weight),
                contribution=figure(part.points * part.weight),
            )
            for part in score.parts
        ],
        waiting=[(name.replace("-", " "), figure(share)) for name, share in score.waiting.items()],
        total=figure(score.points),
        strategies=[(name, figure(points)) for name, points in sorted(strategies, key=lambda row: -row[1])],
    )


def figure(number: Fraction) -> Figure:
    """Return a number with its exact fraction, where that is short enough to read."""
    exact = str(number)
    return Figure(exact if len(exact) <= LONGEST_FRACTION else "", f"{float(number):.3f}")


def plain(value: Any, content: Content) -> Any:
    """Return a key or response as dictionaries, lists and scalars; what is not said is left out, sets are sorted.

    A stretch given by its offsets into the text gets its words as well.
    """
    if isinstance(value, BaseModel):
        return plain({name: getattr(value, name) for name in type(value).model_fields}, content)
    if isinstance(value, Mapping):
        said = {_name(name): plain(entry, content) for name, entry in value.items() if entry is not None}
        return _quoted(said, content)
    if isinstance(value, (set, frozenset)):
        return sorted(plain(entry, content) for entry in value)
    if isinstance(value, (list, tuple)):
        return [plain(entry, content) for entry in value]
    return value.value if isinstance(value, Enum) else value


def _name(name: Any) -> str:
    return str(name.value if isinstance(name, Enum) else name).replace("_", " ")


def _quoted(said: dict[str, Any], content: Content) -> dict[str, Any]:
    text = getattr(content, "text", None)
    if isinstance(text, str) and isinstance(said.get("start"), int) and isinstance(said.get("end"), int):
        return {"words": text[said["start"] : said["end"]], **said}
    return said
