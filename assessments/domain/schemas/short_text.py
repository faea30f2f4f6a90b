"""Short text: a word or a few, compared with what is accepted (QTI textEntryInteraction)."""

from typing import Annotated

from pydantic import Field, StringConstraints

from assessments.domain.schemas.base import Content, InvalidKey, Key, Line, Response, Shape, Text

LONGEST = 200  # characters of an answer


class ShortTextContent(Content):
    """A question that a word or a few answer."""

    prompt: Text
    passage: Text | None = None

    @property
    def stem(self) -> str:
        return self.prompt


class AcceptedText(Shape):
    """A text that earns points: 1 where it is right, less where it is partly right."""

    text: Annotated[Line, Field(max_length=LONGEST)]
    points: Annotated[float, Field(gt=0, le=1)] = 1.0


class ShortTextKey(Key):
    """The texts that earn points, the best first.

    They are compared in one spelling (`normal_form`): spaces are collapsed, punctuation at the ends is dropped, kinds
    of quote and dash are made one; accents count, and letter case only when `is_case_sensitive`. `typos` is how many
    letters may be wrong, missing, too many or swapped with their neighbour, in texts of four letters or more.
    """

    answers: Annotated[tuple[AcceptedText, ...], Field(min_length=1, max_length=50)]
    is_case_sensitive: bool = False
    typos: Annotated[int, Field(ge=0, le=3)] = 0


class ShortTextResponse(Response):
    """What the candidate typed."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST)] = ""


def check_key(content: ShortTextContent, key: ShortTextKey) -> None:
    """Raise InvalidKey unless one text at least is fully right."""
    if all(answer.points < 1 for answer in key.answers):
        raise InvalidKey("no text earns full points; at least one must")


def check_response(content: ShortTextContent, response: ShortTextResponse) -> None:
    """Every text fits."""
