"""Signs a rendered certificate as PAdES does, in the room that its page left for it: nothing is read, nothing moves."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

import pydyf
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.adapters.pdf.parts import EMPTY_SIGNATURE, SIGNATURE_BYTES
from certificates.adapters.pdf.signature import signed_attributes, signed_data

# RFC 6979: signing the same bytes again gives the same file, so a step repeated after a crash leaves nothing behind.
_ALGORITHM = ECDSA(SHA256(), deterministic_signing=True)
_RANGE = b"/ByteRange [0 %d %d %d]"
_RANGE_BYTES = 60  # at most, with what closes the dictionary
# The whole file, and no change is allowed: ISO 32000-1, tables 253 and 254.
_CERTIFIES = (
    b"/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</Type /TransformParams /V /1.2 /P 1>>>>]"
)


def sign_pdf(
    pdf: bytes,
    *,
    key: EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
    at: datetime,
    reason: str,
    name: str,
) -> bytes:
    """A rendered certificate with a signature over the whole file that allows no change (PAdES B-B, DocMDP 1).

    `key` is on P-256 and belongs to `certificate`; `chain` are those that issued it, from the nearest on. `at` is
    when it is signed, `name` is who signs, both as the file claims them. Nothing is asked of the network.

    Raises ValueError for a key of another curve or of another certificate, for a PDF without room for one signature,
    and for names or a chain that are too long for that room.
    """
    if not isinstance(key.curve, SECP256R1) or key.public_key() != certificate.public_key():
        raise ValueError("certificates are signed with a P-256 key and the certificate of that key")
    before, found, after = pdf.partition(EMPTY_SIGNATURE)
    if not found or EMPTY_SIGNATURE in after:
        raise ValueError("this PDF was not rendered by us, or is signed")
    said = _said(at, reason, name)
    digits = (SIGNATURE_BYTES - len(said) - _RANGE_BYTES) // 2 * 2
    end = len(before) + len(said)
    start = end + digits + 2
    covered = (_RANGE % (end, start, len(pdf) - start)).ljust(SIGNATURE_BYTES - len(said) - digits - 4) + b">>"
    first, last = before + said, covered + after
    signature = _signature(sha256(first + last).digest(), key, [certificate, *chain])
    if len(signature) > digits:
        raise ValueError("names and certificates are too long for the room that is left for a signature")
    return b"%b<%b>%b" % (first, signature.ljust(digits, b"0"), last)


def _signature(digest: bytes, key: EllipticCurvePrivateKey, certificates: Sequence[x509.Certificate]) -> bytes:
    written = [each.public_bytes(Encoding.DER) for each in certificates]
    signature = key.sign(signed_attributes(digest, written), _ALGORITHM)
    return signed_data(digest, written, signature).hex().upper().encode()


def _said(at: datetime, reason: str, name: str) -> bytes:
    """A signature dictionary up to the signature itself: ISO 32000-1, table 252; ETSI EN 319 142-1, 5.4."""
    claimed = {
        "M": f"D:{at.astimezone(UTC):%Y%m%d%H%M%S}Z",
        "Name": name,
        "Reason": reason,
    }
    told = b" ".join(b"/%b %b" % (key.encode(), pydyf.String(value).data) for key, value in claimed.items())
    return b"<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached %b %b/Contents " % (_CERTIFIES, told)
