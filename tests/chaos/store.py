"""What is stored when all is over: attempts with their result computed anew, and the health of the installation."""

import hashlib
from collections import Counter
from email import message_from_bytes
from fractions import Fraction
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, AttemptState, FormItem, LateResponse, Response
from assessments.models.results import ItemResult
from assessments.models.tests import Test
from assessments.operations.scoring_attempts import result_of, score_attempt
from assessments.queries.tests import get_terms
from certificates.models.certificates import Certificate, CertificateFile
from lms import clock
from lms.db.base import Base, UnitFraction
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.models import OutboxMessage
from lms.web.transactions import EXTENSION
from tests.chaos.checker import StoredAttempt, StoredResponse, Violation


def read_attempts(app: Flask, person_id: UUID, letters: Counter[str]) -> list[StoredAttempt]:
    """Every attempt of a person, in order."""
    with app.extensions[EXTENSION].reading(PUBLIC_ORGANISATION_ID) as session:
        rows = session.scalars(select(Attempt).where(Attempt.person_id == person_id).order_by(Attempt.number))
        return [_read(session, attempt, letters) for attempt in rows.all()]


def _read(session: Session, attempt: Attempt, letters: Counter[str]) -> StoredAttempt:
    responses = session.scalars(select(Response).where(Response.attempt_id == attempt.id))
    certificates = session.scalars(select(Certificate.id).where(Certificate.attempt_id == attempt.id)).all()
    return StoredAttempt(
        id=str(attempt.id),
        state=attempt.state.value,
        deadline_at=attempt.deadline_at,
        submitted_at=attempt.submitted_at,
        score=attempt.score,
        has_passed=attempt.has_passed,
        regraded=_grade_anew(session, attempt),
        form_count=_count(session, FormItem, attempt.id),
        result_count=_count(session, ItemResult, attempt.id),
        responses={each.position: StoredResponse(each.sequence, each.response, each.saved_at) for each in responses},
        late=_late(session, attempt.id),
        certificates=len(certificates),
        letters=sum(letters[certificate_id] for certificate_id in certificates),
    )


def _count(session: Session, what: type[FormItem] | type[ItemResult], attempt_id: UUID) -> int:
    return session.scalar(select(func.count()).select_from(what).where(what.attempt_id == attempt_id)) or 0


def _grade_anew(session: Session, attempt: Attempt) -> tuple[Fraction | None, bool] | None:
    """The result by the rules alone, cut off as the database keeps it."""
    result = result_of(score_attempt(session, attempt.id), get_terms(session, attempt.test_version_id))
    if result is None:
        return None
    kept = UnitFraction()
    dialect = session.get_bind().dialect
    return kept.process_result_value(kept.process_bind_param(result.score, dialect), dialect), result.has_passed


def _late(session: Session, attempt_id: UUID) -> dict[int, StoredResponse]:
    rows = session.scalars(select(LateResponse).where(LateResponse.attempt_id == attempt_id))
    return {each.position: StoredResponse(each.sequence, each.response, each.received_at) for each in rows}


def count_letters(data_dir: Path) -> Counter[str]:
    """How many mails, told apart by their Message-ID, name each certificate."""
    letters: Counter[str] = Counter()
    seen = set()
    for path in (data_dir / "mail").glob("*.eml"):
        message = message_from_bytes(path.read_bytes())
        if message["Message-ID"] in seen:
            continue
        seen.add(message["Message-ID"])
        body = message.get_payload(decode=True)
        _, found, rest = (body if isinstance(body, bytes) else b"").partition(b"/certificates/")
        if found:
            letters[rest.partition(b"/")[0].decode()] += 1
    return letters


def check_installation(app: Flask, data_dir: Path) -> list[Violation]:
    """What must hold beyond single attempts: the database is sound, effects are delivered, files and rows agree."""
    database = app.extensions[EXTENSION]
    found = [Violation("the database is sound", "-", fault) for fault in _database_faults(database.engine)]
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        found += _undelivered(session)
        found += _files(session, data_dir / "certificates")
    return found


def count_waiting(app: Flask) -> int:
    """Messages that are due and not delivered, or were tried and failed."""
    with app.extensions[EXTENSION].reading() as session:
        waiting = OutboxMessage.delivered_at.is_(None) & (
            (OutboxMessage.due_at <= clock.now()) | (OutboxMessage.tries > 0)
        )
        return session.scalar(select(func.count()).select_from(OutboxMessage).where(waiting)) or 0


def count_open(app: Flask, slug: str) -> int:
    """Attempts at a test that nobody handed in."""
    with app.extensions[EXTENSION].reading(PUBLIC_ORGANISATION_ID) as session:
        is_open = (Test.slug == slug) & (Attempt.state == AttemptState.OPEN)
        count = select(func.count()).select_from(Attempt).join(Test, Test.id == Attempt.test_id).where(is_open)
        return session.scalar(count) or 0


def end_leases(app: Flask) -> None:
    """Let the minutes pass after which what a dead worker held, or failed at, is handed out again."""
    with app.extensions[EXTENSION].transaction() as session:
        waiting = OutboxMessage.delivered_at.is_(None) & (OutboxMessage.tries > 0)
        session.execute(update(OutboxMessage).where(waiting).values(due_at=clock.now()))


def _undelivered(session: Session) -> list[Violation]:
    rows = session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.delivered_at.is_(None),
            (OutboxMessage.due_at <= clock.now()) | (OutboxMessage.tries > 0),
        )
    )
    return [
        Violation("every effect arrives", str(row.payload), f"{row.topic} after {row.tries} tries: {row.last_error}")
        for row in rows
    ]


def _files(session: Session, folder: Path) -> list[Violation]:
    """Every certificate has its file, every file its certificate, and each is what its name says."""
    rows = session.execute(select(CertificateFile.sha256, CertificateFile.certificate_id))
    noted = {sha256: certificate_id for sha256, certificate_id in rows}  # noqa: C416  # a row is no pair to dict()
    certificates = set(session.scalars(select(Certificate.id)))
    found = [
        Violation("every certificate has its file", name, "no file is noted")
        for name in sorted(certificates - set(noted.values()))
    ]
    stored = {path.stem: path for path in folder.glob("*.pdf")}
    found += [Violation("every certificate has its file", noted[name], "it is gone") for name in noted.keys() - stored]
    found += [Violation("no orphan file", name, str(path)) for name, path in stored.items() if name not in noted]
    found += [
        Violation("a file is what its name says", noted[name], str(path))
        for name, path in stored.items()
        if name in noted and hashlib.sha256(path.read_bytes()).hexdigest() != name
    ]
    return found


def _database_faults(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            integrity = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
            dangling = [
                f"dangling reference {tuple(row)}" for row in connection.execute(text("PRAGMA foreign_key_check"))
            ]
            return [line for line in integrity if line != "ok"] + dangling
        return _postgres_faults(engine)


def _postgres_faults(engine: Engine) -> list[str]:
    """Every table and every B-tree index read and compared, by PostgreSQL's own amcheck."""
    faults = []
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(
                text("SELECT msg FROM verify_heapam(CAST(:name AS regclass))"), {"name": f'"{table.name}"'}
            )
            faults += [f"{table.name}: {row[0]}" for row in rows]
        indexes = text(
            "SELECT bt_index_check(index => c.oid, heapallindexed => true) FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE a.amname = 'btree' AND n.nspname = 'public' AND c.relpersistence = 'p'"
        )
        try:
            connection.execute(indexes).all()
        except Exception as error:  # noqa: BLE001  # whatever it says is a fault of the index
            faults.append(str(error))
    return faults
