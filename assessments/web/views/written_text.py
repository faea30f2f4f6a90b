"""Written texts in the page, for the types that ask for one: a field, how long the text should be, its words."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.essay import LONGEST
from assessments.web.views.answers import raw_data
from assessments.web.views.words import words_of


def read_text(form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response with the text that a posted form states; browsers send each line end as two signs."""
    return {"text": form.get(f"{prefix}text", "").replace("\r\n", "\n")}


def text_context(response: Any | Mapping[str, Any]) -> dict[str, object]:
    """Return what the templates show: the `text` as it stands, and how many characters are taken at most."""
    return {"text": str(raw_data(response).get("text") or ""), "longest": LONGEST}


def count_words(text: str) -> int:
    """Return how many words a text has, as the page counts them while it is written."""
    return len(words_of(text))
