"""What holders show to everybody: single certificates, and portfolios."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.contents import CertificateView
from certificates.domain.standing import Standing
from certificates.models.sharing import Portfolio, SharedCertificate
from certificates.queries.certificates import find_certificate, list_certificates
from lms.accounts.models import Person, PersonState
from lms.errors import NotFound

# Of what was taken back, scores and badge say nothing any more.
SHOWN_IN_FULL = frozenset({Standing.VALID, Standing.EXPIRED})


@dataclass(frozen=True, slots=True)
class Shared:
    """A certificate with a page for everybody, and whether its scores stand there."""

    certificate: CertificateView
    shows_scores: bool
    is_in_portfolio: bool
    shared_at: datetime


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """A portfolio as its holder set it up."""

    person_id: UUID
    name: str
    address: str
    headline: str
    shows_practice: bool


def get_shared(session: Session, certificate_id: str) -> Shared:
    """A shared certificate. Raises NotFound in the same words for unknown, unshared and erased ones."""
    row = session.scalars(select(SharedCertificate).where(SharedCertificate.certificate_id == certificate_id))
    shared = row.one_or_none()
    certificate = find_certificate(session, certificate_id) if shared else None
    if shared is None or certificate is None:
        raise NotFound("Nothing is shared at this address. Its holder may have stopped sharing it.")
    return Shared(certificate, shared.shows_scores, shared.is_in_portfolio, shared.shared_at)


def list_shared(session: Session, *, person_id: UUID) -> dict[str, Shared]:
    """What a person shares, by certificate id, the certificate that was issued last coming first."""
    rows = session.scalars(select(SharedCertificate).where(SharedCertificate.person_id == person_id)).all()
    by_id = {row.certificate_id: row for row in rows}
    return {
        one.id: Shared(one, row.shows_scores, row.is_in_portfolio, row.shared_at)
        for one in (list_certificates(session, person_id=person_id) if by_id else [])
        if (row := by_id.get(one.id))
    }


def get_portfolio(session: Session, address: str) -> PortfolioView:
    """The portfolio at an address. Raises NotFound also while the account may not be used."""
    found = select(Portfolio, Person.name).join(Person, Person.id == Portfolio.person_id)
    row = session.execute(
        found.where(Portfolio.address == address.lower(), Person.state == PersonState.ACTIVE)
    ).one_or_none()
    if row is None:
        raise NotFound("Nobody has a portfolio at this address.")
    return _view(*row)


def find_own_portfolio(session: Session, *, person_id: UUID) -> PortfolioView | None:
    """The portfolio of a person, if they opened one."""
    found = select(Portfolio, Person.name).join(Person, Person.id == Portfolio.person_id)
    row = session.execute(found.where(Portfolio.person_id == person_id)).one_or_none()
    return _view(*row) if row else None


def export_sharing(session: Session, person_id: UUID) -> dict[str, Any]:
    """Everything that a person shares, as plain JSON values."""
    portfolio = session.get(Portfolio, person_id)
    rows = session.scalars(select(SharedCertificate).where(SharedCertificate.person_id == person_id))
    return {
        "certificates": [
            {
                "id": row.certificate_id,
                "shows_scores": row.shows_scores,
                "is_in_portfolio": row.is_in_portfolio,
                "shared_at": row.shared_at.isoformat(),
            }
            for row in rows
        ],
        "portfolio": portfolio
        and {
            "address": portfolio.address,
            "headline": portfolio.headline,
            "shows_practice": portfolio.shows_practice,
            "opened_at": portfolio.opened_at.isoformat(),
        },
    }


def _view(row: Portfolio, name: str) -> PortfolioView:
    return PortfolioView(row.person_id, name, row.address, row.headline, row.shows_practice)
