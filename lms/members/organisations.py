"""Organisations: founded by anybody with an account, described by their managers."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.people import grant_role
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Invalid
from lms.members import consents
from lms.organisations.models import Organisation, OrganisationProfile
from lms.organisations.roles import Role

FOUNDER_ROLES = (Role.MANAGER, Role.AUTHOR, Role.CANDIDATE)  # one person can set everything up, and try it
TAKEN_SLUGS = frozenset({"new", "public", "switch", "assay", "api", "www", "admin"})
LONGEST_SLUG, LONGEST_NAME = 60, 200
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class TakenSlug(Invalid):
    """The short name belongs to somebody else, or means something else here."""

    code = "taken-slug"


def found_organisation(
    session: Session, *, name: str, slug: str, founder_id: UUID, actor: UUID | str, at: datetime
) -> None:
    """Make the organisation that the session has entered, which is nobody's yet; its founder manages it.

    Raises Invalid for a name or a short name that does not fit, TakenSlug for one that somebody has.
    """
    organisation_id, trimmed = organisation_of(session), checked_organisation_name(name)
    made = session.execute(
        insert_into(session, Organisation)
        .values(id=organisation_id, slug=checked_slug(slug), name=trimmed, created_at=at)
        .on_conflict_do_nothing(index_elements=["slug"])
        .returning(Organisation.id)
    ).scalar_one_or_none()
    if made is None:
        raise TakenSlug(_("This short name is taken. Choose another one."))
    for role in FOUNDER_ROLES:
        grant_role(session, person_id=founder_id, role=role, actor=actor, at=at)
    consents.give(session, person_id=founder_id, scopes=[consents.NEEDED], at=at)
    record(session, action="organisation.founded", actor=actor, subject_id=made, at=at, name=trimmed, slug=slug)


def checked_organisation_name(name: str) -> str:
    """The name with single spaces. Raises Invalid when it is empty or too long."""
    trimmed = " ".join(name.split())
    if not 1 <= len(trimmed) <= LONGEST_NAME or not any(character.isalpha() for character in trimmed):
        raise Invalid(_("Give the organisation a name with letters, at most %(most)s characters.", most=LONGEST_NAME))
    return trimmed


def checked_slug(slug: str) -> str:
    """The short name that stands in addresses. Raises Invalid for what is none, TakenSlug for what we use ourselves."""
    if not _SLUG.fullmatch(slug) or not 2 <= len(slug) <= LONGEST_SLUG:
        raise Invalid(_("Use 2 to 60 lower case letters and digits, joined by hyphens, for example north-star."))
    if slug in TAKEN_SLUGS:
        raise TakenSlug(_("This short name is taken. Choose another one."))
    return slug


def change_profile(session: Session, *, by: UUID, at: datetime, name: str, **says: Any) -> None:
    """Say something else from now on: the fields of a profile, and `logo` where it changes. It is audited."""
    organisation = session.get_one(Organisation, organisation_of(session))
    profile = session.scalars(select(OrganisationProfile)).one_or_none()
    if profile is None:
        profile = OrganisationProfile(organisation_id=organisation.id, summary="", is_public=False, changed_at=at)
        session.add(profile)
    changed = sorted(field for field, value in says.items() if getattr(profile, field) != value)
    changed += ["name"] if organisation.name != name else []
    organisation.name = checked_organisation_name(name)
    for field, value in says.items():
        setattr(profile, field, value)
    profile.changed_at = at
    if changed:
        record(
            session,
            action="organisation.described",
            actor=by,
            subject_id=organisation.id,
            at=at,
            changed=[field for field in changed if field != "logo"],
        )
