"""Releasing results: at once, on their date, or when a manager says so; each attempt once."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assessments.domain.results import Result
from assessments.events import AttemptReleased, SkillScore
from assessments.models.attempts import Attempt, AttemptState
from assessments.models.results import SkillResult
from assessments.queries.releases import count_releases, list_unreleased
from assessments.queries.tests import TestSummary, get_terms, get_test
from lms.accounts.models import Person
from lms.audit.operations import record
from lms.errors import Conflict
from lms.events import announce
from lms.mail.operations import send_mail
from lms.outbox.operations import post

TOPIC = "attempt.release"


def announce_result(
    session: Session, *, attempt_id: UUID, person_id: UUID, result: Result, terms: TestSummary, at: datetime
) -> None:
    """Tell who wants to know that the result of an attempt is out; the transaction that calls has released it."""
    skills = tuple(SkillScore(one.skill, terms.skill_titles[one.skill], one.score) for one in result.skills)
    announce(
        session,
        AttemptReleased(
            attempt_id=attempt_id,
            person_id=person_id,
            test_id=terms.id,
            test_slug=terms.slug,
            has_passed=result.has_passed,
            score=result.score,
            skills=skills,
            at=at,
        ),
    )


def ask_for_release(session: Session, attempt_ids: Iterable[UUID], *, at: datetime, due_at: datetime) -> None:
    """Have results released by the worker at that instant; asking twice releases once."""
    for attempt_id in attempt_ids:
        post(session, topic=TOPIC, payload={"attempt_id": str(attempt_id)}, at=at, due_at=due_at)


def release_attempt(session: Session, *, attempt_id: UUID, base_url: str, at: datetime) -> bool:
    """Release a graded attempt, announce its result and write to the person; False when there is nothing to release.

    The mail says that the result is out and not what it is: who reads somebody's mail learns no score.
    """
    released = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.GRADED, Attempt.released_at.is_(None))
        .values(released_at=at)
        .returning(Attempt.id)
    ).scalar_one_or_none()
    if released is None:
        return False
    fact = stored_result(session, attempt_id=attempt_id, at=at)
    announce(session, fact)
    person = session.get_one(Person, fact.person_id)
    if person.email is not None:
        title = get_test(session, fact.test_slug).title
        send_mail(
            session,
            to_name=person.name,
            to=person.email,
            subject=_("Your result is out: %(test)s", test=title),
            body=_(
                "Hello %(name)s,\n\nthe result of your test “%(test)s” is out:\n\n%(address)s\n",
                name=person.name,
                test=title,
                address=f"{base_url}/attempts/{attempt_id}/result",
            ),
            at=at,
        )
    return True


def release_test(session: Session, *, test_slug: str, person_id: UUID, at: datetime) -> int:
    """Release, by hand, every result of a test that is graded and not told yet; return how many are under way.

    Raises NotFound, Conflict while an attempt that was handed in waits for its marks: all are told together.
    """
    test = get_test(session, test_slug)
    counts = count_releases(session, test.id)
    if counts.being_marked:
        raise Conflict(
            _(
                "%(count)s handed-in attempts still wait for marks. Results are released once all are marked.",
                count=counts.being_marked,
            )
        )
    waiting = list_unreleased(session, test.id)
    ask_for_release(session, waiting, at=at, due_at=at)
    record(session, action="results.released", actor=person_id, subject_id=test.id, at=at, attempts=len(waiting))
    return len(waiting)


def stored_result(session: Session, *, attempt_id: UUID, at: datetime) -> AttemptReleased:
    """The stored result of a graded attempt, as the fact that others hear."""
    attempt = session.get_one(Attempt, attempt_id, populate_existing=True)
    terms = get_terms(session, attempt.test_version_id)
    skills = session.execute(
        select(SkillResult.skill, SkillResult.title, SkillResult.score)
        .where(SkillResult.attempt_id == attempt_id)
        .order_by(SkillResult.rank)
    )
    assert attempt.score is not None  # a CHECK: graded attempts have one
    return AttemptReleased(
        attempt_id=attempt_id,
        person_id=attempt.person_id,
        test_id=terms.id,
        test_slug=terms.slug,
        has_passed=bool(attempt.has_passed),
        score=attempt.score,
        skills=tuple(SkillScore(*row) for row in skills),
        at=at,
    )
