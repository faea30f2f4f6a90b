"""Answers for the items of a test, worked out once: as the fields of the page's form, with the points they earn."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import item_type, parse_response
from assessments.domain.schemas.base import Content, Response
from assessments.models.items import AnswerKey, ItemVersion
from assessments.web.item_views import ITEM_VIEWS
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID

Fields = tuple[tuple[str, str], ...]  # names without the prefix of the position


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner fills in at an item, and its points."""

    fields: Fields
    points: Fraction


@dataclass(frozen=True, slots=True)
class Answers:
    """The full-score answer of an item, and the poorest that its simple strategies yield."""

    right: Answer
    poor: Answer


class NoSuchForm(Exception):
    """An item type whose form is not known here."""


def answers_of_all_items(database: Database) -> dict[tuple[UUID, UUID], Answers]:
    """Answers by item version and key, for every type whose form is known here."""
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        rows = session.execute(
            select(ItemVersion.id, AnswerKey.id, ItemVersion.type, ItemVersion.content, AnswerKey.key).join(
                AnswerKey, AnswerKey.item_version_id == ItemVersion.id
            )
        ).all()
    found = {}
    for version_id, key_id, type_name, content, key in rows:
        if type_name in _FORMS:
            found[version_id, key_id] = _answers(type_name, content, key)
    return found


def _answers(type_name: str, raw_content: Any, raw_key: Any) -> Answers:
    kind = item_type(type_name)
    content, key = kind.content.model_validate(raw_content), kind.key.model_validate(raw_key)
    is_answered = ITEM_VIEWS[type_name].is_answered
    poor = [each for each in kind.simple_strategies(content).values() if is_answered(each)]
    poor = [each for each in poor if _is_taken(type_name, content, each)]
    right = kind.full_response(content, key)
    poorest = min(poor, key=lambda each: kind.score(content, key, each).points, default=right)

    def made(response: Response) -> Answer:
        return Answer(_fields(type_name, content, response), kind.score(content, key, response).points)

    return Answers(made(right), made(poorest))


def _is_taken(type_name: str, content: Content, response: Response) -> bool:
    try:
        parse_response(type_name, content, response.model_dump(mode="json"))
    except ValueError:
        return False
    return True


def _fields(type_name: str, content: Content, response: Response) -> Fields:
    """The fields of the form, read back by the page's own reader to be sure that they say the same."""
    fields = tuple(_FORMS[type_name](response.model_dump(mode="json")))
    form = MultiDict([(f"r1-{name}", value) for name, value in fields])
    read = parse_response(type_name, content, ITEM_VIEWS[type_name].read_form(content, form, "r1-"))
    if read != response:
        raise NoSuchForm(f"the form of {type_name} says {read!r}, not {response!r}")
    return fields


def _choice(response: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from (("choices", choice) for choice in response["choices"])


def _rubric_score(response: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((f"level-{criterion}", str(level)) for criterion, level in response["levels"].items())


def _claim_verdict(response: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from (("evidence", str(number)) for number in response["evidence"])
    if response.get("label") is not None:
        yield "label", response["label"]
    if response.get("confidence") is not None:
        yield "confidence", f"{response['confidence']:g}"


def _span_highlight(response: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "spans", json.dumps(response["spans"])
    if response.get("no_errors"):
        yield "no_errors", "yes"


_FORMS = {
    "choice": _choice,
    "rubric-score": _rubric_score,
    "claim-verdict": _claim_verdict,
    "span-highlight": _span_highlight,
}
