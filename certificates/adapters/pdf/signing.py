"""Signs a rendered certificate as PAdES does, in the field that waits where its seal stands."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from certificates.adapters.pdf.parts import SIGNATURE_FIELD
from certificates.adapters.pdf.signature import signed_attributes, signed_data

_DIGEST = "sha256"
# RFC 6979: signing the same bytes again gives the same file, so a step repeated after a crash leaves nothing behind.
_ALGORITHM = ECDSA(SHA256(), deterministic_signing=True)
_BESIDE_CERTIFICATES = 500  # bytes of a signature at most: its attributes and the value itself
_PER_CERTIFICATE = 60  # bytes that name one


class _Update(IncrementalPdfFileWriter):
    """An update that leaves the metadata alone: they tell when the certificate was issued, not when it was signed."""

    def _update_meta(self) -> None:
        pass

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> ArrayObject:
        """The second half of a file's id names its state. Ours follows from the first, so that it is not random."""
        identifier: ArrayObject = super()._handle_id(prev)  # type: ignore[no-untyped-call]  # pyHanko types it not
        identifier[1] = ByteStringObject(sha256(bytes(identifier[0]) + b"signed").digest()[:16])
        return identifier


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

    Raises ValueError for a key of another curve or of another certificate.
    """
    if not isinstance(key.curve, SECP256R1) or key.public_key() != certificate.public_key():
        raise ValueError("certificates are signed with a P-256 key and the certificate of that key")
    certificates = [each.public_bytes(Encoding.DER) for each in (certificate, *chain)]
    needed = sum(len(each) + _PER_CERTIFICATE for each in certificates) + len(certificate.issuer.public_bytes())
    update = _Update(BytesIO(pdf))
    steps = PdfCMSEmbedder().write_cms(SIGNATURE_FIELD, update, existing_fields_only=True)
    next(steps)
    placeholder = SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        reason=reason,
        bytes_reserved=2 * (needed + _BESIDE_CERTIFICATES),
    )
    certifying = SigMDPSetup(_DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    steps.send(SigObjSetup(placeholder, mdp_setup=certifying))
    prepared, output = steps.send(SigIOSetup(_DIGEST))
    digest = prepared.document_digest
    signature = key.sign(signed_attributes(digest, certificates).dump(), _ALGORITHM)
    steps.send(signed_data(digest, certificates, signature))
    signed: bytes = output.getvalue()
    return signed
