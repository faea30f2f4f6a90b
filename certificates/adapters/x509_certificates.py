"""X.509 certificates of the keys that sign documents, self-signed: PDF readers show whose signature it is."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

_YEARS = 30  # longer than any certificate holds: a reader checks a signature against the day on which it looks
_LONGEST_NAME = 64  # characters of a common name, RFC 5280, appendix A.1


def make_certificate(private: EllipticCurvePrivateKey, *, host: str, is_development: bool, at: datetime) -> str:
    """A certificate in PEM for the key of the installation at `host`; it may sign documents and nothing else."""
    shown = f"{host} (development)" if is_development else host
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, shown[:_LONGEST_NAME]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Assay"),
        ]
    )
    key = private.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .sign(private, SHA256())
        .public_bytes(Encoding.PEM)
        .decode("ascii")
    )


def _usage() -> x509.KeyUsage:
    """Digital signature and non-repudiation (RFC 5280, section 4.2.1.3)."""
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
