"""Issuing: a pass earns one certificate, in the transaction that grades."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from assessments.operations.answering import save_response
from assessments.operations.sheet import read_sheet
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt
from assessments.queries.attempts import list_attempts
from certificates.domain.standing import CertificateState
from certificates.models.certificates import ID_ALPHABET, Certificate
from certificates.operations.issuing import issue_certificate
from certificates.queries.certificates import list_certificates
from lms.accounts.people import rename
from lms.audit.models import AuditEvent
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.models import OutboxMessage
from tests.assessments.factories import BANK, make_bank, make_test
from tests.certificates.factories import (
    AT,
    BASE_URL,
    NAME,
    SIGNING,
    UNTIL,
    make_achievement,
    make_graded,
    make_office,
    qualify,
    the_certificate,
)
from tests.mails import waiting_mails
from tests.people import make_person

THREADS = 16


def at_once(job: Callable[[], object]) -> list[object]:
    barrier = Barrier(THREADS)

    def run(_number: int) -> object:
        barrier.wait()
        return job()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def count(database: Database, table: type, **equal: object) -> int:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalar(select(func.count()).select_from(table).filter_by(**equal)) or 0


def test_a_pass_issues_a_certificate_that_says_what_was_reached(session):
    make_office(session)
    person_id = qualify(session, name="李时珍")

    certificate = the_certificate(session, person_id)

    assert (certificate.holder_name, certificate.achievement, certificate.slug) == ("李时珍", NAME, BANK)
    assert (certificate.score, certificate.cut_score) == (Fraction(1), Fraction(7, 10))
    assert (certificate.issued_at, certificate.valid_until) == (AT, UNTIL)
    assert {skill.title: skill.score for skill in certificate.skills}["Splitting"] == 1


def test_a_result_below_the_cut_issues_nothing(session):
    make_office(session)
    person_id = qualify(session, right=2)

    assert list_certificates(session, person_id=person_id) == []


def test_a_test_that_certifies_nothing_issues_nothing(session):
    make_bank(session, at=AT)
    make_test(session, at=AT)
    person_id = qualify(session)

    assert list_certificates(session, person_id=person_id) == []


def test_the_holder_is_written_to_and_the_signing_is_asked_for(app: Flask, database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        certificate = the_certificate(session, qualify(session))

    [mail] = waiting_mails(database).values()
    assert "Your certificate is ready" in mail
    assert f"{BASE_URL}/certificates/{certificate.id}/" in mail
    assert count(database, OutboxMessage, topic="certificate.issue") == 1
    assert count(database, AuditEvent, action="certificate.issued") == 1


def test_a_certificate_keeps_the_name_and_the_version_it_was_issued_with(session):
    make_office(session)
    person_id = qualify(session)
    rename(session, person_id=person_id, name="Ada King", at=AT)
    make_achievement(session, name="Something else")

    certificate = the_certificate(session, person_id)

    assert (certificate.holder_name, certificate.achievement) == ("Ada Lovelace", NAME)


def test_ids_have_144_random_bits(session):
    make_office(session)
    ids = {the_certificate(session, qualify(session)).id for _ in range(3)}

    assert len(ids) == 3
    assert {len(certificate_id) for certificate_id in ids} == {24}
    assert set("".join(ids)) <= set(ID_ALPHABET)


def test_sixteen_issues_at_once_make_one_certificate_one_mail_and_one_rendering(app: Flask, database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        person_id = qualify(session)  # nothing is certified yet, so nothing was issued
        make_achievement(session)
        [attempt] = list_attempts(session, person_id=person_id)
    graded = make_graded(attempt_id=attempt.id, person_id=person_id)

    def issue() -> str | None:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return issue_certificate(session, released=graded, signing=SIGNING)

    issued = at_once(issue)

    assert len([certificate_id for certificate_id in issued if certificate_id]) == 1
    assert count(database, Certificate) == 1
    assert count(database, OutboxMessage, topic="mail") == 1
    assert count(database, OutboxMessage, topic="certificate.issue") == 1


def test_sixteen_hand_ins_at_once_make_one_certificate(app: Flask, database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        person_id = make_person(session).id
        attempt_id = start_attempt(session, test_slug=BANK, person_id=person_id, at=AT, seed=1)
        for line in read_sheet(session, attempt_id=attempt_id, actor="test", at=AT):
            save_response(
                session,
                attempt_id=attempt_id,
                person_id=person_id,
                position=line["position"],
                response=line["response"],
                sequence=1,
                at=AT,
            )

    def hand_in() -> bool:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return hand_in_attempt(session, attempt_id=attempt_id, person_id=person_id, at=AT)

    assert at_once(hand_in).count(True) == 1
    assert count(database, Certificate) == 1


@pytest.mark.parametrize(
    ("values", "truth"),
    [
        ({"state": CertificateState.REVOKED}, "reason_iff_not_valid"),
        ({"state_reason": "because"}, "reason_iff_not_valid"),
        ({"holder_name": ""}, "name_unless_erased"),
        ({"valid_until": AT - timedelta(days=1)}, "valid_after_issue"),
        ({"score": Fraction(1, 2)}, "score_reaches_cut"),
    ],
)
def test_the_table_keeps_its_own_truth(database: Database, app: Flask, values, truth):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        certificate = the_certificate(session, qualify(session))

    with pytest.raises(IntegrityError, match=truth), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        row = session.get_one(Certificate, certificate.id)
        for name, value in values.items():
            setattr(row, name, value)
