"""Verification against the records: what was decided since counts, and a row that was changed by hand is noticed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from certificates.adapters.published_head import PUBLISHED
from certificates.adapters.verifying import verify_file
from certificates.domain.contents import CertificateView
from certificates.domain.standing import CertificateState
from certificates.domain.verdicts import Outcome, VerificationReport
from certificates.models.certificates import Certificate
from certificates.models.credentials import Cause, Credential
from certificates.models.log import LeafKind
from certificates.operations.credentials import ask_for_credential
from certificates.operations.issuance_log import append_leaf
from certificates.operations.personal_data import erase_certificates
from certificates.queries import records
from certificates.queries.keys import trusted_keys
from certificates.queries.verifying import DatabaseRecords, Surroundings, examine_certificate
from lms import clock
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.at_work import decide, sign_all, signing_of
from tests.certificates.baked import WAYS
from tests.certificates.factories import BASE_URL, deliver_all, make_office, qualify, the_certificate
from tests.certificates.log_factories import by_hand
from tests.certificates.test_public_pages import main_of


@pytest.fixture
def certificate(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> CertificateView:
    """A certificate that is signed, and another one in the log behind it."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        held = the_certificate(session, qualify(session, name="Ada Lovelace"))
    sign_all(app, monkeypatch)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        qualify(session, name="Grace Hopper")
    sign_all(app, monkeypatch)
    return held


@pytest.fixture
def document(database: Database, certificate: CertificateView) -> bytes:
    """The first edition of its credential, as a file."""
    return stored_document(database, certificate)


@pytest.fixture
def verified(app: Flask, database: Database) -> Callable[[bytes], VerificationReport]:
    def verify(data: bytes) -> VerificationReport:
        around = surroundings(app)
        with database.reading() as session:
            trust = trusted_keys(session, base_url=BASE_URL)
            return verify_file(data, trust=trust, at=clock.now(), records=DatabaseRecords(session, around))

    return verify


@pytest.fixture
def page(client: FlaskClient, certificate: CertificateView) -> Callable[[], str]:
    """The page that its id leads to."""

    def look() -> str:
        answer = client.get(f"/verify/{certificate.id}")
        assert answer.status_code == 200
        return main_of(answer.text)

    return look


def surroundings(app: Flask) -> Surroundings:
    return Surroundings(base_url=BASE_URL, published=app.extensions[PUBLISHED].read())


def stored_document(database: Database, certificate: CertificateView, *, number: int = 1) -> bytes:
    with database.reading() as session:
        found = select(Credential.document).where(
            Credential.certificate_id == certificate.id, Credential.number == number
        )
        return (session.scalars(found).one() or "").encode()


def sign_anew(app: Flask, database: Database, certificate: CertificateView, **values: Any) -> None:
    """Change the record as an operation does, and have it signed."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(Certificate).where(Certificate.id == certificate.id).values(**values))
        ask_for_credential(session, certificate_id=certificate.id, cause=Cause.NAME, at=clock.now())


def by_statement(database: Database, statement: str, **values: object) -> None:
    """Change rows as somebody does who has the database in their hands."""
    with by_hand(database.engine) as session:
        assert session.execute(text(statement), values).rowcount


def outcome_and_reason(report: VerificationReport) -> tuple[Outcome, str]:
    return report.outcome, " ".join(report.reasons)


def test_what_was_signed_and_stands_is_valid(verified, document: bytes, page):
    report = verified(document)

    assert report.outcome is Outcome.VALID
    assert [check.name for check in report.checks if check.result != "passed"] == []
    assert "it holds today" in page()


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        ([CertificateState.SUSPENDED], Outcome.SUSPENDED),
        ([CertificateState.SUSPENDED, CertificateState.VALID], Outcome.VALID),
        ([CertificateState.REVOKED], Outcome.REVOKED),
        ([CertificateState.SUSPENDED, CertificateState.REVOKED], Outcome.REVOKED),
        ([CertificateState.SUPERSEDED], Outcome.SUPERSEDED),
    ],
)
def test_what_was_decided_since_counts(app, database, certificate, verified, document, page, states, outcome):
    decide(app, database, certificate.id, *states)

    report = verified(document)

    assert report.outcome is outcome
    assert report.facts is not None  # genuine, whatever became of it
    assert outcome.value.title() in page()
    assert "CANARY-REASON" not in page() + str(report.as_json())


@pytest.mark.parametrize("way", ["our PNG", "our SVG"])
@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (CertificateState.VALID, Outcome.VALID),
        (CertificateState.SUSPENDED, Outcome.SUSPENDED),
        (CertificateState.REVOKED, Outcome.REVOKED),
        (CertificateState.SUPERSEDED, Outcome.SUPERSEDED),
    ],
)
def test_what_was_decided_since_counts_for_a_badge_as_well(
    app, database, certificate, verified, document, state, outcome, way
):
    if state is not CertificateState.VALID:
        decide(app, database, certificate.id, state)

    report = verified(WAYS[way](document.decode()))

    assert report.outcome is outcome
    assert report.facts == verified(document).facts


def test_an_earlier_edition_is_superseded_by_the_newer_one(app, database, certificate, verified, document, page):
    sign_anew(app, database, certificate, holder_name="Ada King")
    deliver_all(app)

    outcome, reason = outcome_and_reason(verified(document))

    assert outcome is Outcome.SUPERSEDED
    assert f"number 2, since {clock.now().date().isoformat()}" in reason
    assert verified(stored_document(database, certificate, number=2)).outcome is Outcome.VALID
    assert "There is a newer edition, number 2, since" in page()
    assert "Ada King" in page()


def test_while_another_edition_is_being_signed_nothing_is_called_wrong(
    app, database, certificate, verified, document, page
):
    sign_anew(app, database, certificate, holder_name="Ada King")

    assert verified(document).outcome is Outcome.VALID
    assert "it holds today" in page()


def test_a_certificate_is_not_called_valid_before_it_is_signed(app: Flask, database: Database, client: FlaskClient):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        held = the_certificate(session, qualify(session))

    page = main_of(client.get(f"/verify/{held.id}").text)

    assert "Being signed" in page
    assert "it holds today" not in page


def test_an_erased_certificate_is_one_that_nobody_vouches_for(app, database, certificate, verified, document):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = session.get_one(Certificate, certificate.id).person_id
        erase_certificates(session, person_id=person_id, at=clock.now(), signing=signing_of(app))

    outcome, reason = outcome_and_reason(verified(document))

    assert outcome is Outcome.REVOKED
    assert "no record" in reason


@pytest.mark.parametrize(
    ("column", "value", "names"),
    [
        ("holder_name", "'Eve Impostor'", "The holder"),
        ("issued_at", "'2020-01-01 00:00:00.000000+00:00'", "The day of issue"),
        ("valid_until", "'2099-01-01 00:00:00.000000+00:00'", "The last day"),
        ("score", None, "The scores"),
        ("cut_score", None, "The score that was needed"),
        ("skills", "'[]'", "What was tested"),
    ],
)
def test_a_row_changed_by_hand_does_not_hold(database, certificate, verified, document, page, column, value, names):
    # A fraction is stored as a decimal or as text, by database; half of it is wrong in either.
    changed = value or (f"{column} * 0.99" if database.engine.dialect.name == "postgresql" else "'0.75'")
    by_statement(database, f"UPDATE certificate SET {column} = {changed} WHERE id = :id", id=certificate.id)

    outcome, reason = outcome_and_reason(verified(document))

    assert outcome is Outcome.ALTERED
    assert f"{names}" in reason
    assert "Does not hold" in page()
    assert "it holds today" not in page()
    assert "Eve Impostor" not in page()


@pytest.mark.parametrize("column", ["content", "salt", "commitment", "document"])
def test_a_credential_changed_by_hand_does_not_hold(database, certificate, verified, document, page, column):
    changed = (
        f"replace({column}, substr({column}, 40, 1), '#')"
        if column in {"salt", "commitment"}
        else (f"replace({column}, 'Ada Lovelace', 'Eve Impostor')")
    )
    by_statement(database, f"UPDATE credential SET {column} = {changed} WHERE certificate_id = :id", id=certificate.id)

    assert verified(document).outcome is Outcome.ALTERED
    assert "Does not hold" in page()


@pytest.mark.parametrize("column", ["status_index", "status_list", "number"])
def test_a_credential_moved_by_hand_does_not_hold(database, certificate, page, column):
    """Another place in the status lists would hide from others that it was revoked."""
    by_statement(
        database, f"UPDATE credential SET {column} = {column} + 1 WHERE certificate_id = :id", id=certificate.id
    )

    assert "another number or place in the status lists" in page()


def test_a_state_changed_by_hand_does_not_hold(app, database, certificate, verified, document, page):
    decide(app, database, certificate.id, CertificateState.REVOKED)
    by_statement(
        database, "UPDATE certificate SET state = 'valid', state_reason = NULL WHERE id = :id", id=certificate.id
    )

    assert outcome_and_reason(verified(document))[0] is Outcome.ALTERED
    assert "Its state in the record is not the one that was decided and logged." in page()


def test_a_decision_changed_by_hand_does_not_hold(app, database, certificate, page):
    decide(app, database, certificate.id, CertificateState.SUSPENDED)
    by_statement(database, "UPDATE state_change SET reason = 'Another.' WHERE certificate_id = :id", id=certificate.id)

    assert "The last change of its state is not what is in the issuance log." in page()


def test_a_certificate_put_in_by_hand_does_not_hold(database, certificate, page):
    by_statement(database, "DELETE FROM credential WHERE certificate_id = :id", id=certificate.id)

    assert "It was never signed." in page()


@pytest.mark.parametrize(
    "statement",
    [
        'DELETE FROM log_leaf WHERE "index" = 0',
        'UPDATE log_leaf SET commitment = leaf_hash WHERE "index" = 0',
        "UPDATE log_leaf SET at = '2020-01-01 00:00:00.000000+00:00' WHERE \"index\" = 0",
        'UPDATE log_leaf SET leaf_hash = commitment WHERE "index" = 0',
        "UPDATE log_leaf SET kind = 'state' WHERE \"index\" = 0",
        'UPDATE log_node SET hash = (SELECT commitment FROM log_leaf WHERE "index" = 0)',
        'UPDATE log_checkpoint SET root = (SELECT commitment FROM log_leaf WHERE "index" = 0) WHERE size = 2',
        "DELETE FROM log_checkpoint WHERE size = 2",
    ],
)
def test_a_log_changed_by_hand_does_not_hold(database, certificate, verified, document, page, statement):
    by_statement(database, statement)

    assert verified(document).outcome is Outcome.ALTERED
    assert "Does not hold" in page()


def test_a_log_that_was_rewound_does_not_hold(database, certificate, verified, document, page):
    """Back to where it stood before the second certificate, as an older backup would have it."""
    by_statement(database, "UPDATE log_head SET size = 1")
    by_statement(database, "DELETE FROM log_checkpoint WHERE size = 2")

    outcome, reason = outcome_and_reason(verified(document))

    assert outcome is Outcome.ALTERED
    assert "shorter than it was" in reason
    assert "shorter than it was" in page()


def test_a_change_that_is_just_being_made_is_looked_at_again(app, database, certificate, monkeypatch):
    """On PostgreSQL each statement sees another moment; what is whole at the second look is no fault."""
    looked = records.find_record
    changes = [{"holder_name": "Half Done"}]

    def find(session, certificate_id):
        found = looked(session, certificate_id)
        if changes:
            return replace(found, view=replace(found.view, **changes.pop()))
        return found

    monkeypatch.setattr("certificates.queries.verifying.find_record", find)
    with database.reading() as session:
        examined = examine_certificate(
            session, certificate_id=certificate.id, around=surroundings(app), at=clock.now() + timedelta(seconds=1)
        )

    assert examined.faults == ()
    assert not changes


def test_while_others_are_issued_nothing_is_called_wrong(app, database, certificate, verified, document):
    """The log grows between one statement and the next; that is no reason to distrust it."""
    is_over = Event()

    def issue() -> None:
        while not is_over.is_set():
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                signing = signing_of(app)
                append_leaf(
                    session,
                    kind=LeafKind.STATE,
                    commitment="5a" * 32,
                    keys=signing.keys,
                    origin=signing.origin,
                    at=clock.now(),
                )

    with ThreadPoolExecutor(1) as pool:
        issuing = pool.submit(issue)
        try:
            outcomes = {outcome_and_reason(verified(document)) for _ in range(25)}
        finally:
            is_over.set()
        issuing.result()

    assert outcomes == {(Outcome.VALID, "")}
