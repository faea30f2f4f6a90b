"""Odd one out in the page: the words to choose from."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.odd_one_out import OddOneOutContent, OddOneOutResponse
from assessments.web.views.answers import raw_data


def read_form(content: OddOneOutContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    word = form.get(f"{prefix}word")
    return {"word": word} if word else {}


def is_answered(response: OddOneOutResponse) -> bool:
    return response.word is not None


def context(content: OddOneOutContent, response: OddOneOutResponse | Mapping[str, Any]) -> dict[str, object]:
    return {"chosen": raw_data(response).get("word")}
