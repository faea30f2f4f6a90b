"""The types of events that receivers may hear of: each floor adds its own, with the shape of what is told."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from pydantic import BaseModel, ConfigDict

from lms.members.models import ConsentScope

_EXTENSION = "assay.webhook_types"
TEST = "webhook.test"  # sent by a button and subscribed to by nobody
SUBJECT_SHOWN = UUID("3f0c9a52-6a0b-4f0e-9a51-0f5f0b6c1d2e")
SHOWN_AT = datetime(2026, 11, 21, 9, 30, 12, 204000, tzinfo=UTC)


class Told(BaseModel):
    """What is told of an event: plain values, and whom it is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: UUID | None  # a person; none where it is about somebody who is no member yet

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


@dataclass(frozen=True, slots=True)
class EventType:
    """One type. `needs` is the consent by which an organisation hears of what happened in the public one.

    Without it, an organisation hears only of what happened in itself. `is_about_member`: nothing is told of people
    who are not members when it is told.
    """

    name: str
    sentence: str
    example: Told
    needs: ConsentScope | None = None
    is_about_member: bool = True


class EventTypes:
    """The types by name. One of these belongs to each application."""

    def __init__(self) -> None:
        self._by_name: dict[str, EventType] = {}

    def add(self, *types: EventType) -> None:
        """Raises ValueError when a name is taken."""
        for each in types:
            if each.name in self._by_name:
                raise ValueError(f"there is an event type {each.name} already")
            self._by_name[each.name] = each

    def of(self, name: str) -> EventType:
        """Raises LookupError for a type that nobody added."""
        if name not in self._by_name:
            raise LookupError(f"no event type {name}")
        return self._by_name[name]

    def __iter__(self) -> Iterator[EventType]:
        return iter(self._by_name.values())


def event_types_of(app: Flask) -> EventTypes:
    """The types of this application."""
    types: EventTypes = app.extensions.setdefault(_EXTENSION, EventTypes())
    return types


def present_event_types() -> EventTypes:
    """The types of the application that serves this request."""
    return event_types_of(current_app._get_current_object())  # type: ignore[attr-defined]  # behind the proxy


def payload_of(*, type: str, happened_at: datetime, data: dict[str, Any]) -> str:
    """The body that receivers get, as it is signed and sent at every try."""
    said = {"type": type, "timestamp": _instant(happened_at), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
