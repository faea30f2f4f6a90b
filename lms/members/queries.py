"""What is asked across organisations: by the person whom it is about, or by whoever holds a token.

Each takes a session that has entered no organisation.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import Membership, Person
from lms.accounts.tokens import hash_token
from lms.errors import Gone, NotFound
from lms.members.models import Consent, Invitation
from lms.organisations.models import Organisation, OrganisationProfile
from lms.organisations.roles import Role


def consent_history(session: Session, *, person_id: UUID) -> list[Consent]:
    """All that a person ever let organisations see, newest first."""
    wanted = select(Consent).where(Consent.person_id == person_id)
    return list(session.scalars(wanted.order_by(Consent.given_at.desc(), Consent.scope)))


def members_roles(session: Session, *, person_id: UUID) -> dict[UUID, list[Role]]:
    """The roles of a person, by organisation."""
    found: dict[UUID, list[Role]] = {}
    for row in session.scalars(select(Membership).where(Membership.person_id == person_id)):
        found.setdefault(row.organisation_id, []).append(row.role)
    return found


def organisation_inviting(session: Session, *, token: str) -> UUID:
    """Whose invitation has this token. Raises Gone."""
    found = session.scalars(
        select(Invitation.organisation_id).where(Invitation.token_hash == hash_token(token))
    ).one_or_none()
    if found is None:
        raise Gone("This invitation was used up, taken back, or is too old. Ask whoever sent it for a new one.")
    return found


def find_public_profile(session: Session, *, slug: str) -> tuple[Organisation, OrganisationProfile]:
    """An organisation that wants to be seen. Raises NotFound for all others, whether they exist or not."""
    wanted = (
        select(Organisation, OrganisationProfile)
        .join(OrganisationProfile, OrganisationProfile.organisation_id == Organisation.id)
        .where(Organisation.slug == slug, OrganisationProfile.is_public)
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound("There is no such profile.")
    return found[0], found[1]


def name_people(session: Session, ids: list[UUID]) -> dict[UUID, str]:
    """Names of people, by id, in one statement; of those who were erased there is none."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {person_id: name for person_id, name in rows if name}
