"""Health: whether the process lives, whether it can serve, and whether the database keeps organisations apart."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from lms.db.row_security import row_security_of, warn_if_bypassed
from lms.db.session import Database
from lms.web.policy import public
from lms.web.serving import Companion
from lms.web.transactions import database

blueprint = Blueprint("health", __name__)
_DAY = 86_400.0


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database answers as well; otherwise the error page for 503 does.

    Whether it keeps organisations apart by itself is told beside it; the service is ready either way.
    """
    with database().reading() as session:
        session.execute(text("SELECT 1"))
        return {"status": "ready", "row_security": row_security_of(session)}


def row_security_check(database: Database) -> Companion:
    """Looks when serving begins, and daily, whether the database keeps organisations apart by itself."""

    def run() -> None:
        with database.reading() as session:
            warn_if_bypassed(session)

    return Companion("row security", _DAY, run)
