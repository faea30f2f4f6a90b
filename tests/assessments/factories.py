"""Items, tests and attempts for tests of assessments and of what stands above."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from assessments.models.items import Difficulty, ItemUse
from assessments.operations.answering import save_response
from assessments.operations.publishing import Draft, publish_items
from assessments.operations.publishing_tests import publish_test
from assessments.operations.sheet import read_sheet
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt

CONTENT: Mapping[str, dict[str, Any]] = {
    "choice": {
        "prompt": "Which one?",
        "options": [{"id": "a", "text": "This"}, {"id": "b", "text": "That"}, {"id": "c", "text": "Neither"}],
    },
    "claim-verdict": {
        "claim": "The ferry runs daily.",
        "evidence_title": "Timetable",
        "evidence": ["The ferry is blue.", "There is no ferry on Mondays.", "A ticket costs two coins."],
    },
    "span-highlight": {
        "prompt": "Mark what is wrong.",
        "reference": "The bridge was opened in 1932.",
        "text": "The bridge, which is long and grey, was opened in 1923 to much applause in the town.",
        "categories": [
            {"id": "wrong-number", "title": "Wrong number", "rule": "A figure differs."},
            {"id": "wrong-entity", "title": "Wrong thing", "rule": "A name differs."},
        ],
    },
    "rubric-score": {
        "task": "Summarise.",
        "response": "A summary.",
        "criteria": [
            {
                "id": name,
                "title": name.title(),
                "question": f"How is its {name}?",
                "levels": [{"level": n, "descriptor": f"{name} at level {n}"} for n in (1, 2, 3, 4)],
            }
            for name in ("clarity", "fidelity")
        ],
    },
}
KEYS: Mapping[str, dict[str, Any]] = {
    "choice": {"choices": ["b"]},
    "claim-verdict": {"label": "contradicted", "evidence": [2]},
    "span-highlight": {"spans": [{"start": 50, "end": 54, "category": "wrong-number"}]},
    "rubric-score": {"levels": {"clarity": 3, "fidelity": 1}},
}
ANSWERS: Mapping[str, dict[str, Any]] = {
    "choice": {"choices": ["b"]},
    "claim-verdict": {"label": "contradicted", "evidence": [2], "confidence": 1.0},
    "span-highlight": {"spans": [{"start": 50, "end": 54, "category": "wrong-number"}]},
    "rubric-score": {"levels": {"clarity": 3, "fidelity": 1}},
}
SKILLS = {"choice": "splitting", "claim-verdict": "verdict", "span-highlight": "evidence", "rubric-score": "rating"}
BANK = "ferry-facts"


def make_draft(
    identifier: str,
    type: str = "choice",
    *,
    use: ItemUse = ItemUse.TEST,
    key: Any = None,
    agreement: float | None = None,
) -> Draft:
    return Draft(
        identifier=identifier,
        use=use,
        type=type,
        skill=SKILLS[type],
        difficulty=Difficulty.MEDIUM,
        content=CONTENT[type],
        key=key or KEYS[type],
        rationale="CANARY-RATIONALE because of this.",
        sources=[{"author": "CANARY-AUTHOR", "title": "A book", "year": 1999}],
        temptations={"a": "CANARY-TEMPTATION it looks right."},
        provenance={"given_by": "A panel", "experts": 5, "agreement": agreement} if agreement else None,
    )


def make_bank(
    session: Session,
    *,
    at: datetime,
    per_type: int = 3,
    keys: Mapping[str, Any] = KEYS,
    agreement: float | None = None,
) -> None:
    """A bank with items of all types for the test, and one of each type for practice."""
    drafts = [
        make_draft(f"{type}-{number}", type, key=keys[type], agreement=agreement)
        for type in CONTENT
        for number in range(1, per_type + 1)
    ]
    drafts += [make_draft(f"practice-{type}", type, use=ItemUse.PRACTICE, key=keys[type]) for type in CONTENT]
    publish_items(session, bank=BANK, drafts=drafts, at=at)


def make_test(
    session: Session,
    *,
    at: datetime,
    count: int = 2,
    cut_score: Fraction = Fraction(7, 10),
    tries: int = 3,
    cool_down_hours: int = 24,
    study_first: bool = False,
    limit: timedelta = timedelta(minutes=30),
    floor: float | None = None,
    pilot_items: int = 0,
    further: Mapping[str, Any] | None = None,
) -> None:
    """A test of all four types on that bank."""
    publish_test(
        session,
        slug=BANK,
        title="Ferry facts",
        summary="About ferries.",
        limit=limit,
        cut_score=cut_score,
        document={
            "skills": [{"id": s, "title": s.title(), "summary": s} for s in SKILLS.values()],
            "sections": [
                {"title": type.title(), "skill": SKILLS[type], "type": type, "count": count, "difficulty": None}
                for type in CONTENT
            ],
            "retake": {
                "tries": tries,
                "window_days": 90,
                "cool_down_hours": cool_down_hours,
                **({"study_first": True} if study_first else {}),
            },
            "time_limit": {"minutes": 30, "basis": "none"},
            "agreement_floor": floor,
            "pilot_items": pilot_items,
            "cut_score": {"score": float(cut_score), "method": "given", "panel": "none", "ratings": {}},
            **(further or {}),
        },
        at=at,
    )


def sit(session: Session, *, person_id: UUID, at: datetime, right: int = 8, seed: int = 1) -> UUID:
    """Start, answer the first `right` positions rightly and the others not at all, and hand in."""
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person_id, at=at, seed=seed)
    for line in read_sheet(session, attempt_id=attempt_id, actor="test", at=at)[:right]:
        save_response(
            session,
            attempt_id=attempt_id,
            person_id=person_id,
            position=line["position"],
            response=line["response"],
            sequence=1,
            at=at,
        )
    hand_in_attempt(session, attempt_id=attempt_id, person_id=person_id, at=at)
    return attempt_id
