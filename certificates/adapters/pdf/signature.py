"""The signature over a PDF as a CMS structure in the one form that we write: PAdES B-B with ECDSA and SHA-256."""

import hashlib
from collections.abc import Sequence

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509

_SHA256 = {"algorithm": "sha256"}
_ECDSA = {"algorithm": "sha256_ecdsa"}


def signed_attributes(digest: bytes, certificates: Sequence[bytes]) -> cms.CMSAttributes:
    """What is signed: the SHA-256 of the file, and the certificates (DER), that of the signer first.

    There is no signing time: PAdES has it in the PDF alone. Source: ETSI EN 319 142-1, 6.3; RFC 5035.
    """
    named = [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(each).digest()}) for each in certificates]
    return cms.CMSAttributes(
        [
            _attribute("content_type", "data"),
            _attribute("message_digest", digest),
            _attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": named})),
        ]
    )


def signed_data(digest: bytes, certificates: Sequence[bytes], signature: bytes) -> bytes:
    """The DER of a detached signature; the signer's certificate is the first. Source: RFC 5652, 5."""
    parsed = [asn1_x509.Certificate.load(certificate, strict=True) for certificate in certificates]
    issued = parsed[0]
    sid = cms.IssuerAndSerialNumber({"issuer": issued.issuer, "serial_number": issued.serial_number})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": sid}),
            "digest_algorithm": algos.DigestAlgorithm(_SHA256),
            "signed_attrs": signed_attributes(digest, certificates),
            "signature_algorithm": algos.SignedDigestAlgorithm(_ECDSA),
            "signature": signature,
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm(_SHA256)],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices("certificate", each) for each in parsed],
            "signer_infos": [signer],
        }
    )
    written: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return written


def _attribute(kind: str, value: core.Asn1Value | bytes | str) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})
