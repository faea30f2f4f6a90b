"""The scope of a session: every query sees the rows of one organisation, decided in this one place."""

from functools import lru_cache
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, with_loader_criteria

from lms.db.base import OwnedByOrganisation

_KEY = "assay.organisation_id"


def enter_organisation(session: Session, organisation_id: UUID) -> None:
    """From now on this session reads, updates and deletes only what belongs to this organisation."""
    session.info[_KEY] = organisation_id


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
    """Add the organisation's criterion to every ORM statement of the sessions of this type."""
    event.listen(session_type, "do_orm_execute", _add_criterion)


def _add_criterion(state: ORMExecuteState) -> None:
    organisation_id = state.session.info.get(_KEY)
    if organisation_id is None or state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(_criterion(organisation_id))


@lru_cache(maxsize=1024)
def _criterion(organisation_id: UUID) -> LoaderCriteriaOption:
    """Made once for an organisation: making it costs more than many a statement."""
    return with_loader_criteria(
        OwnedByOrganisation,
        lambda cls: cls.organisation_id == organisation_id,
        include_aliases=True,
    )
