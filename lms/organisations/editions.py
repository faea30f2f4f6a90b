"""Editions: what is published changes seldom, so each process keeps it while the organisation's edition is the same.

Whatever is written to a published table begins a new edition with its commit.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import event, update
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from lms.db.base import Published
from lms.db.bounded_cache import BoundedCache
from lms.db.scope import organisation_of
from lms.db.session import ScopedSession
from lms.organisations.models import Organisation

Value = TypeVar("Value")

_EDITION = "assay.edition"
_CHANGED = "assay.has_published"
_kept: BoundedCache[tuple[UUID, Hashable], Any] = BoundedCache(4096)


def read_edition(session: Session, edition: UUID) -> None:
    """Say which edition the reader of this session has seen; without one, nothing is taken from what is kept."""
    session.info[_EDITION] = edition


def kept(session: Session, key: Hashable, load: Callable[[], Value]) -> Value:
    """What `load` reads of published tables: once for an edition. It must be a value that nobody changes.

    `key` begins with the name of the query. A session that wrote to published tables reads what it wrote.
    """
    edition = session.info.get(_EDITION)
    if edition is None or session.info.get(_CHANGED):
        return load()
    place = (edition, key)
    found: Value = _kept.get_all([place], lambda _missing: {place: load()})[place]
    return found


def _note_statement(state: ORMExecuteState) -> None:
    is_write = state.is_insert or state.is_update or state.is_delete
    if is_write and state.bind_mapper is not None and issubclass(state.bind_mapper.class_, Published):
        state.session.info[_CHANGED] = True


def _note_flush(session: Session, _context: UOWTransaction) -> None:
    if any(isinstance(row, Published) for rows in (session.new, session.dirty, session.deleted) for row in rows):
        session.info[_CHANGED] = True


def _begin_edition(session: Session) -> None:
    session.flush()  # what it writes counts too
    if session.info.get(_CHANGED):
        own = Organisation.id == organisation_of(session)
        session.execute(update(Organisation).where(own).values(edition=uuid4()))


event.listen(ScopedSession, "do_orm_execute", _note_statement)
event.listen(ScopedSession, "after_flush", _note_flush)
event.listen(ScopedSession, "before_commit", _begin_edition)
