"""What PostgreSQL says that it executed: the counters of pg_stat_statements, without the driver's own reads."""

from dataclasses import dataclass

from sqlalchemy import text

from lms.db.session import Database

# The driver reads as this role, so that its reads can be told from the server's.
DRIVER_ROLE = "bench_driver"
_COUNT = text(
    """
    SELECT coalesce(sum(calls) FILTER (WHERE kind = 'statement'), 0),
           coalesce(sum(calls) FILTER (WHERE kind = 'bound'), 0)
    FROM (
        SELECT calls, CASE WHEN query ~* '^(BEGIN|COMMIT|ROLLBACK)' THEN 'bound'
                           WHEN query ~* '^SELECT outbox_message.id' THEN 'poll' ELSE 'statement' END AS kind
        FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid JOIN pg_database ON pg_database.oid = dbid
        WHERE rolname <> :driver AND datname = current_database()
    ) AS counted
    """
)


@dataclass(frozen=True, slots=True)
class Executed:
    """Statements (without the worker's polls of the outbox), and BEGIN, COMMIT and ROLLBACK."""

    statements: int
    bounds: int

    def __sub__(self, before: "Executed") -> "Executed":
        return Executed(self.statements - before.statements, self.bounds - before.bounds)


def executed(database: Database) -> Executed:
    """All since the server started. The server must have been started with pg_stat_statements."""
    with database.reading() as session:
        return Executed(*(int(count) for count in session.execute(_COUNT, {"driver": DRIVER_ROLE}).one()))
