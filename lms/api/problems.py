"""Problems of the API: what a caller can do wrong, each a type of its own with a code, a status and an explanation."""

from collections.abc import Iterable, Mapping

from lms.errors import (
    Conflict,
    Invalid,
    Malformed,
    NotAllowed,
    NotFound,
    NotRecognised,
    TooManyRequests,
    Unsupported,
)

Fault = Mapping[str, str]  # {pointer: into the body} or {parameter: of the address}, and {message}


class MissingKey(NotRecognised):
    """The request carries no API key. Send `Authorization: Bearer assay_…`; cookies are not looked at."""

    code = "missing-key"


class UnknownKey(NotRecognised):
    """There is no such API key."""

    code = "unknown-key"


class ExpiredKey(NotRecognised):
    """The API key has expired, or the time in which it could be replaced is over."""

    code = "expired-key"


class RevokedKey(NotRecognised):
    """The API key was revoked."""

    code = "revoked-key"


class MissingScope(NotAllowed):
    """The API key lacks the scope that this endpoint asks for; the member `scope` names it."""

    code = "missing-scope"


class RateExceeded(TooManyRequests):
    """The API key was used more often in a minute than its rate allows; wait as long as `Retry-After` says."""

    code = "rate-exceeded"


class TooManyWrongKeys(TooManyRequests):
    """Too many requests from this address carried keys that are none; wait as long as `Retry-After` says."""

    code = "too-many-wrong-keys"


class MalformedRequest(Malformed):
    """The body is not well-formed JSON."""

    code = "malformed-request"


class UnsupportedMediaType(Unsupported):
    """The body is not `application/json`."""

    code = "unsupported-media-type"


class InvalidRequest(Invalid):
    """A member of the body or a parameter does not fit; `errors` names each with a pointer and a sentence."""

    code = "invalid-request"

    def __init__(self, errors: Iterable[Fault], message: str = "") -> None:
        faults = [dict(each) for each in errors]
        super().__init__(message or _sentence(len(faults)), facts={"errors": faults})


class BrokenCursor(InvalidRequest):
    """The cursor in `after` is not one that this list handed out."""

    code = "broken-cursor"

    def __init__(self) -> None:
        message = "Take `next` from an answer of this list as it is, or leave `after` out to begin anew."
        super().__init__([{"parameter": "after", "message": message}], message)


class IdempotencyKeyInvalid(InvalidRequest):
    """The header `Idempotency-Key` is not made of 1 to 200 visible ASCII characters."""

    code = "idempotency-key-invalid"

    def __init__(self) -> None:
        message = "Use 1 to 200 visible ASCII characters without spaces, for example a UUID."
        super().__init__([{"parameter": "Idempotency-Key", "message": message}], message)


class IdempotencyKeyReused(Invalid):
    """The idempotency key was used before with another method, address or body."""

    code = "idempotency-key-reused"


class IdempotencyKeyInFlight(Conflict):
    """A request with this idempotency key is being answered at this moment; ask again in a second."""

    code = "idempotency-key-in-flight"


class UnknownSubject(NotFound):
    """There is no such person in this organisation, or no longer, or the person did not agree to being read."""

    code = "unknown-subject"

    def __init__(self, message: str = "There is no such person in this organisation.") -> None:
        super().__init__(message)


class UnknownTier(NotFound):
    """There is no such tier in this organisation or in the public catalogue."""

    code = "unknown-tier"

    def __init__(self, message: str = "There is no tier of this name.") -> None:
        super().__init__(message)


def _sentence(count: int) -> str:
    return "One thing does not fit; see `errors`." if count == 1 else f"{count} things do not fit; see `errors`."
