"""True or false in the page: two answers to choose from."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.true_false import TrueFalseContent, TrueFalseResponse
from assessments.web.views.answers import raw_data


def read_form(content: TrueFalseContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states; what was left open is left out."""
    answer = form.get(f"{prefix}answer")
    return {"answer": answer} if answer else {}


def is_answered(response: TrueFalseResponse) -> bool:
    """Whether an answer is chosen."""
    return response.answer is not None


def context(content: TrueFalseContent, response: TrueFalseResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: the `answer` that is chosen."""
    return {"answer": raw_data(response).get("answer")}
