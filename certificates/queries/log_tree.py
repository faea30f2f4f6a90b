"""The stored tree of the issuance log: hashes of complete subtrees, and the checkpoint that was signed over them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import CompoundSelect, Select, literal, select, union_all
from sqlalchemy.orm import Session

from certificates.domain.merkle import Subtree, consistency_spans, root_of_span, subtrees_of
from certificates.models.log import LogCheckpoint, LogLeaf, LogNode

_CHECKPOINT = -1  # stands for the level of what is no subtree

# Rows are level, index, hash, and nothing; of a checkpoint: no level, size, root, note.


@dataclass(frozen=True, slots=True)
class StoredTree:
    """Hashes as they are stored, and the checkpoint of one size: its root as the row states it, and its note."""

    hashes: dict[Subtree, bytes]
    root: bytes | None = None
    note: str | None = None


def read_tree(session: Session, wanted: Iterable[Subtree], *, checkpoint: int) -> StoredTree:
    """What is stored of these subtrees and of the checkpoint at that size, in one statement; some may be missing."""
    signed = select(literal(_CHECKPOINT), LogCheckpoint.size, LogCheckpoint.root, LogCheckpoint.note).where(
        LogCheckpoint.size == checkpoint
    )
    root = note = None
    hashes = {}
    for level, index, value, text in session.execute(union_all(*_subtrees(wanted), signed)):
        if level == _CHECKPOINT:
            root, note = bytes.fromhex(value), text
        else:
            hashes[Subtree(level, index)] = bytes.fromhex(value)
    return StoredTree(hashes, root, note)


def read_subtrees(session: Session, wanted: Iterable[Subtree]) -> dict[Subtree, bytes]:
    """The stored hashes of complete subtrees, in one statement; some may be missing."""
    found: CompoundSelect[int, int, str, str] = union_all(*_subtrees(wanted))
    return {Subtree(level, index): bytes.fromhex(value) for level, index, value, _ in session.execute(found)}


def read_consistency(session: Session, first: int, second: int) -> tuple[bytes, ...]:
    """The stored proof that a tree of `first` leaves is the beginning of one of `second`.

    Raises ValueError unless 0 < first <= second, KeyError when a stored hash is missing.
    """
    spans = consistency_spans(first, second)
    hashes = read_subtrees(session, (subtree for span in spans for subtree in subtrees_of(span)))
    return tuple(root_of_span(hashes, span) for span in spans)


def _subtrees(wanted: Iterable[Subtree]) -> tuple[Select[int, int, str, str], Select[int, int, str, str]]:
    """Leaves keep their own hash; a row for each larger subtree keeps that of the subtree.

    Some that nobody wanted come along. SQLite would read the whole table for a list of pairs.
    """
    all_wanted = set(wanted)
    nodes = [subtree for subtree in all_wanted if subtree.level > 0]
    return (
        select(literal(0), LogLeaf.index, LogLeaf.leaf_hash, literal("")).where(
            LogLeaf.index.in_([subtree.index for subtree in all_wanted if subtree.level == 0])
        ),
        select(LogNode.level, LogNode.index, LogNode.hash, literal("")).where(
            LogNode.level.in_({subtree.level for subtree in nodes}),
            LogNode.index.in_({subtree.index for subtree in nodes}),
        ),
    )
