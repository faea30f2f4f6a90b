"""Profiles: what an organisation shows of itself, on its own pages and, if it wants, to everybody."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db.scope import organisation_of
from lms.errors import NotFound
from lms.organisations.editions import kept
from lms.organisations.models import Organisation, OrganisationProfile


@dataclass(frozen=True, slots=True)
class Profile:
    """What an organisation says of itself; without a profile everything but the name is empty."""

    name: str
    slug: str
    summary: str = ""
    website: str | None = None
    contact: str | None = None
    accent: str | None = None
    logo_hash: str | None = None
    is_public: bool = False


def organisation_name(session: Session) -> str:
    """The name of the session's organisation."""
    return present_profile(session).name


def present_profile(session: Session) -> Profile:
    """The profile of the session's organisation, read once for an edition."""
    return kept(session, ("present_profile",), lambda: _load(session))


def find_logo(session: Session, *, logo_hash: str) -> bytes:
    """The present logo, a PNG. Raises NotFound when it is another one by now."""
    logo = session.scalars(select(OrganisationProfile.logo).where(OrganisationProfile.logo_hash == logo_hash)).first()
    if logo is None:
        raise NotFound("There is no such logo.")
    return logo


def _load(session: Session) -> Profile:
    own = organisation_of(session)
    wanted = (
        select(Organisation, OrganisationProfile)
        .outerjoin(OrganisationProfile, OrganisationProfile.organisation_id == Organisation.id)
        .where(Organisation.id == own)
    )
    organisation, said = session.execute(wanted).one()
    if said is None:
        return Profile(organisation.name, organisation.slug)
    return Profile(
        organisation.name,
        organisation.slug,
        summary=said.summary,
        website=said.website,
        contact=said.contact,
        accent=said.accent,
        logo_hash=said.logo_hash,
        is_public=said.is_public,
    )
