"""What an item type is: the shapes and pure functions that every type brings along."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.domain.schemas.base import Content, Key, Response
from assessments.domain.scores import ItemScore


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A small item with a response, whose score a reader can recompute from the published formula."""

    title: str
    content: Content
    key: Key
    response: Response


@dataclass(frozen=True, slots=True)
class ItemType:
    """All that is known about one type of item.

    `Any` stands where the functions take the content, key and response of their own type.
    `task` says in one sentence what the candidate does.
    `key_with(content, response, key)` is the raw key (its other fields as given) whose answer is this response:
    how a key is stated with the candidate's own controls; `full_response` is the way back.
    `wrong_answers` are the ids of the answers that need a reason why they tempt, None where they cannot be listed.
    """

    name: str
    title: str
    task: str
    content: type[Content]
    key: type[Key]
    response: type[Response]
    check_key: Callable[[Any, Any], None]
    check_response: Callable[[Any, Any], None]
    score: Callable[[Any, Any, Any], ItemScore]
    full_response: Callable[[Any, Any], Response]
    key_with: Callable[[Any, Any, Mapping[str, Any]], dict[str, Any]]
    simple_strategies: Callable[[Any], Mapping[str, Response]]
    wrong_answers: Callable[[Any, Any], Sequence[str] | None]
    examples: tuple[WorkedExample, ...]

    @property
    def module(self) -> str:
        """The name of this type's modules and templates: `span_highlight` for `span-highlight`."""
        return self.name.replace("-", "_")
