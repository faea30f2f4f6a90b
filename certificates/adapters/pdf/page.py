"""The page of a certificate: the words on it, and its style sheet, from templates that are compiled once."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from certificates.adapters.pdf import pictures
from certificates.adapters.pdf.names import direction_of, size_class
from certificates.adapters.pdf.request import RenderRequest
from certificates.adapters.pdf.sheets import BOTTOM, PROOF, TOP, Sheet
from certificates.adapters.pdf.tones import tones_of
from certificates.domain.contents import CertificateView
from certificates.domain.design import Signatory
from certificates.domain.figures import whole_percent
from certificates.domain.levels import level_of

HERE = Path(__file__).parent
CLOSEST = 3
_SCRIPTS = ("Noto Naskh Arabic", "Noto Serif Devanagari", "Noto Serif CJK SC", "Noto Serif Hebrew", "Noto Serif Thai")
_SANS = ("Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans CJK SC", "Noto Sans Hebrew", "Noto Sans Thai")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Look:
    """What a style sheet depends on."""

    sheet: Sheet
    accent: str
    has_signatories: bool


@dataclass(frozen=True, slots=True)
class Density:
    """How closely the two parts of a page are set, each from 0 to CLOSEST."""

    statement: int = 0
    evidence: int = 0


class Pages:
    """Makes pages as XHTML, and style sheets as CSS."""

    def __init__(self) -> None:
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
        self._style = environment.overlay(autoescape=False).get_template("certificate.css")

    def words(self, request: RenderRequest, density: Density) -> str:
        """The page as well-formed XML."""
        return printable(self._page.render(_shown(request), density=density))

    def style(self, look: Look) -> str:
        return self._style.render(
            sheet=look.sheet,
            tones=tones_of(look.accent),
            has_signatories=look.has_signatories,
            top=TOP,
            bottom=BOTTOM,
            proof=PROOF,
            scripts=_families(*_SCRIPTS, "Noto Sans", "Noto Sans Symbols2"),
            sans=_families(*_SANS),
        )


def address_of(request: RenderRequest) -> str:
    """Where a certificate is verified."""
    return f"{request.base_url}/verify/{request.certificate.id}"


def name_place(request: RenderRequest) -> int:
    """Which paragraph of the first section is the name: after logo, organisation, heading, warning, "certifies"."""
    return 3 + bool(request.design.logo) + request.is_development


def printable(text: str) -> str:
    """A text without what XML cannot hold and nobody can see."""
    return _UNPRINTABLE.sub("", text)


def _shown(request: RenderRequest) -> dict[str, Any]:
    """What the page shows, ready to be put in."""
    certificate, design = request.certificate, request.design
    organisation = design.display_name or certificate.issuer
    return {
        "certificate": certificate,
        "organisation": organisation,
        "organisation_direction": direction_of(organisation),
        "logo": pictures.logo_address(design.logo) if design.logo else None,
        "code": pictures.CODE,
        "is_development": request.is_development,
        "name_size": size_class(certificate.holder_name),
        "name_direction": direction_of(certificate.holder_name),
        "percent": whole_percent(certificate.score),
        "cut_percent": whole_percent(certificate.cut_score),
        "skills": _skills(certificate),
        "signatories": [_signatory(signatory) for signatory in design.signatories],
        "instant": certificate.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "issued": _day(certificate.issued_at),
        "valid_until": _day(certificate.valid_until),
        "address": address_of(request),
    }


def _skills(certificate: CertificateView) -> list[dict[str, Any]]:
    return [
        {
            "title": skill.title,
            "percent": whole_percent(skill.score),
            "level": level_of(skill.score, certificate.cut_score).value.capitalize(),
        }
        for skill in certificate.skills
    ]


def _signatory(signatory: Signatory) -> dict[str, str]:
    return {"name": signatory.name, "role": signatory.role, "direction": direction_of(signatory.name)}


def _families(*names: str) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _day(instant: datetime) -> str:
    return format_date(instant.date(), "d MMMM y", locale="en")
