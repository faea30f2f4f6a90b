"""The tree checked: leaves without a gap, every stored hash, every checkpoint and its signature, the published head.

Hashes as in RFC 6962, section 2.1. One pass over the leaves with a stack of complete subtrees.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from certificates.adapters.checking.evidence import Evidence, read_hex
from certificates.adapters.checking.findings import Findings
from certificates.adapters.checking.notes import Note, parse_note, signers
from certificates.adapters.checking.tables import log_checkpoint, log_head, log_leaf, log_node

Progress = Callable[[int], object]

# A row's `index` is a method of its own.
_LEAVES = select(
    log_leaf.c.index.label("place"), log_leaf.c.kind, log_leaf.c.commitment, log_leaf.c.leaf_hash, log_leaf.c.at
).order_by(log_leaf.c.index)
_NODES = select(log_node.c.index.label("place"), log_node.c.hash).order_by(log_node.c.index)


class TreeChecker:
    """Recomputes the tree from the leaves' rows."""

    def __init__(self, evidence: Evidence, findings: Findings, published: str | None) -> None:
        self._evidence = evidence
        self._findings = findings
        self._keys = evidence.keys_for("log")
        self._published = parse_note(published) if published is not None else None
        self._is_published_readable = published is None or self._published is not None
        self._stack: list[tuple[int, bytes]] = []  # level and hash of the complete subtrees, from the left
        self._nodes: dict[int, _Level] = {}
        self._published_root: str | None = None
        self._newest_at: datetime | None = None  # of the leaf that was taken last

    def check(self, progress: Progress) -> int:
        """Check everything, and return how many leaves follow one another from 0 on."""
        checkpoints = self._checkpoints()
        checkpoint = next(checkpoints, None)
        size = 0
        for leaf in self._evidence.stream(_LEAVES):
            progress(1)
            self._findings.checked["log_leaf"] += 1
            if leaf.place != size:
                self._findings.add("log_leaf", size, "a leaf is missing", expected=f"leaf {size}", found=leaf.place)
                break
            is_signed = checkpoint is not None and checkpoint.size == size + 1
            self._take(size, self._hash_of(leaf, checkpoint.root if checkpoint and is_signed else None))
            self._newest_at = leaf.at
            size += 1
            while checkpoint is not None and checkpoint.size <= size:
                self._check_checkpoint(checkpoint, size)
                checkpoint = next(checkpoints, None)
        self._check_end(size, checkpoint, checkpoints)
        return size

    def _hash_of(self, leaf: Row[*tuple[Any, ...]], signed_root: str | None) -> bytes:
        """The leaf's hash from its row. Where row and stored hash differ, the one above which the root was signed."""
        at = leaf.at.isoformat().replace("+00:00", "Z")
        content = f"assay-log-leaf/v1\n{leaf.kind}\n{leaf.commitment}\n{at}\n".encode()
        computed = hashlib.sha256(b"\x00" + content).digest()
        rule = "the leaf's hash is not that of its kind, commitment and instant"
        if self._findings.expect("log_leaf", leaf.place, rule, expected=computed.hex(), found=leaf.leaf_hash):
            return computed
        stored = read_hex(leaf.leaf_hash)
        return stored if _root([*self._stack, (0, stored)]) == signed_root else computed

    def _take(self, index: int, value: bytes) -> None:
        """Put a leaf onto the tree, and compare every subtree that it completes with the stored one."""
        level = 0
        while self._stack and self._stack[-1][0] == level:
            _, left = self._stack.pop()
            value, level = hashlib.sha256(b"\x01" + left + value).digest(), level + 1
            self._check_node(level, index >> level, value)
        self._stack.append((level, value))
        if self._published is not None and self._published.size == index + 1:
            self._published_root = _root(self._stack)

    def _check_node(self, level: int, index: int, value: bytes) -> None:
        if level not in self._nodes:
            of_level = _NODES.where(log_node.c.level == level)
            self._nodes[level] = _Level(self._evidence.stream(of_level))
        found = self._nodes[level].hash_at(index)
        row, rule = f"level {level}, index {index}", "the hash is not that of the two below it"
        self._findings.checked["log_node"] += 1
        self._findings.expect("log_node", row, rule, expected=value.hex(), found=found)

    def _checkpoints(self) -> Iterator[Row[*tuple[Any, ...]]]:
        return self._evidence.stream(select(log_checkpoint).order_by(log_checkpoint.c.size))

    def _check_checkpoint(self, row: Row[*tuple[Any, ...]], size: int) -> None:
        expect, root = self._findings.expect, _root(self._stack)
        self._findings.checked["log_checkpoint"] += 1
        if not expect("log_checkpoint", row.size, "no tree has this size", expected=size, found=row.size):
            return
        expect("log_checkpoint", size, "the root is not that of the leaves", expected=root, found=row.root)
        expect("log_checkpoint", size, "it is of another instant than its leaf", expected=self._newest_at, found=row.at)
        self._check_note("log_checkpoint", size, parse_note(row.note), size, root, row.key_id)

    def _check_note(self, table: str, row: object, note: Note | None, size: int, root: str, key_id: str | None) -> None:
        if note is None:
            self._findings.add(table, row, "the note cannot be read", expected="a signed checkpoint", found="none")
            return
        expect = self._findings.expect
        expect(table, row, "the note is not of this tree", expected=(size, root), found=(note.size, note.root))
        signed_by = signers(self._keys, note)
        if key_id is None and signed_by:
            return
        expect(table, row, "the signature does not hold", expected=key_id or "a key", found=", ".join(signed_by))

    def _check_end(
        self, size: int, checkpoint: Row[*tuple[Any, ...]] | None, rest: Iterator[Row[*tuple[Any, ...]]]
    ) -> None:
        findings = self._findings
        head = self._evidence.all(select(log_head.c.size))[0].size
        findings.expect("log_head", 1, "the log is not as long as its head says", expected=head, found=size)
        while checkpoint is not None:
            findings.add(
                "log_checkpoint", checkpoint.size, "leaves below it are missing", expected=checkpoint.size, found=size
            )
            checkpoint = next(rest, None)
        newest = self._evidence.all(select(func.max(log_checkpoint.c.size)))[0][0] or 0
        if newest < size:
            findings.add("log_checkpoint", size, "the newest checkpoint is missing", expected=size, found=newest)
        self._check_nodes_beyond(size)
        self._check_published(size)

    def _check_nodes_beyond(self, size: int) -> None:
        """Nodes that no leaf made."""
        for level, stored in self._evidence.all(select(log_node.c.level, func.count()).group_by(log_node.c.level)):
            if stored > size >> level:
                rule = "there are more nodes than the leaves make"
                self._findings.add("log_node", f"level {level}", rule, expected=size >> level, found=stored)

    def _check_published(self, size: int) -> None:
        head, findings = self._published, self._findings
        if not self._is_published_readable:
            findings.add("published head", "file", "it cannot be read", expected="a signed checkpoint", found="none")
        if head is None or head.size == 0:
            return
        if head.size > size:
            rule = "the log is shorter than it was when it was published"
            findings.add("published head", head.size, rule, expected=head.size, found=size)
        elif self._published_root is not None:
            self._check_note("published head", head.size, head, head.size, self._published_root, None)


class _Level:
    """The stored nodes of one level, asked for in their order."""

    def __init__(self, rows: Iterator[Row[*tuple[Any, ...]]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def hash_at(self, index: int) -> str | None:
        """The stored hash; None when the row is missing."""
        while self._next is not None and self._next.place < index:
            self._next = next(self._rows, None)
        found = self._next
        return found.hash if found is not None and found.place == index else None


def _root(stack: list[tuple[int, bytes]]) -> str:
    """The root above complete subtrees, in hex."""
    values = [value for _, value in stack]
    root = values.pop()
    while values:
        root = hashlib.sha256(b"\x01" + values.pop() + root).digest()
    return root.hex()
