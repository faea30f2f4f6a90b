"""The evidence: one snapshot of the database, rows in a stream, and the public keys."""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, select, table

from certificates.adapters.checking.tables import signing_key

_BATCH = 1000
_ED25519_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key without its private half; `x509` is PEM."""

    id: str
    purpose: str
    state: str
    jwk: dict[str, str]
    x509: str | None

    @property
    def ed25519(self) -> bytes | None:
        """The public key; None when what is stored is none."""
        try:
            public = decode(self.jwk["x"])
        except (LookupError, TypeError, ValueError):
            return None
        return public if len(public) == _ED25519_BYTES else None


class Evidence:
    """Reads from one snapshot, however long the check takes and whoever issues meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        rows = connection.execute(select(signing_key)).all()
        self.keys = {row.id: Key(row.id, row.purpose, row.state, row.public_jwk, row.x509) for row in rows}

    def stream(self, statement: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
        """Rows in batches; never all of them in memory."""
        yield from self._connection.execution_options(yield_per=_BATCH).execute(statement)

    def all(self, statement: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        return self._connection.execute(statement).all()

    def count(self, name: str) -> int:
        counted: int = self._connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        return counted

    def keys_for(self, purpose: str) -> dict[str, bytes]:
        """The public halves of the Ed25519 keys of a purpose, by id."""
        found = {key.id: key.ed25519 for key in self.keys.values() if key.purpose == purpose}
        return {key_id: public for key_id, public in found.items() if public is not None}


@contextmanager
def snapshot(engine: Engine) -> Iterator[Evidence]:
    """One view of the database for everything that is read."""
    is_server = engine.dialect.name == "postgresql"
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if is_server else {}
    with engine.connect() as connection:
        yield Evidence(connection.execution_options(**options))


def decode(text: str) -> bytes:
    """Base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read_hex(text: str | None) -> bytes:
    """Bytes in hex; none for anything else."""
    try:
        return bytes.fromhex(text or "")
    except ValueError:
        return b""
