"""Panels: a lower floor's page leaves a named place, upper floors hang their part into it."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

_EXTENSION = "assay.panels"
Panel = Callable[..., str]


class Panels:
    """The parts that upper floors offer, by the name of the place."""

    def __init__(self) -> None:
        self._offers: dict[str, list[tuple[int, Panel]]] = defaultdict(list)

    def offer(self, place: str, panel: Panel, *, rank: int = 50) -> None:
        """`panel` gets the keyword arguments that the page gives and returns safe HTML, or an empty string.

        Panels of one place stand in the order of their ranks.
        """
        self._offers[place].append((rank, panel))
        self._offers[place].sort(key=lambda offer: offer[0])

    def render(self, place: str, **facts: Any) -> Markup:
        parts = (panel(**facts) for _rank, panel in self._offers[place])
        return Markup("").join(Markup(part) for part in parts)  # noqa: S704  # panels render our own templates


def register_panels(app: Flask) -> None:
    app.extensions[_EXTENSION] = Panels()
    app.jinja_env.globals["panels"] = lambda place, **facts: panels_of(current_app).render(place, **facts)


def panels_of(app: Flask) -> Panels:
    panels: Panels = app.extensions[_EXTENSION]
    return panels
