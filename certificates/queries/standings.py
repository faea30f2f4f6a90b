"""Whose standings are to be looked at: the organisations that know a person, the members of one in batches."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from certificates.models.entitlements import TierStanding
from lms.accounts.models import Membership
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation


def list_knowing(session: Session, person_id: UUID) -> Sequence[UUID]:
    """The organisations, besides the public one, in which somebody is a member or was. Of a session without scope."""
    known = union(
        select(Membership.organisation_id).where(Membership.person_id == person_id),
        select(TierStanding.organisation_id).where(TierStanding.person_id == person_id),
    ).subquery()
    found = select(known.c.organisation_id).where(known.c.organisation_id != PUBLIC_ORGANISATION_ID)
    return session.scalars(found.order_by(known.c.organisation_id)).all()


def list_others(session: Session) -> Sequence[UUID]:
    """Every organisation besides the public one."""
    others = select(Organisation.id).where(Organisation.id != PUBLIC_ORGANISATION_ID)
    return session.scalars(others.order_by(Organisation.id)).all()


def list_people(session: Session, *, after: UUID | None, limit: int) -> list[UUID]:
    """Members of the session's organisation, and who was one while a tier was open to them, by their ids."""
    found: set[UUID] = set()
    for table in (Membership, TierStanding):
        wanted = select(table.person_id).distinct().order_by(table.person_id).limit(limit)
        found.update(session.scalars(wanted if after is None else wanted.where(table.person_id > after)))
    return sorted(found, key=lambda one: one.hex)[:limit]
