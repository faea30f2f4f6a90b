"""Sign-ins: rows that a cookie points at, ended by sign-out, password change or suspension."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.orm import Session

from lms.accounts.models import Membership, Person, PersonState, SignIn
from lms.accounts.tokens import hash_token, make_token
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role

LIFETIME = timedelta(days=14)


@dataclass(frozen=True, slots=True, order=True)
class Workspace:
    """An organisation that a person works in."""

    name: str
    slug: str
    id: UUID


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in person, as a request knows them. Flask-Login's protocol is the last four members."""

    id: UUID
    name: str
    email: str
    organisation_id: UUID
    edition: UUID  # of what the organisation publishes
    sign_in_id: UUID
    authenticated_at: datetime
    roles: frozenset[Role]  # in this organisation
    workspaces: tuple[Workspace, ...]  # this organisation and the others, by name
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token

    @property
    def workspace(self) -> Workspace:
        """The organisation that the browser is in."""
        return next(each for each in self.workspaces if each.id == self.organisation_id)


def start_sign_in(
    session: Session,
    *,
    person_id: UUID,
    organisation_id: UUID,
    user_agent: str,
    at: datetime,
    authenticated_at: datetime | None = None,
) -> str:
    """Sign a person in; the token for the cookie is returned and known nowhere else.

    `authenticated_at` is when they showed who they are, where that was before.
    """
    token = make_token()
    session.add(
        SignIn(
            person_id=person_id,
            organisation_id=organisation_id,
            token_hash=hash_token(token),
            user_agent=user_agent[:200],
            started_at=at,
            authenticated_at=authenticated_at or at,
            expires_at=at + LIFETIME,
        )
    )
    session.flush()
    return token


_SIGNED_IN = (
    select(
        SignIn.id,
        SignIn.organisation_id,
        SignIn.authenticated_at,
        Person.id,
        Person.name,
        Person.email,
        Membership.role,
        Organisation.id.label("workspace_id"),
        Organisation.slug,
        Organisation.name.label("workspace_name"),
        Organisation.edition,
    )
    .join(Person, Person.id == SignIn.person_id)
    .join(Membership, Membership.person_id == Person.id)
    .join(Organisation, Organisation.id == Membership.organisation_id)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.revoked_at.is_(None),
        SignIn.expires_at > bindparam("at"),
        Person.state == PersonState.ACTIVE,
    )
)  # put together once: every request asks it


def find_signed_in(connection: Session | Connection, *, token: str, at: datetime) -> SignedIn | None:
    """Who holds this token, with all organisations of theirs; one statement.

    None when the sign-in ended or expired, when the person may not sign in, or is no member any more of the
    organisation that the browser is in.
    """
    rows = connection.execute(_SIGNED_IN, {"token_hash": hash_token(token), "at": at}).all()
    own = [row for row in rows if row.workspace_id == row.organisation_id]
    if not own:
        return None
    sign_in_id, organisation_id, authenticated_at, person_id, name, email, *_rest = own[0]
    return SignedIn(
        id=person_id,
        name=name,
        email=email or "",
        organisation_id=organisation_id,
        edition=own[0].edition,
        sign_in_id=sign_in_id,
        authenticated_at=authenticated_at,
        roles=frozenset(row.role for row in own),
        workspaces=tuple(sorted({Workspace(row.workspace_name, row.slug, row.workspace_id) for row in rows})),
        token=token,
    )


_MEMBERSHIPS = (
    select(Membership.organisation_id, func.max(SignIn.started_at).label("last"), func.min(Membership.granted_at))
    .outerjoin(
        SignIn,
        (SignIn.person_id == Membership.person_id) & (SignIn.organisation_id == Membership.organisation_id),
    )
    .where(Membership.person_id == bindparam("person_id"))
    .group_by(Membership.organisation_id)
)


def organisation_to_enter(connection: Session | Connection, *, person_id: UUID) -> UUID:
    """The organisation in which the person was last; at first the public one, else the one that they joined first."""
    rows = connection.execute(_MEMBERSHIPS, {"person_id": person_id}).all()
    visited = [row for row in rows if row[1] is not None]
    if visited:
        found: UUID = max(visited, key=lambda row: row[1])[0]
        return found
    if not rows or any(row[0] == PUBLIC_ORGANISATION_ID for row in rows):
        return PUBLIC_ORGANISATION_ID
    first: UUID = min(rows, key=lambda row: row[2])[0]
    return first


def list_sign_ins(session: Session, *, person_id: UUID, at: datetime) -> list[SignIn]:
    """The sign-ins of a person that still hold, newest first; in every organisation if the session entered none."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None), SignIn.expires_at > at)
            .order_by(SignIn.started_at.desc())
        )
    )


def revoke_sign_in(session: Session, *, sign_in_id: UUID, at: datetime) -> None:
    """End one sign-in."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.revoked_at.is_(None)).values(revoked_at=at))


def revoke_sign_ins(session: Session, *, person_id: UUID, at: datetime, except_id: UUID | None = None) -> None:
    """End every sign-in of a person, or all but one; in every organisation if the session entered none."""
    ended = update(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
    if except_id is not None:
        ended = ended.where(SignIn.id != except_id)
    session.execute(ended.values(revoked_at=at))
