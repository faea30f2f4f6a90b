"""Files of certificates: rendered after the commit, kept once, repaired when lost, gone with the person."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from certificates import tasks
from certificates.adapters.file_store import FileStore
from certificates.adapters.workshop import Workshop
from certificates.domain.contents import CertificateView
from certificates.models.certificates import Certificate, CertificateFile
from certificates.models.credentials import ISSUE_TOPIC, Cause
from certificates.operations.credentials import ask_for_number
from certificates.operations.personal_data import erase_certificates, export_certificates
from certificates.operations.rendering import repair_file
from certificates.queries.certificates import find_certificate
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.operations import Delivery
from tests.certificates.factories import AT, BASE_URL, NAME, SIGNING, deliver_all, make_office, qualify, the_certificate


@pytest.fixture
def certificate(app: Flask, database: Database) -> CertificateView:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        return the_certificate(session, qualify(session))


def files(database: Database) -> list[CertificateFile]:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return list(session.scalars(select(CertificateFile)))


def path_of(data_dir: Path, sha256: str) -> Path:
    return data_dir / "certificates" / f"{sha256}.pdf"


def make_delivery(certificate: CertificateView) -> Delivery:
    payload = {"certificate_id": certificate.id, "number": 1, "cause": "issued"}
    return Delivery(certificate.attempt_id, PUBLIC_ORGANISATION_ID, ISSUE_TOPIC, payload, 1)


def erase(database: Database, certificate: CertificateView) -> None:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = session.get_one(Certificate, certificate.id).person_id
        erase_certificates(session, person_id=person_id, signing=SIGNING, at=AT)


def ask_again(database: Database, certificate: CertificateView) -> None:
    """The same message once more, as after a crash."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        ask_for_number(session, certificate_id=certificate.id, number=1, cause=Cause.ISSUED, at=AT)


def test_the_worker_renders_the_file_and_notes_its_hash(app, database, certificate, data_dir):
    deliver_all(app)

    [file] = files(database)
    content = path_of(data_dir, file.sha256).read_bytes()
    assert content.startswith(b"%PDF-1.7")
    assert (file.certificate_id, file.byte_count) == (certificate.id, len(content))


def test_rendering_twice_changes_nothing(app, database, certificate, data_dir):
    deliver_all(app)
    before = [file.sha256 for file in files(database)]

    ask_again(database, certificate)
    deliver_all(app)

    assert [file.sha256 for file in files(database)] == before
    assert path_of(data_dir, before[0]).exists()


def workshop_that_prints(act: Callable[[], bytes]) -> Workshop:
    made = Workshop(BASE_URL)
    made.print = lambda *_printing, **_key: act()
    return made


def test_of_two_workers_that_print_at_once_the_first_counts_and_no_file_is_left_over(database, certificate, tmp_path):
    store = FileStore(tmp_path)

    def work(act: Callable[[], bytes]) -> None:
        tasks.Issuing(database, store, SIGNING, lambda: workshop_that_prints(act)).handle(make_delivery(certificate))

    def print_slowly() -> bytes:
        work(lambda: b"first")
        return b"second"

    work(print_slowly)

    [file] = files(database)
    assert store.get(file.sha256) == b"first"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_certificate_erased_while_it_is_printed_leaves_no_file(database, certificate, tmp_path):
    def print_slowly() -> bytes:
        erase(database, certificate)
        return b"too late"

    workshop = workshop_that_prints(print_slowly)
    tasks.Issuing(database, FileStore(tmp_path), SIGNING, lambda: workshop).handle(make_delivery(certificate))

    assert files(database) == []
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_not_handed_out(tmp_path):
    store = FileStore(tmp_path)
    sha256 = store.put(b"whole")
    path_of_it = tmp_path / f"{sha256}.pdf"
    path_of_it.write_bytes(b"hole")

    assert store.get(sha256) is None
    assert store.put(b"whole") == sha256
    assert store.get(sha256) == b"whole"


def test_a_lost_file_is_asked_for_once(app, database, certificate, data_dir):
    deliver_all(app)
    [file] = files(database)
    path_of(data_dir, file.sha256).unlink()
    for _ in range(2):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            repair_file(session, certificate_id=certificate.id, sha256=file.sha256, at=AT)

    deliver_all(app)

    assert path_of(data_dir, file.sha256).exists()


def test_erasure_takes_the_name_and_the_file(app, database, certificate, data_dir):
    deliver_all(app)
    [file] = files(database)
    erase(database, certificate)

    deliver_all(app)

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert find_certificate(session, certificate.id) is None
        assert session.get_one(Certificate, certificate.id).holder_name == ""
    assert files(database) == []
    assert not path_of(data_dir, file.sha256).exists()


def test_an_export_holds_every_certificate(database, certificate):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        person_id = session.get_one(Certificate, certificate.id).person_id
        [told] = export_certificates(session, person_id)

    assert (told["id"], told["achievement"], told["score"]) == (certificate.id, NAME, 1.0)
