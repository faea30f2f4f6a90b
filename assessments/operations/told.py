"""What receivers of webhooks are told of attempts: that one was handed in, and whether it passed once that is told."""

from uuid import UUID

from sqlalchemy.orm import Session

from assessments.events import AttemptReleased, AttemptSubmitted
from lms.members.models import ConsentScope
from lms.webhooks.event_types import SUBJECT_SHOWN, EventType, Told
from lms.webhooks.publishing import publish

_ID_SHOWN = UUID("b8a1f2de-5a0e-4d0c-8f0c-2f6f3b1a9e77")
_SLUG_SHOWN = "fact-versus-fiction"


class ToldOfAttempt(Told):
    """An attempt, and the slug of its test."""

    attempt: UUID
    test: str


class ToldOfResult(ToldOfAttempt):
    """A released result: passed or not."""

    has_passed: bool


SUBMITTED = EventType(
    "attempt.submitted",
    "Somebody handed in a test, or its time was over.",
    ToldOfAttempt(subject=SUBJECT_SHOWN, attempt=_ID_SHOWN, test=_SLUG_SHOWN),
    needs=ConsentScope.RESULTS,
)
RELEASED = EventType(
    "result.released",
    "The result of a test is told.",
    ToldOfResult(subject=SUBJECT_SHOWN, attempt=_ID_SHOWN, test=_SLUG_SHOWN, has_passed=True),
    needs=ConsentScope.RESULTS,
)
TYPES = (SUBMITTED, RELEASED)


def tell_submitted(session: Session, fact: AttemptSubmitted) -> None:
    """Nothing of the result, which may be told later or never."""
    told = ToldOfAttempt(subject=fact.person_id, attempt=fact.attempt_id, test=fact.test_slug)
    publish(session, type=SUBMITTED.name, subject_id=fact.person_id, data=told.as_json(), at=fact.at)


def tell_released(session: Session, fact: AttemptReleased) -> None:
    """The verdict; scores are read through the API, by consent."""
    told = ToldOfResult(
        subject=fact.person_id, attempt=fact.attempt_id, test=fact.test_slug, has_passed=fact.has_passed
    )
    publish(session, type=RELEASED.name, subject_id=fact.person_id, data=told.as_json(), at=fact.at)
