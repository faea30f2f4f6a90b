"""Transactions of a request: opened by the route, in the organisation that the person or the key belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import current_app, g
from flask_login import current_user
from sqlalchemy.orm import Session

from lms.db.session import Database
from lms.organisations.editions import read_edition
from lms.organisations.models import PUBLIC_ORGANISATION_ID

EXTENSION = "assay.database"
_ENTERED = "assay_entered"
_AROUND = "assay_transaction_around"


@dataclass(frozen=True, slots=True)
class Entered:
    """The organisation that a request is in, and the edition of what it publishes."""

    organisation_id: UUID
    edition: UUID


def database() -> Database:
    """The database of the application that serves this request."""
    return cast(Database, current_app.extensions[EXTENSION])


def enter(entered: Entered) -> None:
    """Say which organisation this request is in, whoever a cookie may name."""
    setattr(g, _ENTERED, entered)


@contextmanager
def transaction() -> Iterator[Session]:
    """Write within the organisation of the key or of the signed-in person, or the public one."""
    around: Session | None = g.get(_AROUND)
    if around is not None:
        with around.begin_nested():
            yield around
        return
    with _opened() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Read within the organisation of the key or of the signed-in person, or the public one."""
    around: Session | None = g.get(_AROUND)
    if around is not None:
        yield around
        return
    entered = _entered()
    with database().reading(_organisation_id(entered)) as session:
        _tell_edition(session, entered)
        yield session


@contextmanager
def one_write() -> Iterator[Session]:
    """Read, and write with one statement at most; see `Database.one_write`."""
    around: Session | None = g.get(_AROUND)
    if around is not None:
        yield around
        return
    entered = _entered()
    with database().one_write(_organisation_id(entered)) as session:
        _tell_edition(session, entered)
        yield session


@contextmanager
def one_transaction() -> Iterator[Session]:
    """Whatever the request writes or reads inside is one transaction: all of it is committed at the end, or nothing."""
    with _opened() as session:
        setattr(g, _AROUND, session)
        try:
            yield session
        finally:
            g.pop(_AROUND)


@contextmanager
def _opened() -> Iterator[Session]:
    entered = _entered()
    with database().transaction(_organisation_id(entered)) as session:
        _tell_edition(session, entered)
        yield session


def _entered() -> Entered | None:
    entered: Entered | None = g.get(_ENTERED)
    if entered is None and current_user.is_authenticated:
        return Entered(current_user.organisation_id, current_user.edition)
    return entered


def _organisation_id(entered: Entered | None) -> UUID:
    return entered.organisation_id if entered else PUBLIC_ORGANISATION_ID


def _tell_edition(session: Session, entered: Entered | None) -> None:
    """The edition came with the sign-in or the key; for strangers nothing is taken from what is kept."""
    if entered:
        read_edition(session, entered.edition)
