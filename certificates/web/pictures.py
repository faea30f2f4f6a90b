"""Pictures of certificates as answers: what stands on them, and how long others may keep them."""

import hashlib
from typing import Any

from flask import Response, current_app, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from certificates.adapters.badge.card import Card
from certificates.adapters.badge.drawing import Face
from certificates.adapters.rasterizing import png_of
from certificates.domain.contents import CertificateView
from certificates.web.standings import Words
from lms.web.application import settings_of

FRESH_SECONDS = 30  # a change of state stands on every picture within a minute


def face_of(certificate: CertificateView, accent: str) -> Face:
    """The badge of a certificate."""
    title = _("Badge: %(achievement)s, %(year)s", achievement=certificate.achievement, year=certificate.issued_at.year)
    return Face(title, certificate.achievement, certificate.issuer, certificate.issued_at.year, accent)


def card_of(certificate: CertificateView, accent: str, words: Words) -> Card:
    """The card of a shared certificate, with what it is worth now."""
    issued = format_date(certificate.issued_at, "d MMMM y")
    return Card(
        eyebrow=_("Certificate of qualification"),
        name=certificate.holder_name,
        what=certificate.achievement,
        facts=_("Issued by %(issuer)s on %(day)s", issuer=certificate.issuer, day=issued),
        state=_state(certificate, words),
        kind=words.kind,
        address=public_address("certificates_public.verify", certificate_id=certificate.id).partition("://")[2],
        accent=accent,
    )


def public_address(endpoint: str, **values: Any) -> str:
    """The whole address of a page, as others get it."""
    return settings_of(current_app).base_url + url_for(endpoint, **values)


def answer_svg(svg: str) -> Response:
    """A drawing that caches may keep for a moment."""
    return _kept_briefly(Response(svg, mimetype="image/svg+xml"), svg)


def answer_png(svg: str, *, width: int) -> Response:
    """The same as a PNG; who has it already does not have it drawn again."""
    if request.if_none_match.contains(_tag(svg)):
        return _kept_briefly(Response(status=304), svg)
    return _kept_briefly(Response(png_of(svg, width=width), mimetype="image/png"), svg)


def _state(certificate: CertificateView, words: Words) -> str:
    """What it is worth in a few words, with the day or the warning that belongs to it."""
    if words.kind == "ok":
        return str(_("Valid until %(day)s", day=format_date(certificate.valid_until, "d MMMM y")))
    return str(_("%(state)s: do not rely on it", state=words.title)) if words.kind == "bad" else words.title


def _kept_briefly(response: Response, svg: str) -> Response:
    response.set_etag(_tag(svg))
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _tag(svg: str) -> str:
    return hashlib.sha256(svg.encode()).hexdigest()[:32]
