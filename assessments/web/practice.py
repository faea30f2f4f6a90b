"""Practice boxes: practice items ready to be put into a lesson, with feedback for who has tried."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from assessments.queries.practice import PracticeItem, Try, find_items, list_tries, reasons_of
from assessments.queries.versions import get_versions
from assessments.web.tried_items import item_facts, tell
from lms.web.return_path import sign_path


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
        told = tell(versions[newest.version_id], newest, reasons[newest.key_id]) if newest else None
        facts = item_facts(item, prefix=_prefix(item), last=told)
        boxes[identifier] = _render(facts, made, return_path, person_id is not None)
    return boxes


def render_refused(item: PracticeItem, typed: Any, message: str, return_path: str) -> Markup:
    """The box again with what was typed and why it was refused."""
    facts = item_facts(item, prefix=_prefix(item), typed=typed, message=message)
    return _render(facts, [], return_path, True)


def _prefix(item: PracticeItem) -> str:
    return f"p-{item.identifier}-"


def _render(facts: dict[str, Any], tries: list[Try], return_path: str, is_signed_in: bool) -> Markup:
    return Markup(  # noqa: S704  # our own template, which escapes what it shows
        render_template(
            "assessments/candidate/practice_box.html",
            **facts,
            tries=[ShownTry(attempt.number, attempt.points, attempt.tried_at) for attempt in tries],
            return_path=sign_path(return_path),
            is_signed_in=is_signed_in,
        )
    )
