"""The platform's own records, in SQLite: tokens it keeps, tiers it was told of, work given and done, messages seen."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_TABLES = """
CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, type TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS token (
    subject TEXT, tier TEXT, jwt TEXT NOT NULL, PRIMARY KEY (subject, tier)
);
CREATE TABLE IF NOT EXISTS standing (
    subject TEXT, tier TEXT, is_open INTEGER NOT NULL, told_at TEXT NOT NULL, PRIMARY KEY (subject, tier)
);
CREATE TABLE IF NOT EXISTS work (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, task TEXT NOT NULL, given_at TEXT NOT NULL,
    is_right INTEGER, done_at TEXT, reported TEXT, UNIQUE (subject, task)
);
"""


class Records:
    """One file; each call is a transaction."""

    def __init__(self, path: str) -> None:
        self._path = path
        with self._transaction() as database:
            database.executescript(_TABLES)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=10)
        connection.row_factory = sqlite3.Row
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def _all(self, statement: str, *values: object) -> list[sqlite3.Row]:
        with self._transaction() as database:
            return database.execute(statement, values).fetchall()

    def follow(self, *, message: str, type_: str, subject: str, tier: str, is_open: bool) -> bool:
        """Note what a message says of a tier; False when it was seen before, as a message may come twice.

        A tier that closes takes kept tokens and given tasks with it, in the same transaction.
        """
        with self._transaction() as database:
            seen = database.execute("INSERT OR IGNORE INTO message VALUES (?, ?, ?)", (message, type_, _now()))
            if seen.rowcount == 0:
                return False
            database.execute("REPLACE INTO standing VALUES (?, ?, ?, ?)", (subject, tier, is_open, _now()))
            if not is_open:
                database.execute("DELETE FROM token WHERE subject = ? AND tier = ?", (subject, tier))
                database.execute(
                    "DELETE FROM work WHERE subject = ? AND task LIKE ? || '-%' AND done_at IS NULL", (subject, tier)
                )
            return True

    def standing(self, subject: str, tier: str) -> bool | None:
        """What Assay last told of a tier; None when it never did."""
        rows = self._all("SELECT is_open FROM standing WHERE subject = ? AND tier = ?", subject, tier)
        return bool(rows[0]["is_open"]) if rows else None

    def keep_token(self, subject: str, tier: str, jwt: str) -> None:
        self._all("REPLACE INTO token VALUES (?, ?, ?)", subject, tier, jwt)

    def token(self, subject: str, tier: str) -> str | None:
        rows = self._all("SELECT jwt FROM token WHERE subject = ? AND tier = ?", subject, tier)
        return rows[0]["jwt"] if rows else None

    def give(self, work: str, subject: str, task: str) -> None:
        self._all(
            "INSERT OR IGNORE INTO work (id, subject, task, given_at) VALUES (?, ?, ?, ?)", work, subject, task, _now()
        )

    def given(self, subject: str, task: str) -> sqlite3.Row | None:
        """The piece of work that a person has at hand."""
        rows = self._all("SELECT * FROM work WHERE subject = ? AND task = ? AND done_at IS NULL", subject, task)
        return rows[0] if rows else None

    def finish(self, work: str, *, is_right: bool) -> bool:
        """False when it was done already, or taken back."""
        with self._transaction() as database:
            done = database.execute(
                "UPDATE work SET is_right = ?, done_at = ? WHERE id = ? AND done_at IS NULL", (is_right, _now(), work)
            )
            return done.rowcount == 1

    def done(self, subject: str) -> set[str]:
        """The tasks that a person has answered."""
        rows = self._all("SELECT task FROM work WHERE subject = ? AND done_at IS NOT NULL", subject)
        return {row["task"] for row in rows}

    def unreported(self) -> list[sqlite3.Row]:
        """Work whose outcome Assay has not taken yet, the oldest first."""
        return self._all("SELECT * FROM work WHERE done_at IS NOT NULL AND reported IS NULL ORDER BY done_at LIMIT 100")

    def note_report(self, work: str, status: str) -> None:
        self._all("UPDATE work SET reported = ? WHERE id = ?", status, work)


def _now() -> str:
    return datetime.now(UTC).isoformat()
