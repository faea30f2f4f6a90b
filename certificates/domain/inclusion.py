"""Inclusion: the proof that a leaf is in the log, as text that anybody can check without asking us.

The text is that of https://c2sp.org/tlog-proof, version 1.
"""

from base64 import b64encode
from dataclasses import dataclass

from certificates.domain.checkpoints import read_base64, read_note, read_number

FORMAT = "c2sp.org/tlog-proof@v1"
_MOST_HASHES = 64
_LONGEST_EXTRA = 1024  # bytes


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Leaf `index` of a tree of `size` leaves, whose signed checkpoint is `note`; `path` begins with the sibling.

    `extra` holds the salt of the commitment when the holder of the statement is to check it.
    """

    index: int
    size: int
    path: tuple[bytes, ...]
    extra: bytes
    note: str

    @property
    def root(self) -> bytes:
        """The root that the checkpoint states, whoever signed it."""
        return read_note(self.note).root

    def as_text(self) -> str:
        lines = [FORMAT]
        if self.extra:
            lines.append(f"extra {b64encode(self.extra).decode()}")
        lines += [f"index {self.index}", *(b64encode(each).decode() for each in self.path)]
        return "\n".join(lines) + "\n\n" + self.note


def read_inclusion(text: str) -> Inclusion:
    """Read the text of a proof; nothing is verified by that. Raises ValueError, with a sentence, for anything else."""
    head, separator, note = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or lines.pop(0) != FORMAT or not lines:
        raise ValueError(f"this is no proof of inclusion: {FORMAT} was expected")
    extra = b""
    if lines[0].startswith("extra "):
        extra = read_base64(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index ") or len(extra) > _LONGEST_EXTRA:
        raise ValueError("the proof of inclusion does not say at which index")
    index = read_number(lines.pop(0).removeprefix("index "))
    if len(lines) > _MOST_HASHES:
        raise ValueError("the proof of inclusion is longer than any can be")
    size = read_note(note).size
    return Inclusion(index, size, tuple(read_base64(line, 32) for line in lines), extra, note)
