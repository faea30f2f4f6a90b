"""Certificates as PDF for tests: what they are rendered from, who signs them, and what is in them."""

import subprocess
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from PIL import Image

from certificates.adapters.pdf.rendering import CertificateRenderer
from certificates.adapters.pdf.request import RenderRequest
from certificates.adapters.pdf.signing import sign_pdf
from certificates.domain.design import HOUSE_DESIGN, Design, Orientation, Paper, Signatory
from tests.certificates.factories import BASE_URL, make_view

CREDENTIAL = b'{"type": ["VerifiableCredential"], "name": "Ada Lovelace"}'
SIGNED_AT = datetime(2026, 11, 21, 9, 0, 5, tzinfo=UTC)
SIGNATORIES = (Signatory("Dr. Amara Okafor", "Head of Quality"), Signatory("王小明", "Chief Examiner"))
FORMATS = [(paper, orientation) for paper in Paper for orientation in Orientation]
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\xad"))


def make_request(*, design: Design = HOUSE_DESIGN, is_development: bool = False, **given: object) -> RenderRequest:
    return RenderRequest(make_view(**given), design, CREDENTIAL, BASE_URL, is_development)


def make_logo(colour: str = "#1d4f73") -> bytes:
    written = BytesIO()
    Image.new("RGBA", (300, 100), colour).save(written, "PNG")
    return written.getvalue()


def make_design(**given: object) -> Design:
    facts: dict[str, object] = {
        "paper": Paper.LETTER,
        "orientation": Orientation.LANDSCAPE,
        "display_name": "Northwind Annotation Cooperative",
        "accent": "#1d4f73",
        "logo": make_logo(),
        "signatories": SIGNATORIES,
    }
    return Design(**(facts | given))  # type: ignore[arg-type]  # handed on as they are


@cache
def the_renderer() -> CertificateRenderer:
    """One for all tests of a process, as in the press."""
    return CertificateRenderer()


def render(request: RenderRequest) -> bytes:
    return the_renderer().render(request)


def make_signer(
    name: str = "Assay public catalogue", issued_by: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None = None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A key and its certificate, issued by itself or by another."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuing_key, issuer = (issued_by[0], issued_by[1].subject) if issued_by else (key, subject)
    builder = x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=SIGNED_AT - timedelta(days=1),
        not_valid_after=SIGNED_AT + timedelta(days=3650),
    )
    return key, builder.sign(issuing_key, SHA256())


def sign(pdf: bytes, *, signer: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None = None) -> bytes:
    key, certificate = signer or make_signer()
    return sign_pdf(pdf, key=key, certificate=certificate, at=SIGNED_AT, reason="Issued", name="Assay")


@cache
def the_signed() -> bytes:
    """One signed certificate, for tests that only look at it."""
    return sign(render(make_request()))


def text_of(pdf: bytes) -> str:
    """What is on the page, in the order of its content."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def plain(text: str) -> str:
    """A text for comparing: composed, without marks of direction and white space."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_MARKS).split())


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))
