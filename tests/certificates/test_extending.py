"""Staying good: work well above the floor lets a certificate hold longer, once a year, and signs it anew."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from certificates.domain.validity import validity
from certificates.models.certificates import Certificate
from certificates.models.credentials import Cause, Credential
from certificates.models.extensions import ValidityExtension
from certificates.operations.extending import extend_certificates
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.test_races import at_once
from tests.certificates.at_work import sign_all
from tests.certificates.factories import BASE_URL, the_certificate
from tests.certificates.workers import AT, make_manager, make_worker, make_workplace, post_work, suspend
from tests.mails import all_waiting_mails

UNTIL = AT + timedelta(days=300)
GOOD = [1.0] * 19 + [0.0]


@pytest.fixture
def worker(session):
    """Somebody whose certificate ends in ten months."""
    make_workplace(session, extension_tasks=40)
    person_id = make_worker(session)
    session.execute(update(Certificate).where(Certificate.person_id == person_id).values(valid_until=UNTIL))
    return person_id


def extend(session, person_id, at=AT):
    return extend_certificates(session, person_id=person_id, base_url=BASE_URL, at=at)


def end_of(session, person_id):
    session.expire_all()
    return the_certificate(session, person_id).valid_until


def test_good_work_lets_a_certificate_hold_longer(session, worker):
    post_work(session, worker, GOOD * 2)
    [certificate_id] = extend(session, worker)

    assert end_of(session, worker) == validity(UNTIL, 12)
    extension = session.scalars(select(ValidityExtension)).one()
    assert (extension.certificate_id, extension.number, extension.was_until) == (certificate_id, 1, UNTIL)
    assert extension.evidence["tasks"] == 40


@pytest.mark.parametrize("scores", [[], GOOD, ([1.0] * 17 + [0.0] * 3) * 2])
def test_too_little_work_or_work_near_the_floor_does_not(session, worker, scores):
    post_work(session, worker, scores)

    assert extend(session, worker) == []
    assert end_of(session, worker) == UNTIL


def test_it_comes_once_a_year(session, worker):
    post_work(session, worker, GOOD * 2)
    extend(session, worker)

    assert extend(session, worker) == []
    assert extend(session, worker, at=AT + timedelta(days=170)) == []


def test_nothing_is_extended_while_somebody_is_suspended(session, worker):
    post_work(session, worker, GOOD * 2)
    suspend(session, worker, make_manager(session))

    assert extend(session, worker) == []


def test_the_holder_is_told_and_a_new_credential_says_the_new_end(
    app, database: Database, session, worker, monkeypatch
):
    post_work(session, worker, GOOD * 2)
    session.commit()
    sign_all(app, monkeypatch)

    with database.reading(PUBLIC_ORGANISATION_ID) as own:
        causes = own.scalars(select(Credential.cause).order_by(Credential.number)).all()
        current = own.scalars(select(Credential).where(Credential.is_current)).one()
    assert causes[-1] is Cause.RENEWED
    assert validity(UNTIL, 12).strftime("%Y-%m-%d") in current.content


def test_the_letter_names_the_day(database: Database, session, worker):
    post_work(session, worker, GOOD * 2)
    extend(session, worker)
    session.commit()

    [letter] = [mail for mail in all_waiting_mails(database) if mail.startswith("Your certificate holds longer")]
    assert str(validity(UNTIL, 12).year) in letter


def test_workers_that_look_at_once_extend_once(database: Database, session, worker):
    post_work(session, worker, GOOD * 2)
    session.commit()

    def look():
        with database.transaction(PUBLIC_ORGANISATION_ID) as own:
            return list(extend(own, worker))

    results = at_once([look] * 4)

    assert sorted(map(len, results)) == [0, 0, 0, 1]
