"""An item for somebody who tries it, in practice and in calibration: as it is asked, and what is told after a try."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _

from assessments.domain.item_types import item_type
from assessments.domain.schemas.base import Key, Response
from assessments.domain.scores import ItemScore
from assessments.queries.practice import PracticeItem, Reasons, Try
from assessments.queries.versions import Version
from assessments.web.item_views import ITEM_VIEWS


@dataclass(frozen=True, slots=True)
class LastTry:
    """A try with all that may be said now: it is over, and this is no test."""

    response: Response
    score: ItemScore
    key: Key
    rationale: str
    sources: Any
    temptations: dict[str, str]


def tell(version: Version, made: Try, reasons: Reasons) -> LastTry:
    """The try of an item version with the key that it was scored by, and the reasons of that key."""
    kind = item_type(version.type)
    response = kind.response.model_validate(made.response)
    return LastTry(
        response=response,
        score=kind.score(version.content, reasons.key, response),
        key=reasons.key,
        rationale=reasons.rationale,
        sources=reasons.sources,
        temptations=reasons.temptations,
    )


def item_facts(
    item: PracticeItem | Version,
    *,
    prefix: str,
    last: LastTry | None = None,
    typed: Any = None,
    message: str | None = None,
) -> dict[str, Any]:
    """What the templates take of an item: before a try nothing in it comes from a key.

    `typed` is what was sent and refused, with the message why; it must not be lost.
    """
    kind, view = item_type(item.type), ITEM_VIEWS[item.type]
    response = last.response if last else kind.response.model_validate({})
    return {
        "item": {
            "identifier": item.identifier,
            "type": item.type,
            "title": _(kind.title),
            "content": item.content,
            "template": view.template,
            "feedback_template": view.feedback_template,
            "attribution": item.attribution,
        },
        "view": view.context(item.content, response if typed is None else typed),
        "response": response,
        "prefix": prefix,
        "last": last,
        "feedback": view.feedback(item.content, last.key, last.response, last.score) if last else None,
        "try_key": str(uuid4()),
        "errors": message,
    }
