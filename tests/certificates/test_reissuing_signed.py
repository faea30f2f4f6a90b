"""A run to its end: what is asked for is signed, logged, and takes the place of what was before."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from certificates.domain.design import HOUSE_DESIGN
from certificates.models.certificates import Certificate
from certificates.models.credentials import Cause, Credential, CredentialState
from certificates.models.reissues import RunKind
from certificates.operations.designs import publish_design
from certificates.operations.keys import distrust_key, make_missing_keys
from certificates.operations.reissuing import carry_on, start_run
from certificates.queries.designs import current_design_version_id
from certificates.queries.reissues import Selection, count_certificates, count_progress
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.at_work import sign_all, signing_of
from tests.certificates.factories import BASE_URL
from tests.certificates.held import make_held
from tests.people import make_person

PEOPLE = 3


@pytest.fixture
def held(app, database, monkeypatch):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        ids = [view.id for view in make_held(session, count=PEOPLE)]
    sign_all(app, monkeypatch)
    return ids


def run(app, database, monkeypatch, selection):
    """Start a run, carry it on, and let the worker sign; how far it is then."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        run_id = start_run(session, selection=selection, reason="For this test.", actor_id=None, at=clock.now())
    waits = True
    while waits:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            waits = carry_on(session, run_id=run_id, base_url=BASE_URL, at=clock.now(), limit=2)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert count_progress(session, run_id).signed == 0
    sign_all(app, monkeypatch)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return count_progress(session, run_id)


def credentials(database):
    """Number, cause, whether it is current, for each credential by certificate."""
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        rows = session.execute(
            select(Credential.certificate_id, Credential.number, Credential.cause, Credential.is_current).order_by(
                Credential.number
            )
        ).all()
    found = {}
    for certificate_id, *said in rows:
        found.setdefault(certificate_id, []).append(tuple(said))
    return found


def test_each_certificate_comes_into_the_new_design_once(app, database, held, monkeypatch):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        design = replace(HOUSE_DESIGN, display_name="Harbour Academy")
        publish_design(session, design=design, person_id=make_person(session).id, at=clock.now())

    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        progress = run(app, database, monkeypatch, Selection(RunKind.DESIGN))

    assert (progress.signed, progress.done, progress.refused) == (PEOPLE, PEOPLE, 0)
    assert credentials(database) == {each: [(1, Cause.ISSUED, False), (2, Cause.DESIGN, True)] for each in held}
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        present = current_design_version_id(session)
        current = select(Credential.design_version_id).where(Credential.is_current)
        assert set(session.scalars(current)) == {present}
        assert count_certificates(session, Selection(RunKind.DESIGN), at=clock.now()) == 0


def test_what_a_distrusted_key_signed_is_signed_by_another(app, database, held, monkeypatch):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        old = session.scalars(select(Credential.key_id).limit(1)).one()
        distrust_key(session, key_id=old, since=clock.now(), reason="Leaked.", at=clock.now(), actor="test")
        make_missing_keys(session, keys=signing_of(app).keys, is_development=True, at=clock.now())

    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        progress = run(app, database, monkeypatch, Selection(RunKind.KEYS))

    assert progress.signed == PEOPLE
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        current = session.scalars(select(Credential.key_id).where(Credential.is_current)).all()
        assert old not in current
        assert count_certificates(session, Selection(RunKind.KEYS), at=clock.now()) == 0


def test_a_renewed_certificate_says_until_when_it_holds_now(app, database, held, monkeypatch):
    with time_machine.travel(clock.now() + timedelta(days=40)):
        progress = run(app, database, monkeypatch, Selection(RunKind.RENEW, certificate_id=held[0]))

    assert (progress.signed, progress.done) == (1, 1)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        certificate = session.get_one(Certificate, held[0])
        content = session.scalars(
            select(Credential.content).where(Credential.certificate_id == held[0], Credential.is_current)
        ).one()
    assert f"{certificate.valid_until:%Y-%m-%dT%H:%M:%S}Z" in content


def test_a_credential_that_waits_for_a_person_is_counted_as_such(database, app, held, monkeypatch):
    with time_machine.travel(clock.now() + timedelta(days=40)):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            asked = Selection(RunKind.RENEW, certificate_id=held[0])
            run_id = start_run(session, selection=asked, reason="x", actor_id=None, at=clock.now())
            carry_on(session, run_id=run_id, base_url=BASE_URL, at=clock.now())
        sign_all(app, monkeypatch)
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            session.execute(
                update(Credential)
                .where(Credential.certificate_id == held[0], Credential.number == 2)
                .values(state=CredentialState.FLAGGED, flag="Looked at.", document=None, jwt=None, is_current=False)
            )
            progress = count_progress(session, run_id)

    assert (progress.signed, progress.flagged, progress.withdrawn) == (0, 1, 0)
    assert progress.is_settled
