"""The signature over a PDF as a CMS structure in the one form that we write: PAdES B-B with ECDSA and SHA-256."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from cryptography import x509

from certificates.adapters.pdf.der import INTEGER, NULL, OCTET_STRING, OID, SEQUENCE, SET, element, set_of

_CERTIFICATES, _ATTRIBUTES, _CONTENT = 0xA0, 0xA0, 0xA0  # [0] of SignedData, of SignerInfo, of ContentInfo
# Object identifiers, encoded: RFC 5652 for CMS, RFC 5035 for the certificates that signed, RFC 5754 for algorithms.
_DATA = element(OID, bytes.fromhex("2a864886f70d010701"))
_SIGNED_DATA = element(OID, bytes.fromhex("2a864886f70d010702"))
_CONTENT_TYPE = element(OID, bytes.fromhex("2a864886f70d010903"))
_MESSAGE_DIGEST = element(OID, bytes.fromhex("2a864886f70d010904"))
_SIGNING_CERTIFICATE_V2 = element(OID, bytes.fromhex("2a864886f70d010910022f"))
_SHA256 = element(SEQUENCE, element(OID, bytes.fromhex("608648016503040201")), element(NULL))
_ECDSA = element(SEQUENCE, element(OID, bytes.fromhex("2a8648ce3d040302")))
_ONE = element(INTEGER, b"\x01")


def signed_attributes(digest: bytes, certificates: Sequence[bytes]) -> bytes:
    """What is signed: the SHA-256 of the file, and the certificates (DER), that of the signer first.

    There is no signing time: PAdES has it in the PDF alone. Source: ETSI EN 319 142-1, 6.3; RFC 5035.
    """
    return set_of(SET, *_attributes(digest, certificates))


def signed_data(digest: bytes, certificates: Sequence[bytes], signature: bytes) -> bytes:
    """The DER of a detached signature; the signer's certificate is the first. Source: RFC 5652, 5."""
    signer = element(
        SEQUENCE,
        _ONE,
        _issuer_and_serial_number(certificates[0]),
        _SHA256,
        set_of(_ATTRIBUTES, *_attributes(digest, certificates)),
        _ECDSA,
        element(OCTET_STRING, signature),
    )
    content = element(
        SEQUENCE,
        _ONE,
        element(SET, _SHA256),
        element(SEQUENCE, _DATA),
        set_of(_CERTIFICATES, *certificates),
        element(SET, signer),
    )
    return element(SEQUENCE, _SIGNED_DATA, element(_CONTENT, content))


def _attributes(digest: bytes, certificates: Sequence[bytes]) -> list[bytes]:
    hashes = [element(SEQUENCE, element(OCTET_STRING, hashlib.sha256(each).digest())) for each in certificates]
    return [
        _attribute(_CONTENT_TYPE, _DATA),
        _attribute(_MESSAGE_DIGEST, element(OCTET_STRING, digest)),
        _attribute(_SIGNING_CERTIFICATE_V2, element(SEQUENCE, element(SEQUENCE, *hashes))),
    ]


def _attribute(kind: bytes, value: bytes) -> bytes:
    return element(SEQUENCE, kind, element(SET, value))


@lru_cache(maxsize=16)
def _issuer_and_serial_number(certificate: bytes) -> bytes:
    """Raises ValueError for what is no certificate."""
    parsed = x509.load_der_x509_certificate(certificate)
    number = parsed.serial_number
    written = number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)
    return element(SEQUENCE, parsed.issuer.public_bytes(), element(INTEGER, written))
