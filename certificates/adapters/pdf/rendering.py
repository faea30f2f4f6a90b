"""Sets a certificate as a tagged PDF with WeasyPrint: PDF/A-3a and PDF/UA-1, the same bytes each time."""

import gc
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from threading import Lock
from uuid import UUID

from weasyprint import CSS, Attachment, Document

from certificates.adapters.pdf import pictures
from certificates.adapters.pdf.fetching import OnlyOrnaments
from certificates.adapters.pdf.finishing import Ornaments, finish
from certificates.adapters.pdf.fitting import closer_than
from certificates.adapters.pdf.identification import identify_as_accessible
from certificates.adapters.pdf.names import size_class, typical_name
from certificates.adapters.pdf.page import Density, Look, Pages, address_of, name_place, printable
from certificates.adapters.pdf.parts import CREDENTIAL_NAME
from certificates.adapters.pdf.request import RenderRequest, unpacked
from certificates.adapters.pdf.sheets import sheet_of
from certificates.adapters.pdf.typesetting import VARIANT, Typesetter
from certificates.domain.figures import fineness

_PATIENCE = (20_000, 10, 100)  # a page is many objects at once, and few of them are left over
_ANY_DAY = datetime(2028, 11, 28, tzinfo=UTC)
_NOTHING = OnlyOrnaments({})


class CertificateRenderer:
    """Renders certificates; fonts and style sheets are read once. One of these belongs to each process."""

    def __init__(self) -> None:
        self._lock = Lock()  # the typesetter is shared, and not made for several threads
        self._typesetter = Typesetter()
        self._pages = Pages()
        self._style = lru_cache(maxsize=64)(self._parsed_style)
        self._fetcher = lru_cache(maxsize=64)(_fetcher)
        self._likely = lru_cache(maxsize=256)(self._density_of)

    def render(self, request: RenderRequest) -> bytes:
        """The PDF of a certificate: the same bytes for the same request, on one page, with an empty signature field.

        Raises ValueError when the logo cannot be shown.
        """
        with self._lock:
            document = self._fit(request)
            identify_as_accessible(document)
            pdf: bytes = document.write_pdf(
                finisher=lambda document, pdf: finish(document, pdf, _ornaments(request)),
                pdf_variant=VARIANT,
                pdf_identifier=hashlib.sha256(request.certificate.id.encode()).digest()[:16],
                attachments=[_attached(request)],
            )
        return pdf

    def _fit(self, request: RenderRequest) -> Document:
        """Lay the page out, closer and closer until nothing runs over."""
        document, _density = self._lay_out(request, self._likely(_typical(request)))
        return document

    def _density_of(self, request: RenderRequest) -> Density:
        return self._lay_out(request, Density())[1]

    def _lay_out(self, request: RenderRequest, density: Density) -> tuple[Document, Density]:
        design = request.design
        look = Look(sheet_of(design.paper, design.orientation), design.accent, bool(design.signatories))
        fetcher = self._fetcher(design.logo)
        while True:
            document = self._typesetter.set(self._pages.words(request, density), self._style(look), fetcher)
            closer = closer_than(density, document, look)
            if closer == density:
                return document, density
            density = closer

    def _parsed_style(self, look: Look) -> CSS:
        return CSS(string=self._pages.style(look), font_config=self._typesetter.fonts, url_fetcher=_NOTHING)


def _fetcher(logo: bytes | None) -> OnlyOrnaments:
    return OnlyOrnaments(pictures.pictures(logo))


def _typical(request: RenderRequest) -> RenderRequest:
    """What the certificates for one achievement have in common, with a name of about this length.

    How closely these are set is tried once, and where each begins. It follows from the request alone: the same
    certificate looks the same whatever was rendered before it.
    """
    certificate = request.certificate
    common = replace(
        certificate,
        id="",
        attempt_id=UUID(int=0),
        holder_name=typical_name(size_class(certificate.holder_name)),
        issued_at=_ANY_DAY,
        valid_until=_ANY_DAY,
        score=certificate.cut_score,
        skills=tuple(replace(skill, score=Fraction(0)) for skill in certificate.skills),
    )
    return replace(request, certificate=common, credential=b"")


def _attached(request: RenderRequest) -> Attachment:
    issued_at = request.certificate.issued_at.astimezone(UTC)
    return Attachment(
        string=request.credential,
        url_fetcher=_NOTHING,
        name=CREDENTIAL_NAME,
        description="The signed credential of this certificate",
        created=issued_at,
        modified=issued_at,
        relationship="Data",
    )


def _ornaments(request: RenderRequest) -> Ornaments:
    certificate, design = request.certificate, request.design
    return Ornaments(
        sheet=sheet_of(design.paper, design.orientation),
        accent=design.accent,
        fineness=fineness(certificate.score),
        year=certificate.issued_at.year,
        address=address_of(request),
        code_name=pictures.code_name(),
        signature_text=f"Digital signature of {design.display_name or certificate.issuer}",
        name=printable(certificate.holder_name),
        name_place=name_place(request),
        scores=tuple(skill.score for skill in certificate.skills),
    )


def serve() -> Callable[[bytes], bytes]:
    """A renderer of packed requests, for the process that is kept for it."""
    renderer = CertificateRenderer()
    gc.freeze()
    gc.set_threshold(*_PATIENCE)
    return lambda message: renderer.render(unpacked(message))
