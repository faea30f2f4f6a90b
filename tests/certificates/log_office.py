"""An installation of its own with certificates in every state, and ways to change what it stores by hand."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Table, insert, select
from sqlalchemy.sql.dml import UpdateBase

from certificates.adapters.checking.everything import check_everything
from certificates.adapters.checking.evidence import snapshot
from certificates.adapters.checking.findings import Findings
from certificates.adapters.checking.tree import TreeChecker
from certificates.adapters.published_head import PUBLISHED, PublishedHead
from certificates.adapters.signing import Signing
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.credentials import Cause
from certificates.operations.credentials import ask_for_credential
from certificates.operations.personal_data import erase_certificates
from certificates.operations.state_changes import change_state
from lms import clock
from lms.config import Settings
from lms.db.base import Base
from lms.db.schema import migrate
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION
from tests.certificates.factories import BASE_URL, deliver_all, make_office, qualify, the_certificate
from tests.certificates.log_factories import by_hand
from tests.databases import make_database_url
from wsgi import create_app


class Office:
    """Four certificates, seven credentials and changes: one plain, one reinstated, one suspended, one erased."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = make_database_url(folder)
        settings = Settings(data_dir=folder, database_url=self.url, base_url=BASE_URL, secret_key="a secret for tests")
        self.app: Flask = create_app(settings)
        self.database: Database = self.app.extensions[EXTENSION]
        self.published: PublishedHead = self.app.extensions[PUBLISHED]
        migrate(self.database.engine, self.app.extensions["assay.packages"])
        self._issue()
        self._live()

    def _issue(self) -> None:
        names = ("Ada", "Grace", "Karen \u00c5", "Erased")
        with self.database.transaction(PUBLIC_ORGANISATION_ID) as session:
            make_office(session)
            people = [qualify(session, name=name) for name in names]
            self.plain, self.reinstated, self.suspended, self.erased = (
                the_certificate(session, person_id).id for person_id in people
            )
        self.erased_person = people[-1]
        deliver_all(self.app)

    def _live(self) -> None:
        """What happens to certificates: states, a second credential, an erasure."""
        signing = Signing(self.app.extensions["assay.keys"], BASE_URL)
        suspended, valid = CertificateState.SUSPENDED, CertificateState.VALID
        with self.database.transaction(PUBLIC_ORGANISATION_ID) as session:
            for certificate_id, states in {self.reinstated: (suspended, valid), self.suspended: (suspended,)}.items():
                for state in states:
                    change_state(
                        session,
                        certificate_id=certificate_id,
                        to=state,
                        reason="We look into \u201eit\u201c\t\\.",
                        actor_id=None,
                        signing=signing,
                        at=clock.now(),
                    )
            session.get_one(Certificate, self.plain).holder_name = "Ada King"
            ask_for_credential(session, certificate_id=self.plain, cause=Cause.NAME, at=clock.now())
            erase_certificates(session, person_id=self.erased_person, signing=signing, at=clock.now())
        deliver_all(self.app)

    def check(self, *, at: datetime | None = None, is_quick: bool = False) -> Findings:
        return check_everything(
            self.database.engine,
            published=self.published.read(),
            folder=self.folder / "certificates",
            at=at or clock.now(),
            is_quick=is_quick,
            watch=_unwatched,
        )

    def check_tree(self) -> Findings:
        """The log alone, which takes no time."""
        findings = Findings()
        with snapshot(self.database.engine) as evidence:
            TreeChecker(evidence, findings, self.published.read()).check(lambda _done: None)
        return findings

    @contextmanager
    def changed(self, *statements: UpdateBase) -> Iterator[None]:
        """What is stored is changed by hand while the block runs, and is then as it was."""
        tables: Sequence[Table] = Base.metadata.sorted_tables
        touched = {statement.table.name for statement in statements}
        saved: dict[str, list[dict[str, Any]]] = {}
        with by_hand(self.database.engine) as session:
            for table in tables:
                if table.name in touched:
                    saved[table.name] = [dict(row) for row in session.execute(select(table)).mappings()]
            for statement in statements:
                assert session.execute(statement).rowcount, f"nothing was changed by {statement}"
        try:
            yield
        finally:
            with by_hand(self.database.engine) as session:
                for table in reversed(tables):
                    if table.name in touched:
                        session.execute(table.delete())
                for table in tables:
                    if saved.get(table.name):
                        session.execute(insert(table), saved[table.name])

    @contextmanager
    def with_published(self, note: str) -> Iterator[None]:
        """The published head is another one while the block runs."""
        path = self.published.folder / "checkpoint"
        before = path.read_text(encoding="utf-8")
        path.write_text(note, encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(before, encoding="utf-8")

    def rows(self, name: str, **equal: object) -> list[dict[str, Any]]:
        table = Base.metadata.tables[name]
        with self.database.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(table).filter_by(**equal)).mappings()]

    def the_credential(self) -> dict[str, Any]:
        """The second, current credential of the plain certificate."""
        [row] = self.rows("credential", certificate_id=self.plain, is_current=True)
        return row


def edited(document: str, edit: Any) -> str:
    """A stored document with a part of it changed, written as it was."""
    value = json.loads(document)
    edit(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class _Nobody:
    def update(self, done: int, /) -> None:
        """Nobody is told."""


@contextmanager
def _unwatched(title: str, total: int) -> Iterator[_Nobody]:
    yield _Nobody()
