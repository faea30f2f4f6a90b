"""Accommodations: what a person is granted now, and what was granted before. For the person and managers only."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.deadlines import Allowance
from assessments.models.accommodations import Accommodation

NONE = Allowance()


def find_accommodation(session: Session, *, person_id: UUID) -> Accommodation | None:
    """The one in force."""
    return session.scalars(
        select(Accommodation).where(Accommodation.person_id == person_id, Accommodation.ended_at.is_(None))
    ).one_or_none()


def list_accommodations(session: Session, *, person_id: UUID) -> Sequence[Accommodation]:
    """All that were ever granted to a person, newest first."""
    found = select(Accommodation).where(Accommodation.person_id == person_id)
    return session.scalars(found.order_by(Accommodation.granted_at.desc(), Accommodation.id)).all()


def allowance_of(accommodation: Accommodation | None) -> Allowance:
    """What it means for the clock of an attempt."""
    if accommodation is None:
        return NONE
    return Allowance(accommodation.time_percent, accommodation.break_minutes * 60, accommodation.is_unlimited)
