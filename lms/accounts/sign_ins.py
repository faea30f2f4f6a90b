"""Sign-ins: rows that a cookie points at, ended by sign-out, password change or suspension."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session

from lms.accounts.models import Membership, Person, PersonState, SignIn
from lms.accounts.tokens import hash_token, make_token
from lms.organisations.models import Organisation
from lms.organisations.roles import Role

LIFETIME = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in person, as a request knows them. Flask-Login's protocol is the last four members."""

    id: UUID
    name: str
    email: str
    organisation_id: UUID
    edition: UUID  # of what the organisation publishes
    sign_in_id: UUID
    roles: frozenset[Role]
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token


def start_sign_in(session: Session, *, person_id: UUID, organisation_id: UUID, user_agent: str, at: datetime) -> str:
    """Sign a person in; the token for the cookie is returned and known nowhere else."""
    token = make_token()
    session.add(
        SignIn(
            person_id=person_id,
            organisation_id=organisation_id,
            token_hash=hash_token(token),
            user_agent=user_agent[:200],
            started_at=at,
            expires_at=at + LIFETIME,
        )
    )
    session.flush()
    return token


_SIGNED_IN = (
    select(
        SignIn.id,
        SignIn.organisation_id,
        Organisation.edition,
        Person.id,
        Person.name,
        Person.email,
        Membership.role,
    )
    .join(Organisation, Organisation.id == SignIn.organisation_id)
    .join(Person, Person.id == SignIn.person_id)
    .join(
        Membership,
        (Membership.person_id == Person.id) & (Membership.organisation_id == SignIn.organisation_id),
    )
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.revoked_at.is_(None),
        SignIn.expires_at > bindparam("at"),
        Person.state == PersonState.ACTIVE,
    )
)  # put together once: every request asks it


def find_signed_in(connection: Session | Connection, *, token: str, at: datetime) -> SignedIn | None:
    """Who holds this token; None when it ended, expired, or the person may not sign in. One statement."""
    rows = connection.execute(_SIGNED_IN, {"token_hash": hash_token(token), "at": at}).all()
    if not rows:
        return None
    sign_in_id, organisation_id, edition, person_id, name, email, _role = rows[0]
    return SignedIn(
        id=person_id,
        name=name,
        email=email or "",
        organisation_id=organisation_id,
        edition=edition,
        sign_in_id=sign_in_id,
        roles=frozenset(row.role for row in rows),
        token=token,
    )


def list_sign_ins(session: Session, *, person_id: UUID, at: datetime) -> list[SignIn]:
    """The sign-ins of a person that still hold, newest first."""
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
    """End every sign-in of a person, or all but one."""
    ended = update(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
    if except_id is not None:
        ended = ended.where(SignIn.id != except_id)
    session.execute(ended.values(revoked_at=at))
