"""Status lists: one bit for each credential, compressed, as strangers fetch them (W3C Bitstring Status List v1.0)."""

import base64
import binascii
import zlib
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

LENGTH = 131_072  # entries; section 6.1 asks for no fewer, so that one among them tells nothing
TTL_MILLISECONDS = 30_000  # for as long a list may be relied on without asking again
_MULTIBASE = "u"  # base64url without padding
_GZIP = 16 + zlib.MAX_WBITS  # the container that zlib is to write and to expect
_BEST = 9
_CONTEXT = "https://www.w3.org/ns/credentials/v2"


class StatusPurpose(StrEnum):
    """What a set bit means: gone for good, or not to be relied on for now."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


def encode_bits(set_bits: Iterable[int], length: int) -> str:
    """The `encodedList` of a bit string of `length` bits: `u`, then base64url of its gzip compression.

    The first bit is the leftmost one of the first byte. Source: Bitstring Status List v1.0, section 3.3.
    Raises ValueError for a bit outside, or a length of no whole bytes.
    """
    if length % 8:
        raise ValueError(f"a list has whole bytes, got {length} bits")
    bits = bytearray(length // 8)
    for position in set_bits:
        if not 0 <= position < length:
            raise ValueError(f"there is no bit {position} in a list of {length}")
        bits[position // 8] |= 0x80 >> position % 8
    compressor = zlib.compressobj(_BEST, wbits=_GZIP)
    packed = compressor.compress(bytes(bits)) + compressor.flush()
    return _MULTIBASE + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def decode_bits(encoded: str, length: int) -> frozenset[int]:
    """The positions that are set in an `encodedList` of exactly `length` bits.

    Raises ValueError for anything else, also for what would unpack to more.
    """
    if not encoded.startswith(_MULTIBASE):
        raise ValueError("a status list is encoded as multibase base64url, which begins with u")
    text = encoded[1:]
    unpacking = zlib.decompressobj(wbits=_GZIP)
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        bits = unpacking.decompress(packed, length // 8 + 1)
    except (binascii.Error, zlib.error) as fault:
        raise ValueError("this is no compressed status list") from fault
    if len(bits) != length // 8 or not unpacking.eof or unpacking.unused_data:
        raise ValueError(f"a status list of {length} bits was expected")
    return frozenset(
        index * 8 + bit for index, byte in enumerate(bits) if byte for bit in range(8) if byte & 0x80 >> bit
    )


def list_address(base_url: str, purpose: StatusPurpose, number: int) -> str:
    """Where a list is fetched; also its id."""
    return f"{base_url}/status/{purpose.value}-{number}"


def list_content(
    *, base_url: str, purpose: StatusPurpose, number: int, issuer: str, encoded: str, at: datetime
) -> dict[str, Any]:
    """A BitstringStatusListCredential that is yet to be signed. `issuer` is a DID, `at` in whole seconds of UTC.

    Source: Bitstring Status List v1.0, section 2.2.
    """
    address = list_address(base_url, purpose, number)
    return {
        "@context": [_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encoded,
            "ttl": TTL_MILLISECONDS,
        },
    }
