"""Sharing: a holder shows a certificate to everybody or stops doing so, and keeps a portfolio."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from certificates.domain.portfolio_address import LONGEST, SHORTEST, is_reserved, is_well_formed
from certificates.models.sharing import Portfolio, SharedCertificate
from certificates.queries.certificates import get_own_certificate, list_certificates
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class PortfolioDraft:
    """What a portfolio is to show: certificates by their ids, and those of them whose scores stand there."""

    address: str
    headline: str
    shows_practice: bool
    certificate_ids: frozenset[str]
    with_scores: frozenset[str]


def share_certificate(
    session: Session, *, certificate_id: str, person_id: UUID, shows_scores: bool, at: datetime
) -> None:
    """Show a certificate to everybody, or show it differently. Raises NotFound when it is not this person's."""
    get_own_certificate(session, certificate_id=certificate_id, person_id=person_id)
    _share(session, certificate_id, person_id, {"shows_scores": shows_scores}, at)
    record(
        session,
        action="certificate.shared",
        actor=person_id,
        subject_id=person_id,
        at=at,
        certificate=certificate_id,
        shows_scores=shows_scores,
    )


def stop_sharing(session: Session, *, certificate_id: str, person_id: UUID, at: datetime) -> None:
    """Take the page of a certificate away, and the certificate out of the portfolio; at once, and again is harmless.

    Raises NotFound when the certificate is not this person's.
    """
    get_own_certificate(session, certificate_id=certificate_id, person_id=person_id)
    session.execute(delete(SharedCertificate).where(SharedCertificate.certificate_id == certificate_id))
    record(
        session,
        action="certificate.unshared",
        actor=person_id,
        subject_id=person_id,
        at=at,
        certificate=certificate_id,
    )


def keep_portfolio(session: Session, *, person_id: UUID, draft: PortfolioDraft, at: datetime) -> None:
    """Open a person's portfolio, or change it; the certificates in it are shared.

    Raises Invalid for an address that cannot be one, Conflict when somebody else has it. Ids of certificates that are
    not this person's are passed over.
    """
    _check_address(draft.address)
    _keep_row(session, person_id, draft, at)
    session.execute(
        update(SharedCertificate).where(SharedCertificate.person_id == person_id).values(is_in_portfolio=False)
    )
    for held in list_certificates(session, person_id=person_id):
        if held.id in draft.certificate_ids:
            shown = {"is_in_portfolio": True, "shows_scores": held.id in draft.with_scores}
            _share(session, held.id, person_id, shown, at)
    record(session, action="portfolio.kept", actor=person_id, subject_id=person_id, at=at, address=draft.address)


def close_portfolio(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Take a person's portfolio away. Certificates that are shared by themselves stay so."""
    session.execute(delete(Portfolio).where(Portfolio.person_id == person_id))
    session.execute(
        update(SharedCertificate).where(SharedCertificate.person_id == person_id).values(is_in_portfolio=False)
    )
    record(session, action="portfolio.closed", actor=person_id, subject_id=person_id, at=at)


def erase_sharing(session: Session, *, person_id: UUID) -> None:
    """Take away everything that a person shares, because the person leaves."""
    session.execute(delete(SharedCertificate).where(SharedCertificate.person_id == person_id))
    session.execute(delete(Portfolio).where(Portfolio.person_id == person_id))


def _check_address(address: str) -> None:
    if not is_well_formed(address):
        raise Invalid(
            _(
                "Use %(shortest)s to %(longest)s letters from a to z, digits and single hyphens between them, "
                "at least one letter among them.",
                shortest=SHORTEST,
                longest=LONGEST,
            )
        )
    if is_reserved(address):
        raise Invalid(_("This address could be taken for a page of ours. Please choose another one."))


def _keep_row(session: Session, person_id: UUID, draft: PortfolioDraft, at: datetime) -> None:
    """One statement for both cases; what may collide is the address alone, and that in every organisation."""
    shown = {"address": draft.address, "headline": draft.headline, "shows_practice": draft.shows_practice}
    kept = insert_into(session, Portfolio).values(
        person_id=person_id, organisation_id=organisation_of(session), opened_at=at, **shown
    )
    try:
        with session.begin_nested():
            session.execute(kept.on_conflict_do_update(index_elements=["person_id"], set_=shown))
    except IntegrityError as error:
        raise Conflict(_("Somebody else has this address. Please choose another one.")) from error


def _share(session: Session, certificate_id: str, person_id: UUID, shown: dict[str, bool], at: datetime) -> None:
    """One statement for both cases, so that two tabs at once do not collide."""
    session.execute(
        insert_into(session, SharedCertificate)
        .values(
            certificate_id=certificate_id,
            organisation_id=organisation_of(session),
            person_id=person_id,
            shared_at=at,
            **{"shows_scores": False, "is_in_portfolio": False} | shown,
        )
        .on_conflict_do_update(index_elements=["certificate_id"], set_=shown)
    )
