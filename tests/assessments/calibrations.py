"""Calibrations for tests: one over the practice items of the bank of the factories."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.calibration import Standard
from assessments.models.items import Item, ItemVersion
from assessments.operations.publishing_calibrations import publish_calibration
from tests.assessments.factories import ANSWERS, BANK, CONTENT

GOLD = tuple(f"practice-{type}" for type in CONTENT)
URL = f"/calibrations/{BANK}/"


def make_calibration(
    session: Session,
    *,
    slug: str = BANK,
    agreement: Fraction = Fraction(3, 4),
    window: int = 2,
    items: Sequence[str] = GOLD,
) -> None:
    """A calibration over these practice items, which `make_bank` makes."""
    publish_calibration(
        session,
        slug=slug,
        title="Ferry calibration",
        summary="Agree with the ferrymen.\n\nWhy so much: to be sure.",
        standard=Standard(agreement, window),
        items=items,
    )


def current_version(session: Session, identifier: str) -> Any:
    """The id of an item's current version."""
    found = select(ItemVersion.id).join(Item, Item.id == ItemVersion.item_id)
    return session.scalars(found.where(Item.identifier == identifier, ItemVersion.is_current)).one()


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of an item's form."""
    hidden = {}
    for name in ("try_key", "version_id"):
        hidden[name] = page.partition(f'name="{name}" value="')[2].partition('"')[0]
    return hidden


RIGHT: dict[str, dict[str, str]] = {
    "choice": {"choices": "b"},
    "claim-verdict": {"label": "contradicted", "evidence": "2", "confidence": "1"},
    "span-highlight": {"spans": '[{"start": 50, "end": 54, "category": "wrong-number"}]'},
    "rubric-score": {"level-clarity": "3", "level-fidelity": "1"},
}
assert set(RIGHT) == set(ANSWERS)


def kind_of(page: str) -> str:
    """Which of the four items a page shows."""
    marks = {"choice": "Which one?", "claim-verdict": "The ferry runs daily.", "span-highlight": "Mark what is wrong."}
    return next((kind for kind, mark in marks.items() if mark in page), "rubric-score")


def try_next(client: FlaskClient, address: str, *, right: bool = True) -> Any:
    """Answer the item at this address, rightly or not at all; the page that follows."""
    page = client.get(address).text
    answers = RIGHT[kind_of(page)] if right else {}
    form = form_of(page) | {f"c-{name}": value for name, value in answers.items()}
    answer = client.post(address, data=form)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location)
