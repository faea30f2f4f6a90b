"""Navigation: packages add their links, the shell shows those that the person may follow."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, current_app, url_for
from flask_babel import LazyString
from flask_login import current_user

from lms.web.policy import policy_of

_EXTENSION = "assay.navigation"


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the header or the footer; `rank` orders them."""

    endpoint: str
    title: LazyString
    rank: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link ready to show."""

    url: str
    title: str


def register_navigation(app: Flask) -> None:
    app.extensions[_EXTENSION] = {"header": [], "footer": []}
    app.jinja_env.globals["navigation"] = lambda: list(_links("header"))
    app.jinja_env.globals["footer_links"] = lambda: list(_links("footer"))


def add_place(app: Flask, where: str, place: Place) -> None:
    """Add a link to the `header` or the `footer`."""
    places: list[Place] = app.extensions[_EXTENSION][where]
    places.append(place)
    places.sort(key=lambda p: p.rank)


def _links(where: str) -> Iterator[Link]:
    for place in current_app.extensions[_EXTENSION][where]:
        policy = policy_of(current_app, place.endpoint)
        is_open = policy is not None and (
            policy.is_public or (current_user.is_authenticated and policy.admits(current_user.roles, "GET"))
        )
        if is_open:
            yield Link(url_for(place.endpoint), str(place.title))
