"""An issuance log for tests: its key, leaves that commit to anything, and ways to change what is only ever added to."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from certificates.adapters.key_ring import KeyRing
from certificates.domain.inclusion import Inclusion
from certificates.models.keys import KeyPurpose
from certificates.models.log import LeafKind
from certificates.operations.issuance_log import NewLeaf, append_leaves

AT = datetime(2026, 11, 21, 10, 0, 0, 250, tzinfo=UTC)
KEYS = KeyRing("a secret for tests only")
ORIGIN = "127.0.0.1:8000/log"


def make_log_key(session: Session) -> bytes:
    """The key that signs checkpoints; its public half."""
    key = KEYS.make(KeyPurpose.LOG, is_development=True, at=AT)
    session.add(key)
    session.flush()
    return KEYS.active(session, KeyPurpose.LOG).private.public_key().public_bytes_raw()


def commitment_of(number: int) -> str:
    return hashlib.sha256(f"leaf {number}".encode()).hexdigest()


def grow_log(session: Session, count: int, *, first: int = 0, at: datetime = AT) -> list[Inclusion]:
    """Append leaves one by one, as the worker does."""
    return [
        inclusion
        for number in range(first, first + count)
        for inclusion in grow_at_once(session, 1, first=number, at=at)
    ]


def grow_at_once(session: Session, count: int, *, first: int = 0, at: datetime = AT) -> list[Inclusion]:
    """Append leaves under one checkpoint."""
    leaves = [NewLeaf(LeafKind.CREDENTIAL, commitment_of(number)) for number in range(first, first + count)]
    return append_leaves(session, leaves=leaves, keys=KEYS, origin=ORIGIN, at=at)


@contextmanager
def by_hand(engine: Engine) -> Iterator[Session]:
    """A session as of somebody who has the database in their hands: no trigger and no foreign key stops them."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
            connection.commit()
            triggers = []
        else:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
            triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _sql in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        with Session(connection) as session:
            yield session
            session.commit()
        for _name, sql in triggers:
            connection.execute(text(sql))
        connection.commit()
        connection.invalidate()  # the connection is unlike others now
