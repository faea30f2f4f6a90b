"""The Merkle tree of the issuance log: hashes, proofs and their verification, as RFC 6962 and RFC 9162 define them.

Own code: the package pymerkle is under the GPL and keeps trees in a storage of its own.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

EMPTY_ROOT = hashlib.sha256(b"").digest()  # RFC 6962, section 2.1


@dataclass(frozen=True, slots=True, order=True)
class Subtree:
    """A complete subtree: it spans the leaves from `index << level` to `(index + 1) << level`, which is not in it."""

    level: int
    index: int

    @property
    def children(self) -> tuple["Subtree", "Subtree"]:
        return Subtree(self.level - 1, 2 * self.index), Subtree(self.level - 1, 2 * self.index + 1)


Span = tuple[int, int]  # leaves from the first to before the second, of which a proof needs the root
Hashes = Mapping[Subtree, bytes]


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of a zero byte and the leaf (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of a one byte and both hashes (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root above these leaf hashes; that of no leaf is the hash of nothing."""
    return root_of_span(grown({}, 0, leaf_hashes), (0, len(leaf_hashes)))


def subtrees_of(span: Span) -> tuple[Subtree, ...]:
    """The complete subtrees that make up a span of a proof, or the whole tree; the largest first."""
    start, end = span
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(Subtree(level, start >> level))
        start += 1 << level
    return tuple(found)


def root_of_span(hashes: Hashes, span: Span) -> bytes:
    """The root above a span. Raises KeyError when the hash of one of its complete subtrees is not given."""
    parts = [hashes[subtree] for subtree in subtrees_of(span)]
    if not parts:
        return EMPTY_ROOT
    return reduce(lambda right, left: node_hash(left, right), reversed(parts[:-1]), parts[-1])


def grown(frontier: Hashes, size: int, leaf_hashes: Sequence[bytes]) -> dict[Subtree, bytes]:
    """Append leaves to a tree of `size`: the given hashes, the new leaves and every subtree that becomes complete.

    `frontier` holds at least the subtrees that make up the tree. Raises KeyError when one of them is missing.
    """
    hashes = dict(frontier)
    for index, added in enumerate(leaf_hashes, start=size):
        subtree = Subtree(0, index)
        hashes[subtree] = added
        while subtree.index % 2:
            subtree = Subtree(subtree.level + 1, subtree.index // 2)
            left, right = subtree.children
            hashes[subtree] = node_hash(hashes[left], hashes[right])
    return hashes


def inclusion_spans(index: int, size: int) -> tuple[Span, ...]:
    """The spans whose roots prove that a leaf is in a tree of `size`, from the leaf upwards (RFC 6962, 2.1.1).

    Raises ValueError for an index that is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    start, end, spans = 0, size, list[Span]()
    while end - start > 1:
        middle = start + _split(end - start)
        spans.append((middle, end) if index < middle else (start, middle))
        start, end = (start, middle) if index < middle else (middle, end)
    return tuple(reversed(spans))


def consistency_spans(first: int, second: int) -> tuple[Span, ...]:
    """The spans whose roots prove that a tree of `first` leaves is the beginning of one of `second` (RFC 6962, 2.1.2).

    Raises ValueError unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ValueError(f"consistency is proved from a tree to one as large or larger, not from {first} to {second}")
    start, end, is_first_itself, spans = 0, second, True, list[Span]()
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, is_first_itself = middle, False
    if not is_first_itself:
        spans.append((start, end))
    return tuple(reversed(spans))


def inclusion_path(leaf_hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The proof that a leaf is in the tree above these leaf hashes. Raises ValueError for an index beyond it."""
    hashes = grown({}, 0, leaf_hashes)
    return tuple(root_of_span(hashes, span) for span in inclusion_spans(index, len(leaf_hashes)))


def consistency_path(leaf_hashes: Sequence[bytes], first: int) -> tuple[bytes, ...]:
    """The proof that the tree above the first of these leaf hashes is the beginning of that above all of them."""
    hashes = grown({}, 0, leaf_hashes)
    return tuple(root_of_span(hashes, span) for span in consistency_spans(first, len(leaf_hashes)))


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves that this leaf hash is at `index` in the tree of `size` (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            result = node_hash(sibling, result)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and result == root


def check_consistency(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the first tree is the beginning of the second (RFC 9162, section 2.1.4.2)."""
    if first == second:
        return not path and first_root == second_root
    if not 0 < first < second or not path:
        return False
    hashes = list(path) if first & (first - 1) else [first_root, *path]  # a power of two is itself in the second tree
    place, last = first - 1, second - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(count: int) -> int:
    """The largest power of two below a count of two or more."""
    return 1 << ((count - 1).bit_length() - 1)
