"""Drawing a credential's place in the status lists: at random, so that neither order nor neighbours tell anything."""

import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.domain.credential import StatusEntry
from certificates.models.credentials import STATUS_LIST_LENGTH, Credential
from certificates.models.status_lists import FULL, StatusList
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into


def draw_status_entry(session: Session) -> StatusEntry:
    """A free entry of the organisation's current list, each as likely as any other.

    One statement counts the draw and names the list, so that no list is given more than half of its entries. Two
    transactions that draw the same entry at the same moment are told apart by the unique constraint, which refuses
    the second.
    """
    number = _count_draw(session)
    while True:
        entry = StatusEntry(list=number, index=secrets.randbelow(STATUS_LIST_LENGTH))
        if not _is_taken(session, entry):
            return entry


def _count_draw(session: Session) -> int:
    """The number of the list that has room; the row stays locked until the commit, as the log's head does after it."""
    while True:
        number = session.scalar(
            update(StatusList)
            .where(StatusList.taken < FULL)
            .values(taken=StatusList.taken + 1)
            .returning(StatusList.number)
            .execution_options(synchronize_session=False)
        )
        if number is not None:
            return number
        _open_list(session)


def _open_list(session: Session) -> None:
    """An organisation's first list, or the next one. Of two that open one at the same moment, the second finds it."""
    opened = insert_into(session, StatusList).values(organisation_id=organisation_of(session), taken=0)
    session.execute(opened.on_conflict_do_nothing())


def _is_taken(session: Session, entry: StatusEntry) -> bool:
    drawn = Credential.status_list == entry.list, Credential.status_index == entry.index
    return session.execute(select(Credential.id).where(*drawn)).first() is not None
