"""Consent: what a person lets an organisation see. Without a living membership nothing counts."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from lms.accounts.models import Membership
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict
from lms.events import announce
from lms.members.events import ConsentChanged
from lms.members.models import Consent
from lms.members.models import ConsentScope as ConsentScope

NEEDED = ConsentScope.PROFILE  # for as long as somebody is a member


def consenting(session: Session, *, scope: ConsentScope) -> Select[UUID]:
    """The ids of members of the session's organisation who let it see this, as a subquery."""
    organisation_id = organisation_of(session)
    is_member = (
        select(Membership.id)
        .where(Membership.person_id == Consent.person_id, Membership.organisation_id == organisation_id)
        .exists()
    )
    return select(Consent.person_id).where(
        Consent.organisation_id == organisation_id, Consent.scope == scope, Consent.withdrawn_at.is_(None), is_member
    )


def has_consent(session: Session, *, person_id: UUID, scope: ConsentScope) -> bool:
    """Whether the session's organisation may see this of the person now."""
    found = consenting(session, scope=scope).where(Consent.person_id == person_id)
    return session.scalars(found).first() is not None


def list_given(session: Session, *, person_id: UUID) -> frozenset[ConsentScope]:
    """What the session's organisation may see of a member."""
    given = select(Consent.scope).where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
    return frozenset(session.scalars(given))


def give(session: Session, *, person_id: UUID, scopes: Collection[ConsentScope], at: datetime) -> None:
    """Let the session's organisation see these from now on; what was given before changes nothing."""
    for scope in sorted(scopes):
        given = session.execute(
            insert_into(session, Consent)
            .values(id=uuid4(), organisation_id=organisation_of(session), person_id=person_id, scope=scope, given_at=at)
            .on_conflict_do_nothing()
            .returning(Consent.id)
        ).scalar_one_or_none()
        if given is not None:
            _tell(session, person_id, scope, is_given=True, at=at)


def withdraw(session: Session, *, person_id: UUID, scope: ConsentScope, at: datetime) -> None:
    """Let the session's organisation no longer see this. Raises Conflict for what membership needs."""
    if scope is NEEDED:
        raise Conflict("Members are known by name and address. Leave the organisation to take that back.")
    _withdraw(session, person_id, [scope], at)


def withdraw_all(session: Session, *, person_id: UUID, at: datetime) -> None:
    """At the end of a membership nothing may be seen any more."""
    _withdraw(session, person_id, list(ConsentScope), at)


def _withdraw(session: Session, person_id: UUID, scopes: list[ConsentScope], at: datetime) -> None:
    ended = session.scalars(
        update(Consent)
        .where(Consent.person_id == person_id, Consent.scope.in_(scopes), Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=at)
        .returning(Consent.scope)
    ).all()
    for scope in ended:
        _tell(session, person_id, scope, is_given=False, at=at)


def _tell(session: Session, person_id: UUID, scope: ConsentScope, *, is_given: bool, at: datetime) -> None:
    action = "consent.given" if is_given else "consent.withdrawn"
    record(session, action=action, actor=person_id, subject_id=person_id, at=at, scope=scope)
    announce(session, ConsentChanged(person_id, scope, is_given, at))
