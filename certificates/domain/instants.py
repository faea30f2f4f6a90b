"""Instants as they stand in credentials: UTC, to the second."""

from datetime import UTC, datetime

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def as_seconds(at: datetime) -> str:
    """An instant as 2026-11-21T10:00:00Z; what is below the second is cut off."""
    return at.astimezone(UTC).strftime(_FORM)


def read_seconds(text: str) -> datetime:
    """The instant that `as_seconds` wrote. Raises ValueError for any other way of writing it."""
    at = datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    if as_seconds(at) != text:
        raise ValueError(f"{text} is not an instant of the form 2026-11-21T10:00:00Z")
    return at
