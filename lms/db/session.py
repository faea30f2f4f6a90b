"""Transactions: one way to read, one way to write; the face that calls opens them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from lms import faults
from lms.db.engine import WRITES, make_engine, make_reading_engine, make_told_engine
from lms.db.scope import enforce_scope, enter_organisation
from lms.events import Subscriptions, attach

_EFFECTS = "assay.has_effects"


def wake_after_commit(session: Session) -> None:
    """Say that this transaction left effects to deliver."""
    session.info[_EFFECTS] = True


class ScopedSession(Session):
    """A session whose queries stay inside the organisation that it entered."""


enforce_scope(ScopedSession)


class Database:
    """The database of one application, with the subscriptions that its transactions announce to."""

    def __init__(self, url: str, subscriptions: Subscriptions) -> None:
        self.engine: Engine = make_engine(url)
        self.after_commit: list[Callable[[], None]] = []
        self.reading_engine = make_reading_engine(url, self.engine)
        self._told_engine = make_told_engine(url, self.engine)
        self._told_reading_engine = make_reading_engine(url, self._told_engine)
        self._writing = self.engine.execution_options(**{WRITES: True})
        self._told_writing = self._told_engine.execution_options(**{WRITES: True})
        self._subscriptions = subscriptions

    @property
    def engines(self) -> frozenset[Engine]:
        """The engines that statements go through: one on SQLite.

        On PostgreSQL those who read have their own, and those who enter no organisation: their connections say once,
        when they open, that they see the rows of all.
        """
        return frozenset((self.engine, self.reading_engine, self._told_engine, self._told_reading_engine))

    def close(self) -> None:
        """Close the connections that are not in use."""
        for engine in self.engines:
            engine.dispose()

    @contextmanager
    def transaction(self, organisation_id: UUID | None = None) -> Iterator[Session]:
        """Write: commit at the end, roll back on any error, then wake whoever delivers effects."""
        bind = self._writing if organisation_id is None else self._told_writing
        with self._session(bind, organisation_id) as session:
            with session.begin():
                yield session
                session.flush()  # as the commit would; the fault point then lies right before it
                faults.point("commit.before")
            faults.point("commit.after")
            has_effects = session.info.get(_EFFECTS, False)
        if has_effects:
            for wake in self.after_commit:
                wake()

    @contextmanager
    def reading(self, organisation_id: UUID | None = None) -> Iterator[Session]:
        """Read; nothing is kept."""
        bind = self.reading_engine if organisation_id is None else self._told_reading_engine
        with self._session(bind, organisation_id) as session:
            yield session

    @contextmanager
    def one_write(self, organisation_id: UUID) -> Iterator[Session]:
        """Read, and write with one statement at most, by itself: PostgreSQL commits that with the statement, which
        saves the round trips that begin and end a transaction. Nothing that waits for a commit may be done in it.
        """
        is_embedded = self.engine.dialect.name == "sqlite"
        with self.transaction(organisation_id) if is_embedded else self.reading(organisation_id) as session:
            yield session

    @contextmanager
    def looking_up(self) -> Iterator[Connection]:
        """Ask one thing that belongs to no organisation, without a session: who is signed in, on every request."""
        with self.reading_engine.connect() as connection:
            yield connection

    @contextmanager
    def _session(self, bind: Engine, organisation_id: UUID | None) -> Iterator[Session]:
        with ScopedSession(bind, expire_on_commit=False) as session:
            attach(session, self._subscriptions)
            if organisation_id is not None:
                enter_organisation(session, organisation_id)
            yield session
