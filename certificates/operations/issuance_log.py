"""Appending to the issuance log: leaves, the subtrees that they complete, and a checkpoint signed over all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import structlog
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from certificates.adapters.key_ring import KeyRing
from certificates.domain.checkpoints import Checkpoint, read_note, sign_note
from certificates.domain.inclusion import Inclusion
from certificates.domain.log_leaves import leaf_bytes
from certificates.domain.merkle import Hashes, Subtree, grown, inclusion_spans, leaf_hash, root_of_span, subtrees_of
from certificates.events import LogGrown, LogToGrow
from certificates.models.keys import KeyPurpose
from certificates.models.log import LeafKind, LogCheckpoint, LogHead, LogLeaf, LogNode
from certificates.queries.log_tree import StoredTree, read_tree
from lms.errors import Conflict
from lms.events import announce

log = structlog.get_logger()


class LogBroken(Conflict):
    """The stored log is not what was signed or published before: nothing is added to it until a person has looked."""

    code = "log-broken"


@dataclass(frozen=True, slots=True)
class NewLeaf:
    """What is to be logged: its kind and its commitment (SHA-256 in hex, see domain.log_leaves)."""

    kind: LeafKind
    commitment: str


def append_leaf(
    session: Session, *, kind: LeafKind, commitment: str, keys: KeyRing, origin: str, at: datetime
) -> Inclusion:
    """Append one leaf and return the proof that it is in the log; `extra` is empty. See `append_leaves`."""
    [inclusion] = append_leaves(session, leaves=[NewLeaf(kind, commitment)], keys=keys, origin=origin, at=at)
    return inclusion


def append_leaves(
    session: Session, *, leaves: Sequence[NewLeaf], keys: KeyRing, origin: str, at: datetime
) -> list[Inclusion]:
    """Append leaves in their order under one new checkpoint, and return the proofs that they are in the log.

    Others who append wait until this transaction ends: take the log last of what a transaction locks.
    Raises LogBroken when what is stored does not agree with what was signed or published before.
    """
    if not leaves:
        return []
    size = _take_head(session, len(leaves))
    frontier = _checked_frontier(session, size)
    announce(session, LogToGrow(size, root_of_span(frontier, (0, size))))
    new_size = size + len(leaves)
    added = [leaf_hash(leaf_bytes(leaf.kind.value, leaf.commitment, at)) for leaf in leaves]
    hashes = grown(frontier, size, added)
    _insert_leaves(session, size, leaves, added, at)
    _insert_nodes(session, hashes, known=frontier)
    note = _sign(session, Checkpoint(origin, new_size, root_of_span(hashes, (0, new_size))), keys, at)
    announce(session, LogGrown(note))
    return [_prove(hashes, index, new_size, note) for index in range(size, new_size)]


def break_off(what: str, **facts: object) -> NoReturn:
    """Raise LogBroken, and raise the alarm: somebody has to look before anything is issued again."""
    log.critical("THE ISSUANCE LOG IS BROKEN: nothing is issued until it is reconciled", what=what, **facts)
    raise LogBroken(
        f"Nothing was signed, because the issuance log does not hold: {what}."
        " Whoever operates this site runs `assay log check`."
    )


def _take_head(session: Session, count: int) -> int:
    """Make room for new leaves and return how many there were; the row is locked until the transaction ends."""
    grow = update(LogHead).where(LogHead.id == 1).values(size=LogHead.size + count).returning(LogHead.size)
    size: int = session.execute(grow, execution_options={"synchronize_session": False}).scalar_one()
    return size - count


def _checked_frontier(session: Session, size: int) -> dict[Subtree, bytes]:
    """The subtrees that make up the tree. Raises LogBroken unless their root is the one that was signed last."""
    wanted = subtrees_of((0, size))
    stored = read_tree(session, wanted, checkpoint=size)
    missing = [subtree for subtree in wanted if subtree not in stored.hashes]
    if missing:
        break_off("hashes of the tree are missing", size=size, missing=missing)
    if size and not _is_signed_over(stored, size):
        break_off("its last checkpoint is not the one over what is stored", size=size)
    return stored.hashes


def _is_signed_over(stored: StoredTree, size: int) -> bool:
    if stored.note is None:
        return False
    try:
        signed = read_note(stored.note)
    except ValueError:
        return False
    return signed.size == size and signed.root == stored.root == root_of_span(stored.hashes, (0, size))


def _insert_leaves(
    session: Session, size: int, leaves: Sequence[NewLeaf], hashes: Sequence[bytes], at: datetime
) -> None:
    rows = [
        {"index": index, "kind": leaf.kind, "commitment": leaf.commitment, "leaf_hash": value.hex(), "at": at}
        for index, (leaf, value) in enumerate(zip(leaves, hashes, strict=True), start=size)
    ]
    session.execute(insert(LogLeaf), rows)


def _insert_nodes(session: Session, hashes: Hashes, *, known: Hashes) -> None:
    rows = [
        {"level": subtree.level, "index": subtree.index, "hash": value.hex()}
        for subtree, value in hashes.items()
        if subtree.level and subtree not in known
    ]
    if rows:
        session.execute(insert(LogNode), rows)


def _sign(session: Session, checkpoint: Checkpoint, keys: KeyRing, at: datetime) -> str:
    key = keys.active(session, KeyPurpose.LOG)
    note = sign_note(checkpoint, key=key.private)
    row = {"size": checkpoint.size, "root": checkpoint.root.hex(), "note": note, "key_id": key.id, "at": at}
    session.execute(insert(LogCheckpoint), [row])
    return note


def _prove(hashes: Hashes, index: int, size: int, note: str) -> Inclusion:
    path = tuple(root_of_span(hashes, span) for span in inclusion_spans(index, size))
    return Inclusion(index=index, size=size, path=path, extra=b"", note=note)
