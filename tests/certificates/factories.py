"""Achievements, tiers and certificates for tests."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy.orm import Session

from assessments.events import AttemptReleased
from certificates.adapters.key_ring import KeyRing
from certificates.adapters.signing import Signing
from certificates.domain.contents import CertificateView, SkillShown
from certificates.domain.standing import CertificateState
from certificates.domain.validity import validity
from certificates.operations.publishing import AchievementDraft, TierDraft, publish_achievement, publish_tiers
from certificates.queries.certificates import list_certificates
from lms import clock
from lms.db.session import Database
from lms.outbox.delivery import deliver_due
from lms.web.transactions import EXTENSION
from tests.assessments.factories import BANK, make_bank, make_test, sit
from tests.people import make_person

# Yesterday, because the worker and the pages read the real clock.
AT = (clock.now() - timedelta(days=1)).replace(microsecond=0)
UNTIL = validity(AT, 24)
ISSUED_ONCE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NAME = "Ferry Fact Reviewer"
BASE_URL = "http://127.0.0.1:8000"
SIGNING = Signing(KeyRing("a secret for tests only"), BASE_URL)


def make_achievement(session: Session, slug: str = BANK, *, name: str = NAME, validity_months: int = 24) -> None:
    draft = AchievementDraft(
        slug=slug,
        name=name,
        description="Tells true timetables from false ones.",
        criteria="A test of eight tasks about ferries.",
        validity_months=validity_months,
    )
    publish_achievement(session, draft=draft, at=AT)


def make_tier_draft(slug: str = "generalist", *requires: str, low: int = 40, high: int = 50) -> TierDraft:
    return TierDraft(
        slug=slug,
        title=slug.title(),
        domain="General review",
        summary="Checks answers.",
        pay_low=low,
        pay_high=high,
        currency="USD",
        per="hour",
        requires=requires,
    )


def make_ladder(session: Session) -> None:
    """A tier that the ferry track opens, one that needs another track as well, and one that is announced."""
    make_achievement(session)
    make_achievement(session, "harbour-law", name="Harbour Law Reviewer")
    publish_tiers(
        session,
        drafts=[
            make_tier_draft("generalist", BANK),
            make_tier_draft("pilot", BANK, "harbour-law", low=90, high=120),
            make_tier_draft("admiral", low=200, high=350),
        ],
        at=AT,
    )


def qualify(session: Session, *, name: str = "Ada Lovelace", right: int = 8) -> UUID:
    """A person who sat the ferry test; with eight right answers they pass."""
    person_id = make_person(session, name=name).id
    sit(session, person_id=person_id, at=AT, right=right)
    return person_id


def make_office(session: Session) -> None:
    """A test and what it certifies."""
    make_bank(session, at=AT)
    make_test(session, at=AT)
    make_ladder(session)


def the_certificate(session: Session, person_id: UUID) -> CertificateView:
    [certificate] = list_certificates(session, person_id=person_id)
    return certificate


def deliver_all(app: Flask) -> None:
    """Run the worker until nothing is due."""
    database: Database = app.extensions[EXTENSION]
    while deliver_due(database, app.extensions["assay.handlers"]):
        pass


def make_graded(**given: object) -> AttemptReleased:
    """The fact that a new person's attempt passed, without the attempt having been announced."""
    facts: dict[str, object] = {
        "attempt_id": uuid4(),
        "person_id": uuid4(),
        "test_id": uuid4(),
        "test_slug": BANK,
        "has_passed": True,
        "score": Fraction(9, 10),
        "skills": (),
        "at": AT,
    }
    return AttemptReleased(**(facts | given))  # type: ignore[arg-type]  # handed on as they are


def make_view(**given: object) -> CertificateView:
    """A certificate as the renderer gets it."""
    facts: dict[str, object] = {
        "id": "p7Yw3xQd0KJ_rZ8mTn-vB4Le",
        "attempt_id": uuid4(),
        "slug": BANK,
        "achievement": NAME,
        "description": "Tells true timetables from false ones.",
        "criteria": "A test of eight tasks about ferries.",
        "holder_name": "Ada Lovelace",
        "issuer": "Assay public catalogue",
        "issued_at": ISSUED_ONCE,
        "valid_until": ISSUED_ONCE.replace(year=2028),
        "state": CertificateState.VALID,
        "state_reason": None,
        "score": Fraction(871, 1000),
        "cut_score": Fraction(7, 10),
        "skills": (SkillShown("splitting", "Splitting", Fraction(92, 100)),),
    }
    return CertificateView(**(facts | given))  # type: ignore[arg-type]  # handed on as they are
