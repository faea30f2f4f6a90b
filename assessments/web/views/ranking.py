"""Ranking in the page: a list of responses to sort, best first."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.ranking import RankingContent, RankingResponse
from assessments.web.views.answers import raw_data
from assessments.web.views.places import placed_entries, read_places


def read_form(content: RankingContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states."""
    return read_places(content.entries, form, prefix)


def is_answered(response: RankingResponse) -> bool:
    """Whether the list has been ranked; as it is shown, it has not."""
    return bool(response.order)


def context(content: RankingContent, response: RankingResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: `entries` with their places."""
    return {"entries": placed_entries(content.entries, raw_data(response))}
