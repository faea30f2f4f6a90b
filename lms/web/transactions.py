"""Transactions of a request: opened by the route, in the organisation that the person is signed in to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from uuid import UUID

from flask import current_app
from flask_login import current_user
from sqlalchemy.orm import Session

from lms.db.session import Database
from lms.organisations.editions import read_edition
from lms.organisations.models import PUBLIC_ORGANISATION_ID

EXTENSION = "assay.database"


def database() -> Database:
    """The database of the application that serves this request."""
    return cast(Database, current_app.extensions[EXTENSION])


@contextmanager
def transaction() -> Iterator[Session]:
    """Write within the organisation of the signed-in person, or the public one."""
    with database().transaction(_organisation_id()) as session:
        _tell_edition(session)
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Read within the organisation of the signed-in person, or the public one."""
    with database().reading(_organisation_id()) as session:
        _tell_edition(session)
        yield session


def _organisation_id() -> UUID:
    return current_user.organisation_id if current_user.is_authenticated else PUBLIC_ORGANISATION_ID


def _tell_edition(session: Session) -> None:
    """A signed-in person's edition came with the sign-in; for strangers nothing is taken from what is kept."""
    if current_user.is_authenticated:
        read_edition(session, current_user.edition)
