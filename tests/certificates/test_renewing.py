"""Renewing: who passed sits the test anew toward the end, and the new certificate takes the place of the old one."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.domain.eligibility import Eligibility, Reason
from assessments.models.attempts import Attempt
from assessments.operations.starting import start_attempt
from assessments.queries.eligibility import eligibility
from assessments.queries.tests import get_test
from certificates.domain.standing import CertificateState, Standing
from certificates.domain.status_list import StatusPurpose
from certificates.domain.validity import renewal_opening
from certificates.models.certificates import Certificate
from certificates.queries.achievements import held_achievements
from certificates.queries.certificates import list_certificates
from certificates.queries.status_lists import list_set_bits
from lms import clock
from lms.accounts.models import Person
from lms.db.session import Database
from lms.errors import Conflict
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK, sit
from tests.certificates.factories import AT, UNTIL, make_office, qualify
from tests.certificates.held import change, changes_of, make_credential, make_held, make_signing, state_of
from tests.mails import all_waiting_mails
from tests.people import sign_in
from tests.statements import counted

OPENING = renewal_opening(AT, UNTIL)
INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def signing(app: Flask, database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_signing(session, app)


@pytest.fixture
def held(signing, session):
    """A certificate of somebody who passed."""
    [certificate] = make_held(session)
    return session.get_one(Certificate, certificate.id)


def verdict(session, held, at) -> Eligibility:
    return eligibility(session, get_test(session, BANK), person_id=held.person_id, at=at)


def test_a_pass_stands_in_the_way_until_three_months_before_the_certificate_ends(session, held):
    early = verdict(session, held, OPENING - INSTANT)

    assert early.reasons == (Reason.ALREADY_PASSED,)
    assert (early.possible_at, early.renewal.ends_at) == (OPENING, UNTIL)
    with pytest.raises(Conflict, match="passed this test already"):
        start_attempt(session, test_slug=BANK, person_id=held.person_id, at=OPENING - INSTANT)
    for at in (OPENING, UNTIL, UNTIL + 1000 * DAY):
        assert verdict(session, held, at).eligible
    assert start_attempt(session, test_slug=BANK, person_id=held.person_id, at=OPENING)


def test_a_renewal_supersedes_the_old_certificate_everywhere_and_the_tier_stays_open(database, signing):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        [old] = make_held(session)
        credential = make_credential(session, old.id, signing)
        person_id = session.get_one(Certificate, old.id).person_id
        sit(session, person_id=person_id, at=OPENING, seed=2)

        new, _old = list_certificates(session, person_id=person_id)
        assert (new.standing(OPENING), state_of(session, old.id)) == (Standing.VALID, CertificateState.SUPERSEDED)
        assert new.issued_at == OPENING
        assert new.valid_until > UNTIL
        [kept] = changes_of(session, old.id)
        assert (kept.state, kept.at) == (CertificateState.SUPERSEDED, OPENING)
        assert new.id in kept.reason
        for purpose in StatusPurpose:
            assert list_set_bits(session, purpose=purpose, number=credential.status_list) == [credential.status_index]
        assert held_achievements(session, person_id=person_id, at=OPENING) == {BANK}
        next_one = eligibility(session, get_test(session, BANK), person_id=person_id, at=OPENING + HOUR)
        assert next_one.reasons == (Reason.ALREADY_PASSED,)
        assert next_one.possible_at == renewal_opening(new.issued_at, new.valid_until)
    told = "\n".join(all_waiting_mails(database))
    assert f"/certificates/{new.id}" in told


def test_a_failed_renewal_leaves_the_certificate_as_it_is_and_the_policy_holds_for_the_next_try(session, held):
    sit(session, person_id=held.person_id, at=OPENING, right=1, seed=2)

    assert state_of(session, held.id) is CertificateState.VALID
    assert changes_of(session, held.id) == []
    assert held_achievements(session, person_id=held.person_id, at=OPENING + HOUR) == {BANK}
    after = verdict(session, held, OPENING + HOUR)
    assert (after.reasons, after.possible_at, after.tries_left) == ((Reason.COOLING_DOWN,), OPENING + DAY, 2)
    assert verdict(session, held, OPENING + DAY).eligible


def test_what_ended_stays_expired_when_its_holder_passes_again(session, held):
    sit(session, person_id=held.person_id, at=UNTIL + DAY, seed=2)

    new, old = list_certificates(session, person_id=held.person_id)
    assert (new.standing(UNTIL + DAY), old.standing(UNTIL + DAY)) == (Standing.VALID, Standing.EXPIRED)


@pytest.mark.parametrize("state", [CertificateState.SUSPENDED, CertificateState.REVOKED])
def test_what_was_suspended_or_revoked_opens_no_renewal(session, signing, held, state):
    change(session, signing, held.id, state)

    for at in (OPENING, UNTIL + DAY):
        told = verdict(session, held, at)
        assert (told.reasons, told.possible_at) == ((Reason.ALREADY_PASSED,), None)


def test_an_expired_certificate_opens_no_renewal_beside_a_newer_one_that_was_revoked(session, signing, held):
    sit(session, person_id=held.person_id, at=UNTIL + DAY, seed=2)
    newer = list_certificates(session, person_id=held.person_id)[0]
    change(session, signing, newer.id, CertificateState.REVOKED, at=UNTIL + 2 * DAY)

    assert verdict(session, held, UNTIL + 3000 * DAY).reasons == (Reason.ALREADY_PASSED,)


def test_a_renewal_whose_pass_a_regrade_took_does_not_shut_its_holder_out(session, signing, held):
    attempt_id = sit(session, person_id=held.person_id, at=OPENING, seed=2)
    newer = list_certificates(session, person_id=held.person_id)[0]
    change(session, signing, newer.id, CertificateState.REVOKED, at=OPENING + HOUR)
    session.get_one(Attempt, attempt_id).has_passed = False
    session.flush()

    assert verdict(session, held, OPENING + 2 * DAY).eligible


def test_a_pass_that_certifies_nothing_is_for_ever(session, held):
    session.delete(held)
    session.flush()

    assert verdict(session, held, UNTIL + DAY).possible_at is None


def test_who_passed_is_asked_about_a_renewal_and_others_about_programmes(database, session, held):
    fresh = qualify(session, name="Grace", right=0)
    costs = []
    for person_id in (fresh, held.person_id):
        test = get_test(session, BANK)
        with counted(database) as sent:
            eligibility(session, test, person_id=person_id, at=OPENING)
        costs.append(len(sent))

    assert costs == [2, 2]


def test_the_pages_say_from_when_on_and_offer_it_then(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        person = session.get_one(Person, qualify(session))
        certificate_id = session.scalars(select(Certificate.id)).one()
    sign_in(client, person)
    page = client.get(f"/certificates/{certificate_id}/").text
    assert f'from <time datetime="{OPENING.date()}">' in page
    assert "Renew it" not in page + client.get("/me/").text
    page = client.get(f"/tests/{BANK}/").text
    assert "You have passed this test. You can renew your certificate from " in page
    assert "You can start again from" not in page
    assert "from 3 months before its end on" in page
    assert client.post(f"/tests/{BANK}/attempts").status_code == 409

    for days, said, on_the_test in (
        (30, "It ends soon.", "certificate ends on"),
        (-30, "Its time is over.", "ended on"),
    ):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            row = session.get_one(Certificate, certificate_id)
            row.issued_at, row.valid_until = clock.now() - 600 * DAY, clock.now() + days * DAY
        offer = f'<a class="button primary" href="/tests/{BANK}/">Renew it'
        assert offer in client.get("/me/").text
        page = client.get(f"/certificates/{certificate_id}/").text
        assert offer in page
        assert said in page
        assert on_the_test in client.get(f"/tests/{BANK}/").text
    assert client.post(f"/tests/{BANK}/attempts").status_code == 303
