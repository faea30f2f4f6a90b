"""Drawing a credential's place in the status lists: at random, so that neither order nor neighbours tell anything."""

import secrets

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from certificates.domain.credential import StatusEntry
from certificates.models.credentials import STATUS_LIST_LENGTH, Credential
from certificates.models.log import LogHead

FULL = STATUS_LIST_LENGTH // 2  # credentials a list: with half of it free, a draw takes two tries on average at most


def draw_status_entry(session: Session) -> StatusEntry:
    """A free entry of the current list, each as likely as any other.

    The size of the log says which list is current: every credential takes a leaf, so that no list is given more than
    half of its entries, and nothing is counted. Two transactions that draw the same entry at the same moment are told
    apart by the unique constraint, which refuses the second.
    """
    size = session.scalars(select(LogHead.size)).one()
    number = size // FULL + 1
    while True:
        entry = StatusEntry(list=number, index=secrets.randbelow(STATUS_LIST_LENGTH))
        if not _is_taken(session, entry):
            return entry


def _is_taken(session: Session, entry: StatusEntry) -> bool:
    # The table and not the class: lists are shared by all organisations, and a session sees the rows of its own.
    table = Credential.__table__
    assert isinstance(table, Table)
    taken = select(table.c.id).where(table.c.status_list == entry.list, table.c.status_index == entry.index)
    return session.execute(taken).first() is not None
