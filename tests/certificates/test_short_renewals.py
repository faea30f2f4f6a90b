"""A renewal may be shorter than the test: its terms are a version of their own, pinned by the attempt."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from assessments.adapters.catalogue_tests import ShorterRenewal
from assessments.models.attempts import Attempt, FormItem
from assessments.models.tests import TestVersion
from assessments.operations.starting import start_attempt
from assessments.operations.verifying import Range, verify_batch
from assessments.queries.attempts import get_attempt
from assessments.queries.tests import get_renewal_terms, get_terms, get_test
from assessments.web.author.test_form import read_terms
from certificates.domain.validity import renewal_opening
from certificates.models.certificates import Certificate
from certificates.queries.certificates import list_certificates
from lms import clock
from lms.accounts.models import Person
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK, make_bank, make_test, sit
from tests.certificates.factories import AT, UNTIL, make_ladder, qualify
from tests.certificates.held import make_signing
from tests.people import sign_in

OPENING = renewal_opening(AT, UNTIL)
HALF = {"renewal": {"percent": 50}}


def make_half(session) -> None:
    make_bank(session, at=AT)
    make_test(session, at=AT, further=HALF)
    make_ladder(session)


def length_of(session, attempt_id) -> int:
    return session.scalar(select(func.count()).select_from(FormItem).where(FormItem.attempt_id == attempt_id))


@pytest.fixture
def holder(app, database: Database, session):
    """Somebody who passed a test that is renewed by half of it."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as other:
        make_signing(other, app)
    make_half(session)
    return qualify(session)


def test_the_terms_of_the_renewal_are_published_once_beside_those_of_the_test(session, holder):
    make_test(session, at=AT, further=HALF)
    versions = session.scalars(select(TestVersion).order_by(TestVersion.number)).all()
    test = get_test(session, BANK)

    assert [(one.number, one.is_current) for one in versions] == [(1, True), (2, False)]
    assert (test.item_count, test.minutes, test.renewal_percent) == (8, 30, 50)
    shorter = get_renewal_terms(session, test)
    assert (shorter.version_id, shorter.item_count, shorter.minutes) == (versions[1].id, 4, 15)
    assert get_renewal_terms(session, shorter) == shorter


def test_terms_that_come_back_come_back_with_their_renewal(session, holder):
    first = get_renewal_terms(session, get_test(session, BANK))
    make_test(session, at=AT, tries=5)
    assert get_renewal_terms(session, get_test(session, BANK)) == get_test(session, BANK)
    make_test(session, at=AT, further=HALF)

    assert get_renewal_terms(session, get_test(session, BANK)) == first


def test_the_first_sitting_is_whole_and_a_renewal_is_half_of_it_and_verifies(session, holder):
    attempt_id = sit(session, person_id=holder, at=OPENING, right=4, seed=2)

    new, old = list_certificates(session, person_id=holder)
    assert new.attempt_id == attempt_id
    assert [length_of(session, one.attempt_id) for one in (old, new)] == [8, 4]
    attempt = session.get_one(Attempt, attempt_id)
    assert attempt.deadline_at - attempt.started_at == timedelta(minutes=15)
    assert get_terms(session, attempt.test_version_id).document["renews"] == {"percent": 50}
    assert get_attempt(session, attempt_id=attempt_id, person_id=holder).clock.limit == timedelta(minutes=15)
    assert new.score == 1
    count, _last, discrepancies = verify_batch(session, Range(), after=None)
    assert (count, discrepancies) == (2, [])


def test_new_terms_of_the_test_leave_a_renewal_that_is_being_sat_alone(session, holder):
    attempt_id = start_attempt(session, test_slug=BANK, person_id=holder, at=OPENING)
    make_test(session, at=OPENING, tries=5)

    terms = get_terms(session, session.get_one(Attempt, attempt_id).test_version_id)
    assert (terms.item_count, terms.minutes) == (4, 15)


def test_the_page_says_before_the_start_how_many_questions_and_how_much_time(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_half(session)
        person = session.get_one(Person, qualify(session))
    sign_in(client, person)
    page = client.get(f"/tests/{BANK}/").text
    assert "<dt>Questions</dt><dd>8</dd>" in page
    assert "50 % of the questions" in page
    assert "A renewal is shorter" not in page

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        row = session.scalars(select(Certificate)).one()
        row.issued_at, row.valid_until = clock.now() - timedelta(days=600), clock.now() + timedelta(days=30)
    page = client.get(f"/tests/{BANK}/").text

    assert "<dt>Questions</dt><dd>4</dd>" in page
    assert "A renewal is shorter than the first test: 4 questions in 15 minutes." in page
    assert "Start the test (15 minutes)" in page
    attempt = client.get(client.post(f"/tests/{BANK}/attempts").location)
    assert attempt.status_code == 200


def test_the_editor_of_a_test_keeps_what_it_does_not_show():
    assert read_terms(MultiDict(), HALF)["renewal"] == HALF["renewal"]
    assert "renewal" not in read_terms(MultiDict(), {})


@pytest.mark.parametrize("percent", [0, 100, 50.5])
def test_a_share_that_shortens_nothing_or_everything_is_refused(percent):
    with pytest.raises(ValueError, match="percent"):
        ShorterRenewal(percent=percent)
