"""The page of a certificate that its holder shares, with its badge and the card that other sites show for it."""

from dataclasses import dataclass

from flask import Response, current_app, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates.adapters.badge.card import WIDTH, draw_card
from certificates.adapters.badge.drawing import draw_badge
from certificates.adapters.published_head import PUBLISHED
from certificates.domain.contents import CertificateView
from certificates.queries.credentials import find_accent
from certificates.queries.sharing import SHOWN_IN_FULL, get_shared
from certificates.queries.verifying import Surroundings, examine_certificate
from certificates.web.outcomes import examined_in_words
from certificates.web.pictures import answer_png, answer_svg, card_of, face_of, public_address
from certificates.web.public.blueprint import certificates_public
from certificates.web.standings import Words
from lms import clock
from lms.errors import NotFound
from lms.web.application import settings_of
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.transactions import database

LIMIT = "120 per minute"


@dataclass(frozen=True, slots=True)
class Shown:
    """A shared certificate, what verification says of it now, and what may stand beside that."""

    certificate: CertificateView
    words: Words
    has_badge: bool
    tells_scores: bool
    accent: str


@certificates_public.get("/share/<certificate_id>")
@public
@limiter.limit(LIMIT)
def share(certificate_id: str) -> ResponseReturnValue:
    """What the holder chose to show, and what it is worth now; 404 unless and until they share it."""
    shown = _find(certificate_id)
    address = public_address(".share", certificate_id=certificate_id)
    card = public_address(".share_card", certificate_id=certificate_id, state=shown.words.kind)
    response = make_response(render_template("certificates/public/share.html", shown=shown, address=address, card=card))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@certificates_public.get("/share/<certificate_id>/card.png")
@public
@limiter.limit(LIMIT)
def share_card(certificate_id: str) -> Response:
    """The picture that other sites show beside a link to the page."""
    shown = _find(certificate_id)
    return answer_png(draw_card(card_of(shown.certificate, shown.accent, shown.words)), width=WIDTH)


@certificates_public.get("/share/<certificate_id>/badge.svg")
@public
@limiter.limit(LIMIT)
def share_badge(certificate_id: str) -> Response:
    """The badge without a credential, which would tell scores; none of a certificate that was taken back."""
    shown = _find(certificate_id)
    if not shown.has_badge:
        raise NotFound(_("There is no badge at this address."))
    return answer_svg(draw_badge(face_of(shown.certificate, shown.accent)))


def _find(certificate_id: str) -> Shown:
    """The certificate as verification finds it, in whichever organisation: a shared page is open to all."""
    around = Surroundings(settings_of(current_app).base_url, current_app.extensions[PUBLISHED].read())
    now = clock.now()
    with database().reading() as session:
        shared = get_shared(session, certificate_id)
        examined = examine_certificate(session, certificate_id=certificate_id, around=around, at=now)
        accent = find_accent(session, certificate_id)
    is_whole = not examined.faults and shared.certificate.standing(now) in SHOWN_IN_FULL
    return Shown(shared.certificate, examined_in_words(examined), is_whole, is_whole and shared.shows_scores, accent)
