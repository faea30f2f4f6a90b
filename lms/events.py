"""Events: a lower package announces a fact, upper packages hear it inside the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

Fact = TypeVar("Fact")
_KEY = "assay.subscriptions"


class Subscriptions:
    """Who wants to hear of which facts. One of these belongs to each application."""

    def __init__(self) -> None:
        self._handlers: dict[type[Any], list[Callable[[Session, Any], None]]] = defaultdict(list)

    def subscribe(self, fact: type[Fact], handler: Callable[[Session, Fact], None]) -> None:
        self._handlers[fact].append(handler)

    def heard_by(self, fact: type[Any]) -> list[Callable[[Session, Any], None]]:
        return self._handlers[fact]


def attach(session: Session, subscriptions: Subscriptions) -> None:
    """Let facts that are announced in this session reach their subscribers."""
    session.info[_KEY] = subscriptions


def announce(session: Session, fact: object) -> None:
    """Tell every subscriber; what they write belongs to the announcing transaction."""
    subscriptions: Subscriptions = session.info[_KEY]
    for handler in subscriptions.heard_by(type(fact)):
        handler(session, fact)
