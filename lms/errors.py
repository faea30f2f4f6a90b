"""Refusals: errors that a person can cause, each with a sentence for that person."""

from collections.abc import Mapping


class Refusal(Exception):
    """What was asked for is not done; `str(refusal)` tells the person why.

    `facts` are values that a client may need to go on, such as the stored sequence of a response.
    """

    code = "refused"

    def __init__(self, message: str, *, facts: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.facts = dict(facts or {})


class NotFound(Refusal):
    """There is no such thing, or it is not this person's to see."""

    code = "not-found"


class NotRecognised(Refusal):
    """Whoever calls has not shown who they are."""

    code = "not-recognised"


class NotAllowed(Refusal):
    """The person is known, and may not do this."""

    code = "not-allowed"


class Conflict(Refusal):
    """The thing is not in a state in which this can be done."""

    code = "conflict"


class Gone(Refusal):
    """The thing was there and is closed for good."""

    code = "gone"


class TooManyRequests(Refusal):
    """The same was tried too often in too short a time."""

    code = "too-many-requests"


class Malformed(Refusal):
    """What was sent cannot be read at all."""

    code = "malformed"


class Unsupported(Refusal):
    """What was sent is of a kind that is not read here."""

    code = "unsupported"


class TooLarge(Refusal):
    """More was sent than is taken at once."""

    code = "too-large"


class Invalid(Refusal):
    """The input does not fit; the message names what is wrong and what was expected."""

    code = "invalid"


STATUS_OF: dict[type[Refusal], int] = {
    NotFound: 404,
    NotRecognised: 401,
    NotAllowed: 403,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    Malformed: 400,
    Unsupported: 415,
    Invalid: 422,
    TooManyRequests: 429,
    Refusal: 422,
}


def status_of(kind: type[Refusal]) -> int:
    """The status with which this kind of refusal is answered."""
    return next(STATUS_OF[each] for each in kind.__mro__ if each in STATUS_OF)
