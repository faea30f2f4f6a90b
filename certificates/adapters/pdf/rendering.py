"""Sets a certificate as a tagged PDF with WeasyPrint, which may read nothing but our own ornaments."""

import hashlib
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from threading import Lock
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from certificates.adapters.pdf import ornaments
from certificates.adapters.pdf.names import direction_of, size_class
from certificates.adapters.pdf.punches import punches
from certificates.adapters.qr_code import qr_code
from certificates.domain.contents import CertificateView
from certificates.domain.figures import fineness, whole_percent

HERE = Path(__file__).parent
DENSITIES = range(4)
SCHEME = "ornament:"


class OnlyOrnaments(URLFetcher):  # type: ignore[misc]  # WeasyPrint publishes no types
    """Hands out SVGs that we drew ourselves in this process; no file, no network, no data URL."""

    def __init__(self, drawings: dict[str, str]) -> None:
        super().__init__()
        self._drawings = drawings

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url not in self._drawings:
            # A fault in our page, or somebody's text that became markup: better no PDF than that one.
            raise FatalURLFetchingError(f"a certificate asked for {url!r:.200}")
        return URLFetcherResponse(url, self._drawings[url], {"Content-Type": "image/svg+xml"})


class CertificateRenderer:
    """Renders certificates; fonts and style sheet are read once. One of these belongs to each process."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._lock = Lock()  # the font configuration is shared, and not made for several threads
        self._fonts = FontConfiguration()
        self._css = CSS(
            string=(HERE / "certificate.css").read_text(encoding="utf-8"),
            font_config=self._fonts,
            url_fetcher=OnlyOrnaments({}),
        )
        environment = Environment(
            loader=FileSystemLoader(HERE),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
        self._page = environment.get_template("certificate.html")

    def render(self, certificate: CertificateView) -> bytes:
        """The PDF of a certificate: the same bytes for the same certificate, on one page."""
        fetcher = OnlyOrnaments(_drawings(certificate.score, certificate.issued_at.year))
        identifier = hashlib.sha256(certificate.id.encode()).digest()[:16]
        with self._lock:
            document = self._fit(_shown(certificate, self._base_url), fetcher)
            pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
        return pdf

    def _fit(self, values: dict[str, Any], fetcher: OnlyOrnaments) -> Document:
        """Lay the page out, closer and closer until nothing runs over."""
        for density in DENSITIES:
            html = HTML(string=self._page.render(values, density=density), url_fetcher=fetcher)
            document = html.render(
                stylesheets=[self._css], font_config=self._fonts, pdf_variant="pdf/ua-1", pdf_tags=True
            )
            if len(document.pages) == 1:
                break
        return document


def _drawings(score: Fraction, year: int) -> dict[str, str]:
    return {
        f"{SCHEME}frame": ornaments.frame(),
        f"{SCHEME}punches": punches(fineness(score), year),
        f"{SCHEME}bar": ornaments.strip(ornaments.INK),
        f"{SCHEME}track": ornaments.strip(ornaments.PALE_GOLD),
    }


def _shown(certificate: CertificateView, base_url: str) -> dict[str, Any]:
    """What the page shows, ready to be put in."""
    address = f"{base_url}/verify/{certificate.id}"
    return {
        "certificate": certificate,
        "name_size": size_class(certificate.holder_name),
        "name_direction": direction_of(certificate.holder_name),
        "percent": whole_percent(certificate.score),
        "cut_percent": whole_percent(certificate.cut_score),
        "skills": [{"title": skill.title, "percent": whole_percent(skill.score)} for skill in certificate.skills],
        "issued": _day(certificate.issued_at),
        "valid_until": _day(certificate.valid_until),
        "address": address,
        "qr_code": qr_code(address, title=f"QR code of the address {address}"),
    }


def _day(instant: datetime) -> str:
    return format_date(instant.date(), "d MMMM y", locale="en")
