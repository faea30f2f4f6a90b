"""Admissions: a person lets a client know who they are, is not asked again, and may take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, case, select, update
from sqlalchemy.orm import Session

from lms.accounts.models import Membership
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import NotFound
from lms.members.events import MembershipEnded
from lms.oidc.models import AccessToken, Admission, AuthorizationCode, SignInClient
from lms.oidc.scopes import known_scopes, scope_text
from lms.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class AdmissionView:
    """A client that a person let in, for the page on which they take it back."""

    id: UUID
    client_name: str
    organisation_name: str
    organisation_id: UUID
    scope: str
    given_at: datetime


def is_member(session: Session, *, person_id: UUID) -> bool:
    """Whether the person holds a role in the session's organisation."""
    return session.scalars(select(Membership.id).where(Membership.person_id == person_id)).first() is not None


def has_agreed(session: Session, *, client_id: UUID, person_id: UUID, scope: str) -> bool:
    """Whether the person let the client in before, and for no less than this."""
    given = session.scalars(_holding(person_id, client_id)).one_or_none()
    return given is not None and set(known_scopes(scope)) <= set(known_scopes(given.scope))


def admit(session: Session, *, client_id: UUID, person_id: UUID, scope: str, at: datetime) -> None:
    """Let a client in; what it was let in for before stays, and admitting twice changes nothing."""
    given = session.scalars(_holding(person_id, client_id)).one_or_none()
    wanted = scope_text([*known_scopes(scope), *known_scopes(given.scope if given else "")])
    if given is not None and given.scope == wanted:
        return
    if given is not None:
        _end(session, [given.id], at)
    session.execute(
        insert_into(session, Admission)
        .values(
            organisation_id=organisation_of(session),
            client_id=client_id,
            person_id=person_id,
            scope=wanted,
            given_at=at,
        )
        .on_conflict_do_nothing()
    )
    record(session, action="sign-in-client.admitted", actor=person_id, subject_id=person_id, at=at, scope=wanted)


def list_admissions(session: Session, *, person_id: UUID) -> Sequence[AdmissionView]:
    """The clients that hold a person's word, by name; of every organisation, in a session that entered none."""
    found = (
        select(
            Admission.id,
            SignInClient.name,
            Organisation.name,
            Admission.organisation_id,
            Admission.scope,
            Admission.given_at,
        )
        .join(SignInClient, SignInClient.id == Admission.client_id)
        .join(Organisation, Organisation.id == Admission.organisation_id)
        .where(Admission.person_id == person_id, Admission.withdrawn_at.is_(None), SignInClient.revoked_at.is_(None))
        .order_by(SignInClient.name, Admission.id)
    )
    return [AdmissionView(*row) for row in session.execute(found)]


def withdraw(session: Session, *, admission_id: UUID, person_id: UUID, at: datetime) -> None:
    """Take one back: its tokens stop working, and the next sign-in asks anew. Raises NotFound when it is not theirs."""
    mine = select(Admission).where(Admission.id == admission_id, Admission.person_id == person_id)
    given = session.scalars(mine).one_or_none()
    if given is None:
        raise NotFound(_("There is nothing like that to take back."))
    if _end(session, [given.id], at):
        end_tokens(session, person_id=person_id, client_id=given.client_id, at=at)
        record(session, action="sign-in-client.withdrawn", actor=person_id, subject_id=person_id, at=at)


def follow_membership(session: Session, ended: MembershipEnded) -> None:
    """Who left is known to no client of the organisation any more."""
    _end(session, session.scalars(select(Admission.id).where(Admission.person_id == ended.person_id)).all(), ended.at)
    end_tokens(session, person_id=ended.person_id, at=ended.at)


def end_tokens(session: Session, *, person_id: UUID, at: datetime, client_id: UUID | None = None) -> None:
    """Codes and tokens about a person stop working, at one client or at all of the organisation."""
    codes = update(AuthorizationCode).where(
        AuthorizationCode.person_id == person_id, AuthorizationCode.used_at.is_(None)
    )
    tokens = update(AccessToken).where(AccessToken.person_id == person_id, AccessToken.revoked_at.is_(None))
    if client_id is not None:
        codes = codes.where(AuthorizationCode.client_id == client_id)
        tokens = tokens.where(AccessToken.client_id == client_id)
    session.execute(codes.values(used_at=at))
    session.execute(tokens.values(revoked_at=at))


def _holding(person_id: UUID, client_id: UUID) -> Select[Admission]:
    return select(Admission).where(
        Admission.person_id == person_id, Admission.client_id == client_id, Admission.withdrawn_at.is_(None)
    )


def _end(session: Session, ids: Sequence[UUID], at: datetime) -> bool:
    """One that was given at the same moment, by a clock that is ahead, ends as it began."""
    ended = session.scalars(
        update(Admission)
        .where(Admission.id.in_(ids), Admission.withdrawn_at.is_(None))
        .values(withdrawn_at=case((Admission.given_at > at, Admission.given_at), else_=at))
        .returning(Admission.id)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.all())
