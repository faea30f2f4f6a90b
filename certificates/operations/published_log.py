"""The issuance log against its published head: a log that forgot something, or tells it otherwise, does not grow."""

from datetime import datetime

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from certificates.adapters.published_head import PublishedHead
from certificates.domain.checkpoints import Checkpoint, read_note
from certificates.domain.merkle import EMPTY_ROOT, check_consistency
from certificates.events import LogGrown, LogToGrow
from certificates.operations.issuance_log import break_off
from certificates.queries.issuance_log import SignedHead, find_newest_checkpoint
from certificates.queries.log_history import RESUMED
from certificates.queries.log_tree import read_consistency
from lms.audit.operations import record
from lms.errors import Conflict

log = structlog.get_logger()
_NOTE = "assay.log_note"  # of a session: what to publish once it is committed


def refuse_a_fork(session: Session, *, published: PublishedHead, growing: LogToGrow) -> None:
    """Raises LogBroken unless the log, before it grows, continues what was published."""
    fault = _find_fork(session, published, size=growing.size, root=growing.root)
    if fault is not None:
        break_off(fault, stored=growing.size)


def publish_when_committed(session: Session, *, published: PublishedHead, grown: LogGrown) -> None:
    """Have a new head published after the commit, and only then; a head that lags behind is harmless."""
    is_listening = _NOTE in session.info
    session.info[_NOTE] = grown.note
    if is_listening:
        return

    def publish(committed: Session) -> None:
        if committed.in_nested_transaction():
            return  # a savepoint ends; the commit is yet to come
        note = committed.info.get(_NOTE)
        if note is not None:
            committed.info[_NOTE] = None
            publish_head(published, note)

    def forget(rolled_back: Session, _transaction: SessionTransaction) -> None:
        rolled_back.info[_NOTE] = None

    event.listen(session, "after_commit", publish)
    event.listen(session, "after_soft_rollback", forget)


def publish_head(published: PublishedHead, note: str) -> None:
    """Publish a committed checkpoint. What is committed cannot be refused any more: a fault is logged."""
    try:
        published.publish(note)
    except (OSError, ValueError) as error:
        log.critical("the head of the issuance log could not be published", exc_info=error)


def resume_log(
    session: Session, *, published: PublishedHead, reason: str, actor: str, at: datetime
) -> SignedHead | None:
    """Accept the log of the database as it is, though another one was published; audited, with both heads.

    Returns the head to which the caller moves the published one after the commit (`PublishedHead.replace`).
    Raises Conflict when the log continues what was published, so that there is nothing to accept.
    """
    stored = find_newest_checkpoint(session)
    size, root = (stored.size, stored.root) if stored else (0, EMPTY_ROOT)
    fault = _find_fork(session, published, size=size, root=root)
    if fault is None:
        raise Conflict("The log continues what was published; there is nothing to resume.")
    record(
        session,
        action=RESUMED,
        actor=actor,
        at=at,
        reason=reason,
        fault=fault,
        size=size,
        root=root.hex(),
        published_before=published.read(),
    )
    return stored


def _find_fork(session: Session, published: PublishedHead, *, size: int, root: bytes) -> str | None:
    """What is wrong with a log of this size and root, given what was published; None when nothing is."""
    try:
        note = published.read()
        head = read_note(note) if note is not None else None
    except ValueError:
        return "the file with its published head cannot be read"
    if head is None or head.size == 0:
        return None
    if head.size > size:
        return f"it has {size} leaves, and {head.size} were published"
    if not _is_beginning(session, head, size, root):
        return f"its first {head.size} leaves are not those that were published"
    return None


def _is_beginning(session: Session, head: Checkpoint, size: int, root: bytes) -> bool:
    if head.size == size:
        return head.root == root
    try:
        path = read_consistency(session, head.size, size)
    except KeyError:
        return False
    return check_consistency(head.size, size, head.root, root, path)
