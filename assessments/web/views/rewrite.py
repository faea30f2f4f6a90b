"""Rewrite in the page: the response to correct, and a field for the corrected text."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.rewrite import RewriteContent, RewriteResponse
from assessments.web.views.written_text import read_text, text_context


def read_form(content: RewriteContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states."""
    return read_text(form, prefix)


def is_answered(response: RewriteResponse) -> bool:
    """Whether anything but space is written."""
    return bool(response.text.strip())


def context(content: RewriteContent, response: RewriteResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: the `text`, and how `longest` it may be in characters."""
    return text_context(response)
