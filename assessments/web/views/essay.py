"""Essay in the page: a field for the text."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.essay import EssayContent, EssayResponse
from assessments.web.views.written_text import read_text, text_context


def read_form(content: EssayContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states."""
    return read_text(form, prefix)


def is_answered(response: EssayResponse) -> bool:
    """Whether anything but space is written."""
    return bool(response.text.strip())


def context(content: EssayContent, response: EssayResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: the `text`, and how `longest` it may be in characters."""
    return text_context(response)
