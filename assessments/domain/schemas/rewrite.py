"""Rewrite: correct a response, so that what is wrong goes and what is right stays."""

import re
from typing import Annotated, Self
from unicodedata import normalize

from pydantic import Field, model_validator

from assessments.domain.schemas.base import (
    Content,
    Identifier,
    InvalidKey,
    Key,
    Line,
    Response,
    Shape,
    Text,
    echo,
)
from assessments.domain.schemas.essay import Words, Written
from assessments.domain.schemas.parts import Criterion, check_ids_differ

Phrases = Annotated[tuple[Line, ...], Field(max_length=20)]

# Scripts that put no space between words: there each character stands for a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
# A word, in which a point or comma may stand between digits (3.5 is not 3 and 5); or a sign that numbers carry.
_WORD = re.compile(rf"[{_UNSPACED}]|(?:[^\W_{_UNSPACED}]|(?<=\d)[.,](?=\d))+|[%°$€£]")


class RewriteContent(Content):
    """A task, the response to correct, and the criteria by which markers judge the rest (none: checks alone)."""

    task: Text
    prompt: Text
    reference_title: Line | None = None
    reference: Text | None = None
    response: Text
    most_words: Words | None = None
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=8)] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        check_ids_differ("criterion", self.criteria)
        return self

    @property
    def stem(self) -> str:
        return f"{self.task}\n\n{self.response}"


class Check(Shape):
    """One thing to look for: one of `any_of` stands in the text, and none of `none_of` does."""

    id: Identifier
    title: Line
    any_of: Phrases = ()
    none_of: Phrases = ()

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if not self.any_of and not self.none_of:
            raise ValueError(f"check {self.id} looks for nothing; give any_of or none_of")
        if wordless := [phrase for phrase in (*self.any_of, *self.none_of) if not plain(phrase)]:
            raise ValueError(f"check {self.id} looks for {echo(wordless[0])}, in which there is no word")
        return self


class RewriteKey(Key):
    """What must be mended, what must be kept, and an exemplary rewrite that passes every check."""

    must_fix: Annotated[tuple[Check, ...], Field(min_length=1, max_length=12)]
    must_keep: Annotated[tuple[Check, ...], Field(max_length=12)] = ()
    exemplar: Text
    notes: Text | None = None

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [check.id for check in self.checks]
        if len(ids) != len(set(ids)):
            raise ValueError(f"check ids must differ, got {', '.join(ids)}")
        return self

    @property
    def checks(self) -> tuple[Check, ...]:
        """All checks, those of what must be mended first."""
        return (*self.must_fix, *self.must_keep)


class RewriteResponse(Response):
    """The corrected text; empty while nothing is written."""

    text: Written = ""


def check_key(content: RewriteContent, key: RewriteKey) -> None:
    """Raise InvalidKey unless there is something to mend and to keep, a way to full points, and no cheap one.

    The response as it stands must fail every must-fix check and pass every must-keep check, and the exemplar must
    pass all. Where no check looks for words, a text of one word would pass all, so one has to.
    """
    for check in key.must_fix:
        if passes(check, content.response):
            raise InvalidKey(f"must-fix {check.id} holds for the response as it stands; there is nothing to mend")
    for check in key.checks:
        if not passes(check, key.exemplar):
            raise InvalidKey(f"the exemplar fails the check {check.id}")
    if not any(check.any_of for check in key.checks):
        raise InvalidKey("no check looks for words with any_of, so a text of one word would pass them all")
    for check in key.must_keep:
        if not passes(check, content.response):
            raise InvalidKey(
                f"must-keep {check.id} does not hold for the response as it stands; there is nothing to keep"
            )


def check_response(content: RewriteContent, response: RewriteResponse) -> None:
    """Every text fits; how its length is judged stands in the criteria."""


def passes(check: Check, text: str) -> bool:
    """Whether a text passes a check. Compared are words: letter case, punctuation and spaces do not count."""
    words = f" {plain(text)} "
    found = any(f" {plain(phrase)} " in words for phrase in check.any_of) or not check.any_of
    return found and not any(f" {plain(phrase)} " in words for phrase in check.none_of)


def plain(text: str) -> str:
    """Return the words of a text alone, in lower case, one space between them."""
    return " ".join(_WORD.findall(normalize("NFKC", text).casefold()))
