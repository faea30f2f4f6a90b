"""Short text in the page: one field."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.short_text import LONGEST, ShortTextContent, ShortTextResponse
from assessments.web.views.answers import raw_data


def read_form(content: ShortTextContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states."""
    return {"text": form.get(f"{prefix}text", "")}


def is_answered(response: ShortTextResponse) -> bool:
    """Whether anything is typed."""
    return bool(response.text)


def context(content: ShortTextContent, response: ShortTextResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: the `text` as typed, and the `longest` that is taken, in characters."""
    return {"text": str(raw_data(response).get("text") or ""), "longest": LONGEST}
