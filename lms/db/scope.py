"""The scope of a session: every query sees the rows of one organisation, decided in this one place."""

from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection, event
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from lms.db import row_security
from lms.db.base import PUBLIC_ORGANISATION_ID, OwnedByOrganisation

# An execution option: this statement reads the session's organisation and the public one. Whoever reads certificates of
# people with it joins their consent as well; row security does so by itself.
READS_PUBLIC = {"assay_reads_public": True}

_KEY = "assay.organisation_id"


def enter_organisation(session: Session, organisation_id: UUID) -> None:
    """From now on this session reads, updates and deletes only what belongs to this organisation."""
    session.flush()  # what waits to be written belongs to the one before
    session.info[_KEY] = organisation_id
    if session.in_transaction():
        row_security.tell(session, session.connection(), organisation_id)


def organisation_of(session: Session) -> UUID:
    """The organisation that new rows of this session belong to.

    Raises LookupError when the session has not entered one: there is no default to fall back to.
    """
    try:
        organisation_id: UUID = session.info[_KEY]
    except KeyError:
        raise LookupError("this session has not entered an organisation") from None
    return organisation_id


def enforce_scope(session_type: type[Session]) -> None:
    """Add the organisation's criterion to every ORM statement of these sessions, and tell the database of it."""
    event.listen(session_type, "do_orm_execute", _add_criterion)
    event.listen(session_type, "after_begin", _tell_database)
    event.listen(session_type, "after_commit", row_security.keep_what_is_committed)


def _tell_database(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    row_security.tell(session, connection, session.info.get(_KEY))


def _add_criterion(state: ORMExecuteState) -> None:
    organisation_id = state.session.info.get(_KEY)
    if organisation_id is None or state.is_column_load or state.is_relationship_load:
        return
    if not state.is_orm_statement:
        return  # of bare tables, which name the organisation themselves: a copy of it would be read anew each time
    reads_public = state.is_select and state.execution_options.get("assay_reads_public", False)
    criterion = _criterion_with_public if reads_public else _criterion
    state.statement = state.statement.options(criterion(organisation_id))


@lru_cache(maxsize=1024)
def _criterion(organisation_id: UUID) -> LoaderCriteriaOption:
    """Made once for an organisation: making it costs more than many a statement."""
    return with_loader_criteria(
        OwnedByOrganisation,
        lambda cls: cls.organisation_id == organisation_id,
        include_aliases=True,
    )


@lru_cache(maxsize=1024)
def _criterion_with_public(organisation_id: UUID) -> LoaderCriteriaOption:
    both = (organisation_id, PUBLIC_ORGANISATION_ID)
    return with_loader_criteria(
        OwnedByOrganisation,
        lambda cls: cls.organisation_id.in_(both),
        include_aliases=True,
    )
