"""A crash at any step of issuing: nothing is signed without an intent, no certificate is lost, none is made twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, select, update

from assessments.models.attempts import Attempt
from certificates.adapters.canonical_json import canonical, parse_json
from certificates.cli.certificates import certificates
from certificates.domain.contents import CertificateView
from certificates.domain.credential import content_of
from certificates.domain.log_leaves import commitment
from certificates.models.certificates import CertificateFile
from certificates.models.credentials import ISSUE_TOPIC, Credential, CredentialState
from certificates.models.keys import KeyPurpose
from certificates.models.log import LeafKind, LogLeaf
from certificates.operations.keys import make_first_keys, rotate_key
from certificates.operations.reconciling import LONGEST, PATIENCE, reconcile
from lms import clock, faults
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import deliver
from lms.outbox.models import OutboxMessage
from lms.outbox.operations import LEASE
from tests.certificates.factories import AT, SIGNING, deliver_all, make_office, qualify, the_certificate

STEPS = [
    *("commit.before", "commit.after", "outbox.leased"),
    *("commit.before", "commit.after", "issue.intended"),
    *("issue.signature", "commit.before", "commit.after", "issue.signed"),
    *("issue.printed", "issue.stored", "commit.before", "commit.after"),
    *("outbox.handled", "commit.before", "commit.after"),
]
NAMES = [f"{number}-{name}" for number, name in enumerate(STEPS, start=1)]
LATER = LEASE + PATIENCE + timedelta(minutes=1)


class Crash(BaseException):
    """Ends the worker as SIGKILL would: no handler of errors sees it."""


@pytest.fixture
def certificate(app: Flask, database: Database) -> CertificateView:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_first_keys(session, keys=SIGNING.keys, at=AT)
        make_office(session)
        return the_certificate(session, qualify(session))


@contextmanager
def points(monkeypatch: pytest.MonkeyPatch, *, crash_at: int | None = None) -> Iterator[list[str]]:
    """Note the points that a worker comes to while it issues, and let it die at one of them."""
    met: list[str] = []

    def come(name: str) -> None:
        met.append(name)
        if len(met) - 1 == crash_at:
            raise Crash(name)

    with monkeypatch.context() as patch:
        patch.setattr(faults, "point", come)
        yield met


def work(app: Flask, database: Database) -> None:
    """Deliver the message that has the certificate signed, or die over it."""
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        [message_id] = session.scalars(select(OutboxMessage.id).where(OutboxMessage.topic == ISSUE_TOPIC)).all()
    assert deliver(database, app.extensions["assay.handlers"], message_id)


def assert_nothing_is_signed_without_an_intent(database: Database) -> None:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        leaves = {leaf.index: leaf for leaf in session.scalars(select(LogLeaf))}
        credentials = session.scalars(select(Credential)).all()
    assert {c.leaf_index for c in credentials} == {i for i, leaf in leaves.items() if leaf.kind is LeafKind.CREDENTIAL}
    for each in credentials:
        said = each.content if each.document is None else canonical(content_of(parse_json(each.document))).decode()
        assert said == each.content
        assert leaves[each.leaf_index].commitment == commitment(each.salt, each.content.encode())


def assert_it_is_finished_once(database: Database, certificate: CertificateView, data_dir: Path) -> None:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        [credential] = session.scalars(select(Credential)).all()
        [file] = session.scalars(select(CertificateFile)).all()
    assert (credential.certificate_id, credential.number, credential.is_current) == (certificate.id, 1, True)
    assert credential.state is CredentialState.SIGNED
    assert file.credential_id == credential.id
    stored = [path.name for path in (data_dir / "certificates").iterdir()]
    assert f"{file.sha256}.pdf" in stored


def run_into(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    with points(monkeypatch, crash_at=step), pytest.raises(Crash):
        work(app, database)


def test_issuing_comes_to_these_points(app, database, certificate, monkeypatch):
    with points(monkeypatch) as met:
        work(app, database)

    assert met == STEPS


@pytest.mark.parametrize("step", range(len(STEPS)), ids=NAMES)
def test_after_a_crash_the_message_comes_again_and_finishes(app, database, certificate, data_dir, monkeypatch, step):
    run_into(app, database, monkeypatch, step)
    assert_nothing_is_signed_without_an_intent(database)

    with time_machine.travel(clock.now() + LATER):
        deliver_all(app)

    assert_nothing_is_signed_without_an_intent(database)
    assert_it_is_finished_once(database, certificate, data_dir)


@pytest.mark.parametrize("step", range(len(STEPS)), ids=NAMES)
def test_after_a_crash_that_took_the_message_along_the_reconciler_finishes(
    app, database, certificate, data_dir, monkeypatch, step
):
    run_into(app, database, monkeypatch, step)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(delete(OutboxMessage))

    with time_machine.travel(clock.now() + LATER):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            reconcile(session, at=clock.now())
        deliver_all(app)

    assert_nothing_is_signed_without_an_intent(database)
    assert_it_is_finished_once(database, certificate, data_dir)


def test_the_reconciler_leaves_alone_what_a_message_is_still_to_finish(database, certificate):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        assert reconcile(session, at=clock.now() + LATER) == 0


def test_a_key_that_took_over_between_intent_and_signature_signs_a_new_intent(
    app, database, certificate, data_dir, monkeypatch
):
    run_into(app, database, monkeypatch, STEPS.index("issue.intended"))
    with time_machine.travel(clock.now() + LATER):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            rotate_key(session, keys=SIGNING.keys, purpose=KeyPurpose.CREDENTIAL, at=clock.now(), actor="a test")
        deliver_all(app)

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        first, second = session.scalars(select(Credential).order_by(Credential.number)).all()
        [file] = session.scalars(select(CertificateFile)).all()
    assert (first.state, first.flag) == (CredentialState.FLAGGED, "Another key took over before it was signed.")
    assert (second.state, second.is_current, file.credential_id) == (CredentialState.SIGNED, True, second.id)


def test_a_document_key_that_took_over_before_the_printing_signs_both_anew(
    app, database, certificate, data_dir, monkeypatch
):
    run_into(app, database, monkeypatch, STEPS.index("issue.signed"))
    with time_machine.travel(clock.now() + LATER):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            new = rotate_key(session, keys=SIGNING.keys, purpose=KeyPurpose.DOCUMENT, at=clock.now(), actor="a test")
        deliver_all(app)

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        first, second = session.scalars(select(Credential).order_by(Credential.number)).all()
        [file] = session.scalars(select(CertificateFile)).all()
    assert not first.is_current
    assert (second.document_key_id, file.credential_id) == (new, second.id)


def test_what_the_attempt_did_not_earn_is_flagged_and_never_signed(app, database, certificate):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(Attempt).values(has_passed=False))

    deliver_all(app)

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        [credential] = session.scalars(select(Credential)).all()
        assert session.scalars(select(CertificateFile)).all() == []
    assert (credential.state, credential.flag) == (CredentialState.FLAGGED, "The attempt behind it did not pass.")


def test_an_intent_that_waits_for_a_day_is_flagged_and_a_person_has_it_tried_again(
    app, database, certificate, data_dir, monkeypatch
):
    run_into(app, database, monkeypatch, STEPS.index("issue.intended"))
    later = clock.now() + LONGEST + timedelta(minutes=1)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(delete(OutboxMessage))
        reconcile(session, at=later)
        assert session.scalars(select(Credential.state)).all() == [CredentialState.FLAGGED]

    told = CliRunner().invoke(certificates, ["finish"], obj=app)

    assert told.output == "Taken up again: 1 flagged, 0 unfinished.\n"
    deliver_all(app)

    assert_it_is_finished_once(database, certificate, data_dir)
