"""Order in the page: a place to give to each entry."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.order import OrderContent, OrderResponse
from assessments.web.views.answers import raw_data
from assessments.web.views.places import placed_entries, read_places


def read_form(content: OrderContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states: the places of the entries."""
    return read_places(content.entries, form, prefix)


def is_answered(response: OrderResponse) -> bool:
    """Whether the list was touched."""
    return bool(response.order)


def context(content: OrderContent, response: OrderResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: `entries` with their places, in the sequence of these."""
    return {"entries": placed_entries(content.entries, raw_data(response))}
