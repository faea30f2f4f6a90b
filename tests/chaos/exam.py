"""The exam that candidates sit under faults: tests with a long and with a short limit, whose answers carry tokens."""

import random
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy.orm import Session

from assessments.models.items import Difficulty, ItemUse
from assessments.operations.publishing import Draft, publish_items
from assessments.operations.publishing_tests import publish_test
from certificates.operations.publishing import AchievementDraft, publish_achievement
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.web.transactions import EXTENSION
from tests.people import make_person

BANK = "storm-glass"
LONG, SHORT = "storm-glass", "storm-glass-short"
SHORT_LIMIT = timedelta(seconds=8)
PER_TYPE = 2
TYPES = ("choice", "claim-verdict", "short-text")
POSITIONS = range(1, PER_TYPE * len(TYPES) + 1)
_CONTENT: dict[str, dict[str, Any]] = {
    "choice": {"prompt": "Which one?", "options": [{"id": name, "text": f"Glass {name}"} for name in "abcdefgh"]},
    "claim-verdict": {
        "claim": "The glass is falling.",
        "evidence_title": "Log",
        "evidence": ["It stood at 990.", "It stands at 970.", "The cook is asleep."],
    },
    "short-text": {"prompt": "What follows a falling glass?"},
}
_KEYS: dict[str, dict[str, Any]] = {
    "choice": {"choices": ["b"]},
    "claim-verdict": {"label": "supported", "evidence": [1, 2]},
    "short-text": {"answers": [{"text": "storm"}]},
}


def type_at(position: int) -> str:
    """The sections come in order, so a candidate knows the type without reading the page."""
    return TYPES[(position - 1) // PER_TYPE]


def answer(position: int, chance: random.Random, *, is_right: bool) -> dict[str, Any]:
    """A response as the server stores it. Where the type allows, no two are alike, so that each is its own witness."""
    kind = type_at(position)
    if kind == "choice":
        return {"choices": ["b" if is_right else chance.choice("acdefgh")]}
    if kind == "claim-verdict":
        label = "supported" if is_right else "contradicted"
        return {"label": label, "evidence": [1, 2], "confidence": round(chance.random(), 9)}
    if is_right:
        return {"text": "storm" + "".join(chance.choice(".!?") for _ in range(24))}
    return {"text": f"calm {chance.getrandbits(64):016x}"}


def publish(app: Flask) -> None:
    """The bank, the two tests on it, and what they certify."""
    with app.extensions[EXTENSION].transaction(PUBLIC_ORGANISATION_ID) as session:
        _publish_bank(session)
        _publish_test(session, LONG, timedelta(hours=1))
        _publish_test(session, SHORT, SHORT_LIMIT)


def make_people(app: Flask, count: int) -> list[tuple[UUID, str]]:
    """New candidates: id and e-mail address; all have `tests.people.PASSWORD`."""
    with app.extensions[EXTENSION].transaction(PUBLIC_ORGANISATION_ID) as session:
        people = [
            make_person(session, name="Ada Lovelace", email=f"{uuid4().hex}@example.org", roles=(Role.CANDIDATE,))
            for _ in range(count)
        ]
        return [(person.id, str(person.email)) for person in people]


def _publish_bank(session: Session) -> None:
    drafts = [
        Draft(
            identifier=f"{kind}-{number}",
            use=ItemUse.TEST,
            type=kind,
            skill="weather",
            difficulty=Difficulty.MEDIUM,
            content=_CONTENT[kind],
            key=_KEYS[kind],
            rationale="A falling glass means a storm.",
            sources=[{"author": "FitzRoy", "title": "The Weather Book", "year": 1863}],
            temptations={},
        )
        for kind in TYPES
        for number in range(1, 2 * PER_TYPE + 1)
    ]
    publish_items(session, bank=BANK, drafts=drafts, at=clock.now())


def _publish_test(session: Session, slug: str, limit: timedelta) -> None:
    sections = [
        {"title": kind.title(), "skill": "weather", "type": kind, "count": PER_TYPE, "difficulty": None}
        for kind in TYPES
    ]
    publish_test(
        session,
        slug=slug,
        title=slug.replace("-", " ").title(),
        summary="Reads the glass.",
        limit=limit,
        cut_score=Fraction(7, 10),
        document={
            "bank": BANK,
            "skills": [{"id": "weather", "title": "Weather", "summary": "Weather"}],
            "sections": sections,
            "retake": {"tries": 3, "window_days": 90, "cool_down_hours": 24},
            "time_limit": {"minutes": 60, "basis": "none"},
            "agreement_floor": None,
            "pilot_items": 0,
            "cut_score": {"score": 0.7, "method": "given", "panel": "none", "ratings": {}},
        },
        at=clock.now(),
    )
    draft = AchievementDraft(
        slug=slug,
        name=f"Reader of the {slug}",
        description="Reads the glass.",
        criteria="A test of six questions.",
        validity_months=24,
    )
    publish_achievement(session, draft=draft, at=clock.now())
