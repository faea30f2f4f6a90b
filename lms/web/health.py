"""Health: whether the process lives, and whether it can serve."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from lms.web.policy import public
from lms.web.transactions import database

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database answers as well; otherwise the error page for 500 does."""
    with database().reading() as session:
        session.execute(text("SELECT 1"))
    return {"status": "ready"}
