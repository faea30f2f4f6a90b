"""Signed checkpoints read and verified once more, line by line (https://c2sp.org/tlog-checkpoint)."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_LINES = 5  # origin, size, root, an empty one, our signature; of a note that others signed as well there are more


@dataclass(frozen=True, slots=True)
class Note:
    """What a checkpoint says, and the signatures under it by the name of their key."""

    origin: str
    size: int
    root: str  # hex
    signatures: tuple[tuple[str, bytes], ...]

    def is_signed_by(self, public: bytes) -> bool:
        """Whether this Ed25519 key signed it under the name of the log."""
        text = f"{self.origin}\n{self.size}\n{base64.b64encode(bytes.fromhex(self.root)).decode()}\n"
        key_id = hashlib.sha256(self.origin.encode() + b"\n\x01" + public).digest()[:4]
        for name, signed in self.signatures:
            if name != self.origin or signed[:4] != key_id:
                continue
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(signed[4:], text.encode())
            except InvalidSignature:
                return False
            return True
        return False


def parse_note(text: str) -> Note | None:
    """Read a checkpoint; None for what is none."""
    lines = text.split("\n")
    if len(lines) < _LINES + 1 or lines[3] or lines[-1] or not lines[1].isdigit():
        return None
    try:
        root = base64.b64decode(lines[2], validate=True).hex()
        return Note(lines[0], int(lines[1]), root, tuple(_signatures(lines[4:-1])))
    except ValueError:
        return None


def _signatures(lines: list[str]) -> Iterator[tuple[str, bytes]]:
    for line in lines:
        dash, name, signed = line.split(" ")
        if dash != "\u2014":
            raise ValueError("a signature begins with a dash")
        yield name, base64.b64decode(signed, validate=True)


def signers(keys: Mapping[str, bytes], note: Note) -> list[str]:
    """The ids of the keys that signed a checkpoint."""
    return [key_id for key_id, public in keys.items() if note.is_signed_by(public)]
