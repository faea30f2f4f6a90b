"""What the schemas of all item types share: strict, immutable, with clear limits on text."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]  # a short story

ECHO_LIMIT = 80  # characters of what came from outside that a message repeats


class Shape(BaseModel):
    """An immutable value; a field that is not declared is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Content(Shape):
    """What the candidate sees of an item. It has no field in which a key could stand."""

    @property
    @abstractmethod
    def stem(self) -> str:
        """The text by which people know the item, find it, and notice that there is one like it."""


class Key(Shape):
    """What a response is scored against. It never leaves the server before release."""


class Response(Shape):
    """What a candidate answers. Only its shape is known here; the content decides what fits."""


class InvalidResponse(ValueError):
    """The response does not fit the item; the message says what was wrong and what was expected."""


class InvalidKey(ValueError):
    """The key does not fit the item's content; the message says what was wrong and what was expected."""


def echo(text: str) -> str:
    """Return what came from outside so that a message may repeat it: short, and always valid Unicode."""
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return sound if len(sound) <= ECHO_LIMIT else sound[: ECHO_LIMIT - 1] + "…"


def echo_names(names: Iterable[str]) -> str:
    """Return names in order, as `echo` does."""
    return echo(", ".join(sorted(names)))
