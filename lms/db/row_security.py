"""Row-level security of PostgreSQL: each connection says whose rows it may touch, and the database holds it to that.

A connection that says nothing sees nothing. SQLite knows no such thing; there the scope of a session stands alone.
"""

from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import URL, Connection, Engine, event, text
from sqlalchemy.orm import Session

log = structlog.get_logger()

SETTING = "assay.organisation"
EVERYBODY = "*"  # the rows of all organisations: migrations, workers' sweeps, the look-up of who is signed in
IS_TOLD = "assay_is_told"  # an execution option: connections of this engine are told their organisation
_TOLD = "assay.told_organisation"
_IS_PENDING = "assay.told_in_this_transaction"


def options_for_everybody(url: URL) -> dict[str, str]:
    """What a connection says when it opens, beside what the address says already; it costs no statement."""
    given = url.query.get("options", "")
    before = given if isinstance(given, str) else " ".join(given)
    return {"options": f"{before} -c {SETTING}={EVERYBODY}".strip()}


def tell(session: Session, connection: Connection, organisation_id: UUID | None) -> None:
    """Say whose rows are meant, unless this connection has said so before: pooled connections remember.

    What is said in a transaction holds from its commit on. Until that has succeeded it is not relied upon.
    """
    if not connection.get_execution_options().get(IS_TOLD):
        return
    value = "" if organisation_id is None else str(organisation_id)
    is_sure = not connection.info.get(_IS_PENDING) or session.info.get(_TOLD) is connection.info
    if connection.info.get(_TOLD) != value or not is_sure:
        connection.execute(text(f"SELECT set_config('{SETTING}', :value, false)"), {"value": value})
        connection.info[_TOLD] = value
        connection.info[_IS_PENDING] = not _does_each_statement_commit(connection)
        session.info[_TOLD] = connection.info


def keep_what_is_committed(session: Session) -> None:
    """The commit has succeeded."""
    session.info.pop(_TOLD, {}).pop(_IS_PENDING, None)


def forget_what_is_rolled_back(engine: Engine) -> None:
    """A rollback takes back what was said in its transaction; then it is said again."""
    event.listen(engine, "rollback", _forget)
    event.listen(engine, "rollback_savepoint", _forget)


def row_security_of(session: Session) -> str:
    """`none` on SQLite; `bypassed` where the database's role is above the policies, as superusers are; else `on`."""
    if session.get_bind().dialect.name != "postgresql":
        return "none"
    role = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    return "bypassed" if session.scalar(role) else "on"


def warn_if_bypassed(session: Session) -> None:
    """Say in the log that the database does not keep organisations apart by itself."""
    if row_security_of(session) == "bypassed":
        log.warning("the database's role bypasses row-level security; see docs/isolation.md for a role that does not")


def _does_each_statement_commit(connection: Connection) -> bool:
    """Then nothing is taken back later."""
    return bool(getattr(connection.connection.driver_connection, "autocommit", False))


def _forget(connection: Connection, *_savepoint: Any) -> None:
    if connection.invalidated:
        return  # the server is away, and with it what was said; to ask for `info` would connect anew
    if connection.info.pop(_IS_PENDING, False):
        connection.info.pop(_TOLD, None)
