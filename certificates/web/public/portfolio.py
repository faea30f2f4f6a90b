"""A holder's portfolio: the certificates that they chose, skills, and how much they practised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from certificates.adapters.badge.card import WIDTH, Card, draw_card
from certificates.domain.contents import CertificateView
from certificates.domain.design import HOUSE_DESIGN
from certificates.domain.levels import Level, level_of
from certificates.domain.standing import Standing
from certificates.queries.practice_shown import PracticeOfType, list_practice
from certificates.queries.sharing import SHOWN_IN_FULL, PortfolioView, Shared, get_portfolio, list_shared
from certificates.web.levels import level_words
from certificates.web.pictures import answer_png, public_address
from certificates.web.public.blueprint import certificates_public
from certificates.web.public.share import LIMIT
from certificates.web.standings import Words, in_words
from lms import clock
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.transactions import database


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A certificate in a portfolio, and what it is worth now."""

    certificate: CertificateView
    words: Words
    has_badge: bool


@dataclass(frozen=True, slots=True)
class ShownSkill:
    """A score (0 to 1) in a skill, and the certificate that it stands on."""

    title: str
    achievement: str
    score: Fraction
    cut: Fraction
    level: Level


@certificates_public.get("/people/<address>")
@public
@limiter.limit(LIMIT)
def portfolio(address: str) -> ResponseReturnValue:
    """What a holder shows of themselves; 404 unless and until they open a portfolio."""
    now = clock.now()
    shown, chosen, practice = _find(address)
    return render_template(
        "certificates/public/portfolio.html",
        portfolio=shown,
        exhibits=[_exhibit(one, now) for one in chosen],
        skills=_skills(chosen, now),
        level_words=level_words(),
        practice=practice,
        practised=sum(one.tried for one in practice),
        right_first=sum(one.right_first for one in practice),
        address=public_address(".portfolio", address=shown.address),
        card=public_address(".portfolio_card", address=shown.address),
    )


@certificates_public.get("/people/<address>/card.png")
@public
@limiter.limit(LIMIT)
def portfolio_card(address: str) -> Response:
    """The picture that other sites show beside a link to the portfolio."""
    shown, chosen, _practice = _find(address)
    return answer_png(draw_card(_card(shown, chosen, clock.now())), width=WIDTH)


def _find(address: str) -> tuple[PortfolioView, list[Shared], list[PracticeOfType]]:
    with database().reading() as session:
        found = get_portfolio(session, address)
        chosen = [one for one in list_shared(session, person_id=found.person_id).values() if one.is_in_portfolio]
        practice = list_practice(session, person_id=found.person_id) if found.shows_practice else []
    return found, chosen, practice


def _exhibit(shared: Shared, at: datetime) -> Exhibit:
    standing = shared.certificate.standing(at)
    return Exhibit(shared.certificate, in_words(standing), standing in SHOWN_IN_FULL)


def _skills(chosen: Iterable[Shared], at: datetime) -> list[ShownSkill]:
    """The skills that certificates of today stand for, where their holder shows scores."""
    return [
        ShownSkill(
            skill.title,
            shared.certificate.achievement,
            skill.score,
            shared.certificate.cut_score,
            level_of(skill.score, shared.certificate.cut_score),
        )
        for shared in chosen
        if shared.shows_scores and shared.certificate.standing(at) is Standing.VALID
        for skill in shared.certificate.skills
    ]


def _card(shown: PortfolioView, chosen: list[Shared], at: datetime) -> Card:
    valid = [one.certificate for one in chosen if one.certificate.standing(at) is Standing.VALID]
    return Card(
        eyebrow=_("Portfolio"),
        name=shown.name,
        what=shown.headline or ", ".join(one.achievement for one in valid),
        facts=", ".join(one.achievement for one in valid) if shown.headline else "",
        state=ngettext("%(num)s valid certificate", "%(num)s valid certificates", len(valid)),
        kind="ok" if valid else "quiet",
        address=public_address(".portfolio", address=shown.address).partition("://")[2],
        accent=HOUSE_DESIGN.accent,
    )
