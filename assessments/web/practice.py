"""Practice boxes: practice items ready to be put into a lesson, with feedback for who has tried."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.domain.schemas.base import Key, Response
from assessments.domain.scores import ItemScore
from assessments.queries.practice import PracticeItem, Reasons, Try, find_items, list_tries, reasons_of
from assessments.queries.versions import get_versions
from assessments.web.item_views import ITEM_VIEWS
from lms.web.return_path import sign_path


@dataclass(frozen=True, slots=True)
class LastTry:
    """The last try with all that may be said now: it is over, and this is practice."""

    response: Response
    score: ItemScore
    key: Key
    rationale: str
    sources: Any
    temptations: dict[str, str]


@dataclass(frozen=True, slots=True)
class ShownTry:
    """One try in the list of tries."""

    number: int
    points: Fraction | None
    at: Any


def render_practice(
    session: Session, identifiers: Iterable[str], *, person_id: UUID | None, return_path: str
) -> dict[str, Markup]:
    """The box of each item by identifier, in at most four statements; unknown items are left out.

    `return_path` is the page to come back to; the box of an item is at `#practice-<identifier>`.
    """
    items = find_items(session, identifiers)
    tries = list_tries(session, person_id=person_id, identifiers=items) if person_id else {}
    last = [made[-1] for made in tries.values()]
    reasons = reasons_of(session, last) if last else {}
    versions = get_versions(session, [attempt.version_id for attempt in last])
    boxes = {}
    for identifier, item in items.items():
        made = tries.get(identifier, [])
        newest = made[-1] if made and made[-1].version_id == item.version_id else None
        shown = _last_try(versions[newest.version_id].content, item, newest, reasons) if newest else None
        boxes[identifier] = _render(item, made, shown, return_path, person_id is not None)
    return boxes


def render_refused(item: PracticeItem, typed: Any, message: str, return_path: str) -> Markup:
    """The box again with what was typed and why it was refused."""
    return _render(item, [], None, return_path, True, typed=typed, message=message)


def _last_try(content: Any, item: PracticeItem, newest: Try, reasons: dict[UUID, Reasons]) -> LastTry:
    kind = item_type(item.type)
    reason = reasons[newest.key_id]
    response = kind.response.model_validate(newest.response)
    return LastTry(
        response=response,
        score=kind.score(content, reason.key, response),
        key=reason.key,
        rationale=reason.rationale,
        sources=reason.sources,
        temptations=reason.temptations,
    )


def _render(
    item: PracticeItem,
    tries: list[Try],
    last: LastTry | None,
    return_path: str,
    is_signed_in: bool,
    *,
    typed: Any = None,
    message: str | None = None,
) -> Markup:
    view = ITEM_VIEWS[item.type]
    response = last.response if last else item_type(item.type).response.model_validate({})
    return Markup(  # noqa: S704  # our own template, which escapes what it shows
        render_template(
            "assessments/candidate/practice_box.html",
            item={
                "identifier": item.identifier,
                "type": item.type,
                "title": _(item_type(item.type).title),
                "content": item.content,
                "template": view.template,
                "feedback_template": view.feedback_template,
            },
            view=view.context(item.content, response if typed is None else typed),
            response=response,
            prefix=f"p-{item.identifier}-",
            tries=[ShownTry(attempt.number, attempt.points, attempt.tried_at) for attempt in tries],
            last=last,
            feedback=view.feedback(item.content, last.key, last.response, last.score) if last else None,
            try_key=str(uuid4()),
            return_path=sign_path(return_path),
            is_signed_in=is_signed_in,
            errors=message,
        )
    )
