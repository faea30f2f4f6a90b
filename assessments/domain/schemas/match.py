"""Match: give each entry of one list its partner in another (QTI matchInteraction)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from assessments.domain.schemas.base import (
    Content,
    Identifier,
    InvalidKey,
    InvalidResponse,
    Key,
    Response,
    Text,
    echo_names,
)
from assessments.domain.schemas.parts import Option, check_ids_differ

Partners = Annotated[frozenset[Identifier], Field(min_length=1)]


class MatchContent(Content):
    """Entries to match and the targets to match them with; a target may serve several entries, or none."""

    prompt: Text
    passage: Text | None = None
    entries: Annotated[tuple[Option, ...], Field(min_length=2, max_length=10)]
    targets: Annotated[tuple[Option, ...], Field(min_length=2, max_length=10)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        check_ids_differ("entry", self.entries)
        check_ids_differ("target", self.targets)
        return self

    @property
    def stem(self) -> str:
        return self.prompt


class MatchKey(Key):
    """The target of each entry, and further targets accepted for it. An entry left out has no partner."""

    pairs: Annotated[dict[Identifier, Identifier], Field(min_length=1)]
    accepted: dict[Identifier, Partners] = Field(default_factory=dict)

    def acceptable(self, entry: str) -> frozenset[str]:
        """The targets that are right for an entry; none where it must stay alone."""
        right = {self.pairs[entry]} if entry in self.pairs else set()
        return frozenset(right | self.accepted.get(entry, frozenset()))


class MatchResponse(Response):
    """The target that the candidate gave each entry, by entry id; an entry may be left alone."""

    pairs: Annotated[dict[Identifier, Identifier], Field(max_length=10, default_factory=dict)]


def check_key(content: MatchContent, key: MatchKey) -> None:
    """Raise InvalidKey for unknown entries or targets, or accepted targets of an entry that has none."""
    targets = {target.id for target in content.targets}
    entries = {entry.id for entry in content.entries}
    if unknown := (key.pairs.keys() | key.accepted.keys()) - entries:
        raise InvalidKey(f"key names unknown entries {echo_names(unknown)}; they are {', '.join(sorted(entries))}")
    if lonely := key.accepted.keys() - key.pairs.keys():
        raise InvalidKey(f"{echo_names(lonely)} has accepted targets but stands in no pair")
    named = set(key.pairs.values()).union(*key.accepted.values())
    if unknown := named - targets:
        raise InvalidKey(f"key names unknown targets {echo_names(unknown)}; they are {', '.join(sorted(targets))}")


def check_response(content: MatchContent, response: MatchResponse) -> None:
    """Raise InvalidResponse for unknown entries or targets."""
    targets = {target.id for target in content.targets}
    entries = {entry.id for entry in content.entries}
    if unknown := response.pairs.keys() - entries:
        raise InvalidResponse(f"unknown entries {echo_names(unknown)}; they are {', '.join(sorted(entries))}")
    if unknown := set(response.pairs.values()) - targets:
        raise InvalidResponse(f"unknown targets {echo_names(unknown)}; they are {', '.join(sorted(targets))}")
