"""Designs of certificates: the present one, every earlier one, and how many certificates are in another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.design import HOUSE_DESIGN, Design, Orientation, Paper, Signatory
from certificates.models.designs import DesignVersion
from lms.accounts.models import Person
from lms.db.scope import organisation_of
from lms.errors import NotFound
from lms.organisations.models import Organisation

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class DesignLine:
    """One version in the history: how it looks in short, and who made it when."""

    id: UUID
    number: int
    is_current: bool
    paper: Paper
    orientation: Orientation
    display_name: str
    accent: str
    has_logo: bool
    created_by: str | None
    created_at: datetime


def find_design(session: Session, version_id: UUID | None) -> Design:
    """The design with this id; the house's own for None. Raises NotFound for an id that is no design's."""
    if version_id is None:
        return HOUSE_DESIGN
    version = session.get(DesignVersion, version_id)
    if version is None:
        raise NotFound("There is no such design.")
    return Design(
        paper=version.paper,
        orientation=version.orientation,
        display_name=version.display_name,
        accent=version.accent,
        logo=version.logo,
        signatories=tuple(Signatory(each["name"], each["role"]) for each in version.signatories),
    )


def current_design_version_id(session: Session) -> UUID | None:
    """The design in which the organisation's certificates are made now; None for the house's own."""
    return session.scalars(select(DesignVersion.id).where(DesignVersion.is_current)).one_or_none()


def get_issuer_name(session: Session) -> str:
    """The name of the organisation, which stands on its certificates unless the design says another."""
    return session.get_one(Organisation, organisation_of(session)).name


def list_design_versions(session: Session) -> list[DesignLine]:
    """The newest versions first."""
    rows: Any = session.execute(_lines().order_by(DesignVersion.number.desc()).limit(MOST_LISTED))
    return [DesignLine(*row) for row in rows]


def get_design_line(session: Session, version_id: UUID) -> DesignLine:
    """Raises NotFound."""
    row: Any = session.execute(_lines().where(DesignVersion.id == version_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such design.")
    return DesignLine(*row)


def _lines() -> Any:
    return select(
        DesignVersion.id,
        DesignVersion.number,
        DesignVersion.is_current,
        DesignVersion.paper,
        DesignVersion.orientation,
        DesignVersion.display_name,
        DesignVersion.accent,
        DesignVersion.logo.is_not(None),
        Person.name,
        DesignVersion.created_at,
    ).outerjoin(Person, Person.id == DesignVersion.created_by)
