"""A test with items that markers judge, people who sit and mark it, and what they write."""

from collections.abc import Collection
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from assessments.models.attempts import FormItem
from assessments.models.items import Difficulty, ItemUse
from assessments.operations.answering import save_response
from assessments.operations.marking import mark_response
from assessments.operations.publishing import Draft, publish_items
from assessments.operations.publishing_tests import publish_test
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt
from lms.accounts.models import Person
from lms.organisations.roles import Role
from tests.assessments.factories import CONTENT, KEYS
from tests.people import make_person

BANK = "marked"
LEVELS = [{"level": number, "descriptor": f"What level {number} takes."} for number in (1, 2, 3)]
CRITERIA = [
    {"id": name, "title": name.title(), "question": f"How is its {name}?", "levels": LEVELS}
    for name in ("reason", "style")
]
ITEMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "choice": (CONTENT["choice"], KEYS["choice"]),
    "essay": (
        {"prompt": "Why do ferries stop in winter?", "criteria": CRITERIA},
        {"exemplar": "CANARY-EXEMPLAR: the bay freezes.", "notes": "CANARY-NOTES: ice."},
    ),
    "rewrite": (
        {
            "task": "When does the ferry leave?",
            "prompt": "Correct the answer.",
            "response": "It leaves at 9 from the north quay.",
            "criteria": CRITERIA,
        },
        {
            "must_fix": [{"id": "hour", "title": "CANARY-CHECK", "any_of": ["at 10"]}],
            "must_keep": [{"id": "quay", "title": "CANARY-CHECK", "any_of": ["north quay"]}],
            "exemplar": "CANARY-EXEMPLAR: it leaves at 10 from the north quay.",
        },
    ),
}
ANSWERS: dict[str, dict[str, Any]] = {
    "choice": {"choices": ["b"]},
    "essay": {"text": "Because the bay freezes.\n\nAnd few travel."},
    "rewrite": {"text": "It leaves at 10 from the north quay."},
}
ORDER = tuple(ITEMS)  # the item of each type stands at its place in this order
BEST = {"reason": 3, "style": 3}
WORST = {"reason": 1, "style": 1}


def make_marked_test(session: Session, *, at: datetime) -> None:
    """A test of one item of each type, passed with 7 of 10 points; a practice item of each type."""
    drafts = [
        Draft(
            identifier=f"{use.value}-{name}",
            use=use,
            type=name,
            skill=name,
            difficulty=Difficulty.EASY,
            content=ITEMS[name][0],
            key=ITEMS[name][1],
            rationale="CANARY-RATIONALE because of this.",
            sources=[{"author": "Somebody", "title": "Something", "year": 2020}],
            temptations={"anything": "It looks right."},
        )
        for name in ITEMS
        for use in ItemUse
    ]
    publish_items(session, bank=BANK, drafts=drafts, at=at)
    publish_test(
        session,
        slug=BANK,
        title="Ferries in writing",
        summary="About ferries.",
        limit=timedelta(minutes=30),
        cut_score=Fraction(7, 10),
        document={
            "skills": [{"id": name, "title": name.title(), "summary": name} for name in ORDER],
            "sections": [
                {"title": name, "skill": name, "type": name, "count": 1, "difficulty": None} for name in ORDER
            ],
            "retake": {"tries": 3, "window_days": 90, "cool_down_hours": 24},
        },
        at=at,
    )


def make_marker(session: Session, **facts: Any) -> Person:
    return make_person(session, roles=(Role.CANDIDATE, Role.MARKER), **facts)


def hand_in(
    session: Session,
    person_id: UUID,
    *,
    at: datetime,
    answers: dict[str, dict[str, Any]] | None = None,
    tried_out: Collection[str] = (),
) -> UUID:
    """Sit the test with these answers by type (all of them unless told) and hand in; some items may be pilots."""
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person_id, at=at, seed=1)
    for name in tried_out:
        session.get_one(FormItem, (attempt_id, ORDER.index(name) + 1)).is_scored = False
    for name, response in (ANSWERS if answers is None else answers).items():
        save_response(
            session,
            attempt_id=attempt_id,
            person_id=person_id,
            position=ORDER.index(name) + 1,
            response=response,
            sequence=1,
            at=at,
        )
    hand_in_attempt(session, attempt_id=attempt_id, person_id=person_id, at=at)
    return attempt_id


def mark(
    session: Session,
    attempt_id: UUID,
    name: str,
    marker_id: UUID,
    *,
    at: datetime,
    levels: dict[str, Any] | None = None,
    comment: str = "",
) -> bool:
    """Mark the response of this type with these levels, the best unless told."""
    return mark_response(
        session,
        attempt_id=attempt_id,
        position=ORDER.index(name) + 1,
        marker_id=marker_id,
        levels=BEST if levels is None else levels,
        comment=comment,
        at=at,
    )
