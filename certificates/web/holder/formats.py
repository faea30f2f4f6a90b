"""The forms in which a holder gets a certificate, and what each of them is good for."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from certificates.adapters.archive import Packed
from certificates.adapters.badge.baking import bake_png, bake_svg
from certificates.adapters.badge.drawing import draw_badge
from certificates.adapters.rasterizing import png_of
from certificates.domain.contents import CertificateView
from certificates.queries.credentials import CredentialView
from certificates.web.pictures import face_of, public_address

BADGE_PIXELS = 600


@dataclass(frozen=True, slots=True)
class Format:
    """A form of a certificate; the ending is that of its file and of its address."""

    ending: str
    mimetype: str
    title: str
    purpose: str


def formats() -> list[Format]:
    """All of them, the most asked for first."""
    return [
        Format("pdf", "application/pdf", _("PDF"), _("To read, print and send. Signed, with the credential inside.")),
        Format(
            "png", "image/png", _("Badge as a picture (PNG)"), _("For profiles and badge sites, credential inside.")
        ),
        Format("svg", "image/svg+xml", _("Badge as a drawing (SVG)"), _("The same at any size, for web pages.")),
        Format("json", "application/json", _("Credential (JSON)"), _("Open Badges 3.0, for wallets and verifiers.")),
        Format(
            "jwt",
            "application/jwt",
            _("Credential (JWT)"),
            _("The same in compact form, for programs that want it so."),
        ),
    ]


def content_of_format(ending: str, certificate: CertificateView, credential: CredentialView, accent: str) -> bytes:
    """The bytes of a form that is made on request. Raises ValueError for one that is not."""
    match ending:
        case "json":
            return credential.document.encode()
        case "jwt":
            return credential.jwt.encode()
        case "svg":
            return bake_svg(draw_badge(face_of(certificate, accent)), credential.document).encode()
        case "png":
            picture = png_of(draw_badge(face_of(certificate, accent)), width=BADGE_PIXELS)
            return bake_png(picture, credential.document)
    raise ValueError(f"no form of a certificate ends in {ending}")


def file_name(certificate: CertificateView, ending: str) -> str:
    """The plain name under which a form is saved: slug and id are ASCII by their own rules."""
    return f"certificate-{certificate.slug}-{certificate.id}.{ending}"


def files_of(
    certificate: CertificateView, credential: CredentialView | None, pdf: bytes | None, accent: str
) -> Iterator[Packed]:
    """All forms of a certificate that are there already."""
    if pdf is not None:
        yield Packed(file_name(certificate, "pdf"), pdf)
    if credential is not None:
        for ending in ("json", "jwt", "svg", "png"):
            content = content_of_format(ending, certificate, credential, accent)
            yield Packed(file_name(certificate, ending), content)


def read_me(left_out: list[CertificateView]) -> Packed:
    """What lies in the archive, and how anybody verifies it, with us and without."""
    lines = [_("What this is"), "", *(f".{one.ending:5}{one.title}: {one.purpose}" for one in formats())]
    lines += [f"{'did.json':>10}  {_('The public keys of who signed, for verifying without us.')}", ""]
    lines += [
        _("How anybody verifies it"),
        "",
        _("With us: open %(address)s, and give it any of these files.", address=_verify()),
        _("Without us, offline: assay verify FILE --offline --keys did.json"),
        _("With other software: the JSON is a W3C Verifiable Credential 2.0 (Open Badges 3.0) with a Data Integrity"),
        _("proof (eddsa-rdfc-2022); the JWT is signed with ES256; the PDF carries a PAdES signature."),
        "",
        _("The files say what held when they were signed. Whether it holds today is known at the address above."),
    ]
    if left_out:
        lines += ["", _("Not in here, because they are still being prepared; look again in a minute:"), ""]
        lines += [f"- {one.achievement} ({one.id})" for one in left_out]
    return Packed("README.txt", ("\n".join(lines) + "\n").encode())


def _verify() -> str:
    return public_address("certificates_public.verify_form")
