"""One code, many hands at once: one token at most, and none that outlives the second try."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from lms import clock
from lms.oidc.admissions import admit, has_agreed
from lms.oidc.models import AccessToken, Admission
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.held import make_signing
from tests.lms.signing_in_elsewhere import agree, exchange, make_service
from tests.people import make_person, sign_in

THREADS = 8


def at_once(job):
    barrier = Barrier(THREADS)

    def run(number):
        barrier.wait()
        return job(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


@pytest.fixture
def person(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signing(session, app)
        return make_person(session)


def test_one_code_becomes_one_token_and_that_one_ends_with_the_next_try(app, database, person):
    client = app.test_client()
    sign_in(client, person)
    service = make_service(database)
    code = agree(client, service)["code"]

    answers = at_once(lambda _number: exchange(app.test_client(), service, code))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [400] * (THREADS - 1)
    assert {answer.json["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AccessToken)) == 1
        assert session.scalars(select(AccessToken.revoked_at)).one() is not None


def test_agreeing_several_times_at_once_is_agreeing_once(database, person):
    service = make_service(database)

    def agree_to(number):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            scope = "openid email" if number % 2 else "openid profile"
            admit(session, client_id=service.id, person_id=person.id, scope=scope, at=clock.now())

    at_once(agree_to)

    with database.reading() as session:
        holding = select(func.count()).select_from(Admission).where(Admission.withdrawn_at.is_(None))
        assert session.scalar(holding) == 1


def test_who_comes_first_by_a_clock_that_is_ahead_is_no_hindrance(database, person):
    service = make_service(database)
    now = clock.now()
    for at, scope in ((now + timedelta(seconds=2), "openid profile"), (now, "openid email")):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            admit(session, client_id=service.id, person_id=person.id, scope=scope, at=at)

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert has_agreed(session, client_id=service.id, person_id=person.id, scope="openid profile email")
