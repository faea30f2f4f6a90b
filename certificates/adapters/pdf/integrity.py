"""Judges by its bytes whether a PDF is as it was signed, before anything in it is believed."""

import hashlib
import re
from dataclasses import dataclass

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.adapters.pdf.reading import UnreadablePdf
from certificates.adapters.pdf.signature import signed_attributes, signed_data

_RANGE = re.compile(rb"/ByteRange \[0 (\d{1,9}) (\d{1,9}) (\d{1,9})\]")
_MOST_SIGNATURE_BYTES = 100_000
DAMAGED = "The signature of this PDF is damaged."


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signature over a file: the bytes that it covers, who made it, and what speaks against it."""

    byte_range: tuple[int, int, int, int]
    signer_certificate: bytes
    covers_whole_document: bool
    problems: tuple[str, ...]


def find_seal(data: bytes) -> Sealed:
    """Find and judge the one signature of a PDF. Raises UnreadablePdf when there is not exactly one to be read."""
    byte_range = _byte_range(data)
    _zero, end, start, rest = byte_range
    if not end < start <= start + rest <= len(data):
        raise UnreadablePdf(DAMAGED)
    covers_all = start + rest == len(data)
    written = data[end:start]
    structure = _structure(written)
    certificates, signature = _certificates_and_signature(structure)
    digest = hashlib.sha256(data[:end] + data[start : start + rest]).digest()
    problems = []
    if not covers_all:
        problems.append("Something was added to this PDF after it was signed.")
    if not _is_signed(digest, certificates, signature):
        problems.append("This PDF was changed after it was signed.")
    elif not _is_as_we_write(written, structure, _as_we_write(digest, certificates, signature)):
        problems.append("The signature of this PDF is not written as ours are, or was changed.")
    return Sealed(byte_range, certificates[0], covers_all, tuple(problems))


def _byte_range(data: bytes) -> tuple[int, int, int, int]:
    count = data.count(b"/ByteRange")
    if count == 0:
        raise UnreadablePdf("This PDF is not signed.")
    if count > 1:
        raise UnreadablePdf("This PDF has more than one signature; our certificates have one.")
    found = _RANGE.search(data)
    if found is None:
        raise UnreadablePdf(DAMAGED)
    end, start, rest = map(int, found.groups())
    return 0, end, start, rest


def _structure(written: bytes) -> bytes:
    """The DER within "<", hexadecimal digits and padding, ">"."""
    if len(written) > 2 * _MOST_SIGNATURE_BYTES:
        raise UnreadablePdf(DAMAGED)
    try:
        content = bytes.fromhex(written[1:-1].decode("ascii"))
    except ValueError as error:
        raise UnreadablePdf(DAMAGED) from error
    # An outer SEQUENCE with a length of two bytes: it is always longer than 255 and shorter than 65,536.
    if content[:2] != b"\x30\x82":
        raise UnreadablePdf(DAMAGED)
    return content[: 4 + int.from_bytes(content[2:4], "big")]


def _certificates_and_signature(structure: bytes) -> tuple[list[bytes], bytes]:
    try:
        content = cms.ContentInfo.load(structure, strict=True)["content"]
        certificates = [each.chosen.dump() for each in content["certificates"]]
        [signer] = content["signer_infos"]
        return _signer_first(certificates, signer), signer["signature"].native
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise UnreadablePdf(DAMAGED) from error


def _signer_first(certificates: list[bytes], signer: cms.SignerInfo) -> list[bytes]:
    """The certificates in the order in which they were signed: the structure has them as a set."""
    [named] = [each for each in signer["signed_attrs"] if each["type"].native == "signing_certificate_v2"]
    order = [each["cert_hash"].native for each in tsp.SigningCertificateV2.load(named["values"][0].dump())["certs"]]
    by_hash = {hashlib.sha256(each).digest(): each for each in certificates}
    return [by_hash[each] for each in order]


def _is_signed(digest: bytes, certificates: list[bytes], signature: bytes) -> bool:
    try:
        key = x509.load_der_x509_certificate(certificates[0]).public_key()
        if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
            return False
        key.verify(signature, signed_attributes(digest, certificates), ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _as_we_write(digest: bytes, certificates: list[bytes], signature: bytes) -> bytes:
    try:
        return signed_data(digest, certificates, signature)
    except ValueError as error:  # of a certificate whose key can be read, and whose issuer cannot
        raise UnreadablePdf(DAMAGED) from error


def _is_as_we_write(written: bytes, structure: bytes, expected: bytes) -> bool:
    """Whether no byte beside the signed ones differs: names of algorithms, the padding, the case of digits."""
    padded = expected.hex().upper().encode().ljust(len(written) - 2, b"0")
    return structure == expected and written == b"<" + padded + b">"
