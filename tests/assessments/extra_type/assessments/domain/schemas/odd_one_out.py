"""Odd one out: name the word that does not belong."""

from typing import Annotated

from pydantic import Field

from assessments.domain.schemas.base import Content, InvalidKey, InvalidResponse, Key, Line, Response


class OddOneOutContent(Content):
    """Words, one of which does not belong."""

    prompt: Line
    words: Annotated[tuple[Line, ...], Field(min_length=3, max_length=6)]

    @property
    def stem(self) -> str:
        return self.prompt


class OddOneOutKey(Key):
    """The word that does not belong."""

    word: Line


class OddOneOutResponse(Response):
    """The word that the candidate named."""

    word: Line | None = None


def check_key(content: OddOneOutContent, key: OddOneOutKey) -> None:
    """Raise InvalidKey for a word that is not there."""
    if key.word not in content.words:
        raise InvalidKey(f"the words are {', '.join(content.words)}")


def check_response(content: OddOneOutContent, response: OddOneOutResponse) -> None:
    """Raise InvalidResponse for a word that is not there."""
    if response.word is not None and response.word not in content.words:
        raise InvalidResponse(f"the words are {', '.join(content.words)}")
