"""Writing tests in the browser: a draft of the terms, somebody else's approval, and then a new version."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assessments.adapters.catalogue_tests import TestEntry
from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.scores import exact
from assessments.models.tests import TestDraft
from assessments.operations.publishing_tests import publish_test
from assessments.queries.blueprints import DraftedTest, get_test_draft, report_pool
from assessments.queries.pools import get_pool
from assessments.queries.tests import find_test
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid, NotAllowed


def save_test_draft(
    session: Session, *, slug: str, terms: Mapping[str, Any], revision: int, person_id: UUID, at: datetime
) -> int:
    """Keep the terms as they are, finished or not, and return the draft's new revision; 0 begins a draft.

    Raises Conflict when somebody saved in the meantime, or while the draft is in review.
    """
    values = {"terms": dict(terms), "edited_by": person_id, "edited_at": at}
    if revision == 0:
        if session.scalars(select(TestDraft.id).where(TestDraft.slug == slug)).first() is not None:
            raise Conflict("Somebody began a draft of this test in the meantime. Reload the page to see it.")
        session.add(TestDraft(id=uuid4(), organisation_id=organisation_of(session), slug=slug, revision=1, **values))
        session.flush()
        return 1
    saved = session.execute(
        update(TestDraft)
        .where(TestDraft.slug == slug, TestDraft.revision == revision, TestDraft.submitted_by.is_(None))
        .values(revision=revision + 1, return_reason=None, **values)
        .returning(TestDraft.id)
    ).scalar_one_or_none()
    if saved is None:
        raise Conflict("This draft was saved by somebody else, or is in review; what you typed is still on this page.")
    return revision + 1


def faults_of(session: Session, slug: str, terms: Mapping[str, Any]) -> list[str]:
    """What must be mended before the terms can be approved, in sentences; the pool is checked as well."""
    try:
        entry = TestEntry.model_validate(terms)
    except ValidationError as error:
        return [_sentence(fault["loc"], fault["msg"]) for fault in error.errors(include_url=False)]
    skills = {skill.id for skill in entry.skills}
    faults = [
        f"Section “{section.title}” tests the skill {section.skill}, which is not among the skills."
        for section in entry.sections
        if section.skill not in skills
    ]
    faults += [
        f"Section “{section.title}” asks for the type {section.type}; the types are {', '.join(ITEM_TYPES)}."
        for section in entry.sections
        if section.type not in ITEM_TYPES
    ]
    floor = None if entry.agreement_floor is None else exact(entry.agreement_floor)
    report = report_pool(entry.blueprint, get_pool(session, bank=entry.bank or slug, floor=floor))
    faults += [
        f"{' '.join(_shown(part) for part in fault.place if part not in entry.must_include)}: {fault.message}."
        for fault in report.faults
    ]
    return faults + [
        f"The pool is too small for {' and '.join(lack.sections)}: {lack.needed} items of skill {lack.skill} and type "
        f"{lack.type} are needed with one to spare, {lack.available} are there."
        for lack in report.shortages
    ]


def submit_test_draft(session: Session, *, slug: str, person_id: UUID, at: datetime) -> None:
    """Ask for approval. Raises Invalid with all faults, NotFound, Conflict when it is in review already."""
    draft = get_test_draft(session, slug)
    if faults := faults_of(session, slug, draft.terms):
        raise Invalid(" ".join(faults))
    asked = session.execute(
        update(TestDraft)
        .where(TestDraft.slug == slug, TestDraft.revision == draft.revision, TestDraft.submitted_by.is_(None))
        .values(submitted_by=person_id, submitted_at=at, return_reason=None)
        .returning(TestDraft.id)
    ).scalar_one_or_none()
    if asked is None:
        raise Conflict("This draft is in review already.")
    record(session, action="test.submitted", actor=person_id, at=at, test=slug, revision=draft.revision)


def return_test_draft(session: Session, *, slug: str, person_id: UUID, reason: str, at: datetime) -> None:
    """Give a draft back to its author. Raises Invalid without a reason, NotAllowed, NotFound, Conflict."""
    if not reason.strip():
        raise Invalid("Say why the draft is given back.")
    draft = _in_review(session, slug, person_id)
    session.execute(
        update(TestDraft)
        .where(TestDraft.slug == slug)
        .values(submitted_by=None, submitted_at=None, return_reason=reason.strip())
    )
    record(session, action="test.returned", actor=person_id, at=at, test=slug, revision=draft.revision, reason=reason)


def approve_test_draft(session: Session, *, slug: str, person_id: UUID, at: datetime) -> None:
    """Make the draft the current terms; whoever is sitting the test keeps those that it was started under.

    Raises NotAllowed for the author or submitter, Invalid when the pool has shrunk meanwhile, NotFound, Conflict.
    """
    draft = _in_review(session, slug, person_id)
    if faults := faults_of(session, slug, draft.terms):
        raise Invalid(" ".join(faults))
    entry = TestEntry.model_validate(draft.terms)
    removed = session.execute(
        delete(TestDraft)
        .where(TestDraft.slug == slug, TestDraft.revision == draft.revision, TestDraft.submitted_by.is_not(None))
        .returning(TestDraft.id)
    ).scalar_one_or_none()
    if removed is None:
        raise Conflict("Somebody decided on this draft in the meantime.")
    publish_test(
        session,
        slug=slug,
        title=entry.title,
        summary=entry.summary,
        limit=timedelta(minutes=entry.time_limit.minutes),
        cut_score=exact(entry.cut_score.score),
        document=entry.document(),
        at=at,
        created_by=draft.edited_by,
        approved_by=person_id,
    )
    record(session, action="test.approved", actor=person_id, at=at, test=slug, revision=draft.revision)


def start_from(session: Session, slug: str) -> dict[str, Any]:
    """The terms to begin a draft with: those of the live test; what it does not state, or has no terms yet, is bare."""
    bare: dict[str, Any] = {
        "title": "",
        "summary": "",
        "bank": slug,
        "skills": [],
        "sections": [],
        "time_limit": {"minutes": 60, "basis": ""},
        "cut_score": {"score": 0.7, "method": "", "panel": "", "ratings": {}},
        "retake": {"tries": 3, "window_days": 90, "cool_down_hours": 24},
        "agreement_floor": None,
        "pilot_items": 0,
    }
    test = find_test(session, slug)
    return bare if test is None else {**bare, "title": test.title, "summary": test.summary, **test.document}


def _in_review(session: Session, slug: str, person_id: UUID) -> DraftedTest:
    """The draft, for somebody who may decide on it: a second person."""
    draft = get_test_draft(session, slug)
    if not draft.is_in_review:
        raise Conflict("This draft is not in review.")
    if person_id in {draft.edited_by, draft.submitted_by}:
        raise NotAllowed("A second person decides: you wrote or submitted this draft yourself.")
    return draft


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    """A fault in words: "sections 2, count: Input should be greater than 0"."""
    return f"{' '.join(_shown(step) for step in place)}: {message.removeprefix('Value error, ')}."


def _shown(step: int | str) -> str:
    return str(step + 1) if isinstance(step, int) else step.replace("_", " ")
