"""Designing: an organisation's certificates get another look, as a new version; what is issued keeps the old one."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from certificates.domain.design import Design, check_design
from certificates.models.designs import DesignVersion
from certificates.queries.designs import current_design_version_id, find_design, get_design_line
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid
from lms.organisations.models import Organisation


def publish_design(session: Session, *, design: Design, person_id: UUID, at: datetime) -> UUID:
    """Make a design the organisation's present one, and return the id of its version.

    A design that says what the present one says makes no version. Raises Invalid for one that certificates must not
    have.
    """
    trimmed = _trimmed(design)
    try:
        check_design(trimmed)
    except ValueError as fault:
        raise Invalid(str(fault)) from fault
    _take_turns(session)
    current_id = current_design_version_id(session)
    if current_id is not None and find_design(session, current_id) == trimmed:
        return current_id
    return _add_version(session, trimmed, person_id=person_id, at=at, restored=None)


def restore_design(session: Session, *, version_id: UUID, person_id: UUID, at: datetime) -> UUID:
    """Make an earlier version the present one again, as a new version. Raises NotFound, Conflict when it is present."""
    earlier = get_design_line(session, version_id)
    _take_turns(session)
    if version_id == current_design_version_id(session):
        raise Conflict(_("New certificates are made in this version already."))
    design = find_design(session, version_id)
    return _add_version(session, design, person_id=person_id, at=at, restored=earlier.number)


def _take_turns(session: Session) -> None:
    """Versions are numbered one after the other: whoever makes one holds the organisation's row until the commit."""
    session.execute(
        select(Organisation.id).where(Organisation.id == organisation_of(session)).with_for_update(key_share=True)
    )


def _add_version(session: Session, design: Design, *, person_id: UUID, at: datetime, restored: int | None) -> UUID:
    last = session.scalar(select(func.max(DesignVersion.number))) or 0
    session.execute(update(DesignVersion).where(DesignVersion.is_current).values(is_current=False))
    version = DesignVersion(
        id=uuid4(),
        organisation_id=organisation_of(session),
        number=last + 1,
        is_current=True,
        paper=design.paper,
        orientation=design.orientation,
        display_name=design.display_name,
        accent=design.accent,
        logo=design.logo,
        signatories=[{"name": each.name, "role": each.role} for each in design.signatories],
        created_by=person_id,
        created_at=at,
    )
    session.add(version)
    record(session, action="certificates.designed", actor=person_id, at=at, version=last + 1, restored=restored)
    session.flush()
    return version.id


def _trimmed(design: Design) -> Design:
    """Without spaces around texts, and without signatories of whom nothing is said."""
    named = [replace(each, name=each.name.strip(), role=each.role.strip()) for each in design.signatories]
    return replace(
        design,
        display_name=" ".join(design.display_name.split()),
        accent=design.accent.strip().lower(),
        signatories=tuple(each for each in named if each.name or each.role),
    )
