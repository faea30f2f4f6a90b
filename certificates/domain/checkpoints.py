"""Checkpoints: signed notes that say how many leaves the log has and what their root is.

The text is that of https://c2sp.org/tlog-checkpoint, the signature that of https://c2sp.org/signed-note with Ed25519.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"  # signed-note, section "Signature types"
_DASH = "\u2014 "
_LONGEST_NOTE = 16_000  # characters; room for the 16 signatures that a reader must take
_MOST_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many leaves a log had, and the root above them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def origin_of(base_url: str) -> str:
    """The name of the log of an installation: its address without the scheme, and `/log`."""
    return f"{urlsplit(base_url).netloc}/log"


def sign_note(checkpoint: Checkpoint, *, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note; the name of the key is the origin."""
    signature = key.sign(checkpoint.text.encode())
    named = _key_id(checkpoint.origin, key.public_key().public_bytes_raw()) + signature
    return f"{checkpoint.text}\n{_DASH}{checkpoint.origin} {b64encode(named).decode()}\n"


def open_note(note: str, *, keys: Iterable[bytes]) -> Checkpoint:
    """Read a signed checkpoint. `keys` are Ed25519 public keys (32 bytes) that may sign for any origin.

    Signatures of unknown keys are passed over; one by a known key must hold.
    Raises ValueError, with a sentence, for anything but a checkpoint that one of the keys signed.
    """
    checkpoint, signatures = _parse(note)
    known = {_key_id(checkpoint.origin, key): key for key in keys}
    is_signed = False
    for name, named in signatures:
        key = known.get(named[:4])
        if name == checkpoint.origin and key is not None:
            _check_signature(key, named[4:], checkpoint.text)
            is_signed = True
    if not is_signed:
        raise ValueError("the checkpoint of the log is not signed by a key that is trusted")
    return checkpoint


def read_note(note: str) -> Checkpoint:
    """What a checkpoint says, without a look at who signed it. Raises ValueError for what is no checkpoint."""
    return _parse(note)[0]


def verifier_key(origin: str, key: bytes) -> str:
    """A public key as other programs take it: name, key id in hex, type and key (signed-note, "Verifier keys")."""
    return f"{origin}+{_key_id(origin, key).hex()}+{b64encode(_ED25519 + key).decode()}"


def _parse(note: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    text, separator, signed = note.rpartition("\n\n")
    lines = text.split("\n")
    if len(note) > _LONGEST_NOTE or not separator or len(lines) != 3 or not signed.endswith("\n"):
        raise ValueError("this is no checkpoint of a log: three lines and signatures were expected")
    origin, size, root = lines
    if not origin or set(origin) & set(" +"):
        raise ValueError("the checkpoint does not name a log")
    checkpoint = Checkpoint(origin, read_number(size), read_base64(root, 32))
    return checkpoint, [_signature(line) for line in signed[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not name:
        raise ValueError("a signature of the checkpoint cannot be read")
    return name, read_base64(encoded)


def _check_signature(key: bytes, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text.encode())
    except InvalidSignature:
        raise ValueError("the signature of the checkpoint does not hold") from None


def _key_id(name: str, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key).digest()[:4]


def read_number(text: str) -> int:
    """A decimal without leading zeros. Raises ValueError for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > _MOST_DIGITS or (text[0] == "0" and text != "0"):
        raise ValueError(f"a number was expected, not {text[:40]!r}")
    return int(text)


def read_base64(text: str, length: int | None = None) -> bytes:
    """Bytes in standard base64, written in the one canonical way. Raises ValueError for anything else."""
    data = b64decode(text, validate=True)
    if b64encode(data).decode() != text or (length is not None and len(data) != length):
        raise ValueError(f"base64 of {length or 'some'} bytes was expected, not {text[:60]!r}")
    return data
