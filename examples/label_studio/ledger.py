"""Whom the adapter let in where, so that it can let them out when Assay does not tell their address any more."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

_TABLE = (
    "CREATE TABLE IF NOT EXISTS admitted (project INTEGER, user INTEGER, subject TEXT, PRIMARY KEY (project, user))"
)


class Ledger:
    """One SQLite file; each call is a transaction."""

    def __init__(self, path: str) -> None:
        self._path = path
        with self._transaction() as database:
            database.execute(_TABLE)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=10)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def note(self, project: int, user: int, subject: str) -> None:
        """To be called before somebody is let in: then nobody is inside whom the ledger does not know."""
        with self._transaction() as database:
            database.execute("REPLACE INTO admitted VALUES (?, ?, ?)", (project, user, subject))

    def strike(self, project: int, user: int) -> None:
        """To be called after somebody was let out."""
        with self._transaction() as database:
            database.execute("DELETE FROM admitted WHERE project = ? AND user = ?", (project, user))

    def users(self, project: int) -> set[int]:
        """Who was let in there."""
        with self._transaction() as database:
            return {user for (user,) in database.execute("SELECT user FROM admitted WHERE project = ?", (project,))}

    def user_of(self, subject: str) -> int | None:
        """The user of a person who was let in somewhere."""
        with self._transaction() as database:
            found = database.execute("SELECT user FROM admitted WHERE subject = ? LIMIT 1", (subject,)).fetchone()
        return found[0] if found else None
