"""The issuance log as anybody may ask it: heads, leaves, proofs, and whether it holds what a credential says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.domain.checkpoints import Checkpoint, read_note
from certificates.domain.inclusion import Inclusion
from certificates.domain.log_findings import LogFinding
from certificates.domain.log_leaves import leaf_bytes
from certificates.domain.merkle import (
    Subtree,
    check_consistency,
    check_inclusion,
    consistency_spans,
    inclusion_spans,
    leaf_hash,
    root_of_span,
    subtrees_of,
)
from certificates.models.log import LogCheckpoint, LogHead, LogLeaf
from certificates.queries.log_tree import read_consistency, read_subtrees
from lms.errors import Conflict, Invalid, NotFound

MOST_LEAVES = 1000  # that are listed at once
_DAMAGED = "The log is damaged: hashes that this proof needs are missing. Whoever operates this site has to look."


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A checkpoint as it is stored."""

    size: int
    root: bytes
    note: str
    key_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LeafView:
    """A leaf: commitment and hash in hex, as everybody may see them."""

    index: int
    kind: str
    commitment: str
    leaf_hash: str
    at: datetime


def find_newest_checkpoint(session: Session) -> SignedHead | None:
    """The newest checkpoint; None while the log is empty."""
    newest = select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)
    row = session.scalars(newest).one_or_none()
    return _signed(row) if row else None


def get_checkpoint(session: Session, size: int) -> SignedHead:
    """The checkpoint at a size. Raises NotFound where none was signed: leaves that came together share one."""
    found = find_checkpoint(session, size)
    if found is None:
        raise NotFound(f"No checkpoint was signed over {size} leaves.")
    return found


def find_checkpoint(session: Session, size: int) -> SignedHead | None:
    """The checkpoint at a size."""
    row = session.get(LogCheckpoint, size)
    return _signed(row) if row else None


def get_leaf(session: Session, index: int) -> LeafView:
    """Raises NotFound for an index that the log does not have yet."""
    row = session.get(LogLeaf, index)
    if row is None:
        raise NotFound(f"The log has no leaf {index}.")
    return _leaf(row)


def list_leaves(session: Session, *, start: int, count: int) -> list[LeafView]:
    """Leaves in their order; fewer than asked for at the end of the log, and never more than `MOST_LEAVES`."""
    wanted = LogLeaf.index >= start, LogLeaf.index < start + min(count, MOST_LEAVES)
    return [_leaf(row) for row in session.scalars(select(LogLeaf).where(*wanted).order_by(LogLeaf.index))]


def prove_inclusion(session: Session, *, index: int, size: int) -> tuple[bytes, ...]:
    """The path from a leaf to the root of the tree of `size` leaves.

    Raises NotFound when the log is not that long yet, Invalid for a leaf outside the tree, Conflict when stored hashes
    are missing.
    """
    _refuse_beyond(session, size)
    if index >= size:
        raise Invalid(f"A tree of {size} leaves has no leaf {index}; the first is leaf 0.")
    return _inclusion(session, index, size)


def prove_first_inclusion(session: Session, index: int) -> Inclusion:
    """The proof under the checkpoint that was signed together with a leaf: the same whenever it is asked for."""
    signed = session.scalars(
        select(LogCheckpoint).where(LogCheckpoint.size > index).order_by(LogCheckpoint.size).limit(1)
    ).one()
    path = _inclusion(session, index, signed.size)
    return Inclusion(index=index, size=signed.size, path=path, extra=b"", note=signed.note)


def prove_consistency(session: Session, *, first: int, second: int) -> tuple[bytes, ...]:
    """The proof that the tree of `second` leaves continues that of `first`.

    Raises NotFound when the log is not that long yet, Invalid unless 0 < first <= second, Conflict when stored hashes
    are missing.
    """
    _refuse_beyond(session, second)
    if not 0 < first <= second:
        raise Invalid("Ask for the way from a size of at least 1 to one that is as large or larger.")
    try:
        return read_consistency(session, first, second)
    except KeyError:
        raise Conflict(_DAMAGED) from None


def holds(session: Session, inclusion: Inclusion, *, published: Checkpoint | None = None) -> LogFinding:
    """Whether our log holds the leaf that a credential proves, and continues from the checkpoint that it carries.

    The leaf's hash is computed anew from its row. Signatures are not looked at. `published` is the published head.
    Raises ValueError when the note of the inclusion is no checkpoint.
    """
    signed = read_note(inclusion.note)
    try:
        return _compare(session, inclusion, signed, published)
    except ValueError:  # a stored hash, or the newest note, is none any more
        return LogFinding.FORKED


def _compare(session: Session, inclusion: Inclusion, signed: Checkpoint, published: Checkpoint | None) -> LogFinding:
    size, newest = _head(session)
    longest = max(signed.size, published.size if published else 0)
    if newest is None or newest.size != size or size < longest:
        return LogFinding.REWOUND
    leaf = session.get(LogLeaf, inclusion.index)
    if leaf is None:
        return LogFinding.NO_SUCH_LEAF
    hash_now = leaf_hash(leaf_bytes(leaf.kind.value, leaf.commitment, leaf.at))
    is_same = check_inclusion(hash_now, inclusion.index, signed.size, inclusion.path, signed.root)
    if not is_same or hash_now.hex() != leaf.leaf_hash:
        return LogFinding.OTHER_LEAF
    past = [signed, published] if published and published.size else [signed]
    return LogFinding.HELD if _continues(session, past, newest) else LogFinding.FORKED


def _head(session: Session) -> tuple[int, SignedHead | None]:
    """The size and the newest checkpoint at one moment: read one after the other, an append could come between."""
    newest = select(func.max(LogCheckpoint.size)).scalar_subquery()
    found = select(LogHead.size, LogCheckpoint).outerjoin(LogCheckpoint, LogCheckpoint.size == newest)
    size, row = session.execute(found).one()
    return size, _signed(row) if row else None


def _continues(session: Session, past: Sequence[Checkpoint], newest: SignedHead) -> bool:
    """Whether the stored tree is the one that was signed last, and each of these is its beginning."""
    if read_note(newest.note).root != newest.root:
        return False
    wanted = set(subtrees_of((0, newest.size)))
    for checkpoint in past:
        wanted.update(subtrees_of((0, checkpoint.size)))
        wanted.update(_subtrees_between(checkpoint.size, newest.size))
    hashes = read_subtrees(session, wanted)
    if wanted - hashes.keys() or root_of_span(hashes, (0, newest.size)) != newest.root:
        return False
    return all(
        check_consistency(
            checkpoint.size,
            newest.size,
            checkpoint.root,
            newest.root,
            [root_of_span(hashes, span) for span in consistency_spans(checkpoint.size, newest.size)],
        )
        for checkpoint in past
    )


def _subtrees_between(first: int, second: int) -> list[Subtree]:
    return [subtree for span in consistency_spans(first, second) for subtree in subtrees_of(span)]


def _inclusion(session: Session, index: int, size: int) -> tuple[bytes, ...]:
    spans = inclusion_spans(index, size)
    hashes = read_subtrees(session, (subtree for span in spans for subtree in subtrees_of(span)))
    try:
        return tuple(root_of_span(hashes, span) for span in spans)
    except KeyError:
        raise Conflict(_DAMAGED) from None


def _refuse_beyond(session: Session, size: int) -> None:
    length = session.scalar(select(func.max(LogCheckpoint.size))) or 0
    if size > length:
        raise NotFound(f"The log has {length} leaves so far, not {size}.")


def _signed(row: LogCheckpoint) -> SignedHead:
    return SignedHead(size=row.size, root=bytes.fromhex(row.root), note=row.note, key_id=row.key_id, at=row.at)


def _leaf(row: LogLeaf) -> LeafView:
    return LeafView(row.index, row.kind.value, row.commitment, row.leaf_hash, row.at)
