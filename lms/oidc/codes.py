"""Codes and tokens: a code is good for a minute and one use, the token made from it for ten minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.orm import Session

from lms.accounts.models import Membership, Person, PersonState
from lms.accounts.tokens import hash_token, make_token
from lms.db.scope import organisation_of
from lms.oidc.models import AccessToken, AuthorizationCode, SignInClient

CODE_LIVES = timedelta(seconds=60)
TOKEN_LIVES = timedelta(minutes=10)
KEPT = timedelta(days=1)  # after the end, so that a code that comes twice is still known


@dataclass(frozen=True, slots=True)
class Bearer:
    """The person whom a token is about, who is active and a member, and what the token opens."""

    person_id: UUID
    name: str
    email: str
    scope: str


def make_code(
    session: Session,
    *,
    client_id: UUID,
    person_id: UUID,
    redirect_uri: str,
    scope: str,
    nonce: str | None,
    code_challenge: str,
    signed_in_at: datetime,
    at: datetime,
) -> str:
    """A code for the way back to the client, known nowhere else."""
    code = make_token()
    session.add(
        AuthorizationCode(
            organisation_id=organisation_of(session),
            code_hash=hash_token(code),
            client_id=client_id,
            person_id=person_id,
            redirect_uri=redirect_uri,
            scope=scope,
            nonce=nonce,
            code_challenge=code_challenge,
            signed_in_at=signed_in_at,
            made_at=at,
            expires_at=at + CODE_LIVES,
        )
    )
    return code


def find_code(session: Session, *, code: str, client_id: UUID) -> AuthorizationCode | None:
    """The code as it was made, if this client's, used or not, expired or not."""
    return session.scalars(
        select(AuthorizationCode).where(
            AuthorizationCode.code_hash == hash_token(code), AuthorizationCode.client_id == client_id
        )
    ).one_or_none()


def use_code(session: Session, *, code_id: UUID, at: datetime) -> bool:
    """Use a code up; of several uses at the same moment one succeeds. What comes later ends the token made from it."""
    used = session.execute(
        update(AuthorizationCode)
        .where(AuthorizationCode.id == code_id, AuthorizationCode.used_at.is_(None), AuthorizationCode.expires_at > at)
        .values(used_at=at)
        .returning(AuthorizationCode.id)
    ).one_or_none()
    if used is None:
        end_tokens_of_code(session, code_id=code_id, at=at)
    return used is not None


def end_tokens_of_code(session: Session, *, code_id: UUID, at: datetime) -> None:
    """A code that comes twice was seen by somebody else: what was made from it stops (RFC 6749, section 4.1.2)."""
    session.execute(
        update(AccessToken)
        .where(AccessToken.code_id == code_id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def keep_token(session: Session, *, token: str, code: AuthorizationCode, scope: str, at: datetime) -> None:
    """Store a token that was made from a code."""
    session.add(
        AccessToken(
            organisation_id=organisation_of(session),
            token_hash=hash_token(token),
            code_id=code.id,
            client_id=code.client_id,
            person_id=code.person_id,
            scope=scope,
            made_at=at,
            expires_at=at + TOKEN_LIVES,
        )
    )
    session.flush()


def find_token(session: Session, *, token: str, client_id: UUID) -> AccessToken | None:
    """A token that this client holds, in whatever state."""
    return session.scalars(
        select(AccessToken).where(AccessToken.token_hash == hash_token(token), AccessToken.client_id == client_id)
    ).one_or_none()


def revoke_token(session: Session, *, token_id: UUID, at: datetime) -> None:
    """Doing it twice changes nothing."""
    session.execute(
        update(AccessToken).where(AccessToken.id == token_id, AccessToken.revoked_at.is_(None)).values(revoked_at=at)
    )


def find_active_member(session: Session, *, person_id: UUID) -> Person | None:
    """The person, if they may sign in and hold a role in the session's organisation."""
    is_member = select(Membership.id).where(Membership.person_id == Person.id).exists()
    return session.scalars(
        select(Person).where(Person.id == person_id, Person.state == PersonState.ACTIVE, is_member)
    ).one_or_none()


_BEARER = (
    select(Person.id, Person.name, Person.email, AccessToken.scope)
    .join(Person, Person.id == AccessToken.person_id)
    .join(SignInClient, SignInClient.id == AccessToken.client_id)
    .where(
        AccessToken.token_hash == bindparam("token_hash"),
        AccessToken.revoked_at.is_(None),
        AccessToken.expires_at > bindparam("at"),
        SignInClient.revoked_at.is_(None),
        Person.state == PersonState.ACTIVE,
        select(Membership.id)
        .where(Membership.person_id == Person.id, Membership.organisation_id == AccessToken.organisation_id)
        .exists(),
    )
)


def find_bearer(connection: Connection, *, token: str, at: datetime) -> Bearer | None:
    """Whom a token is about; None when it ended, or the person may not sign in or is no member now. One statement."""
    row = connection.execute(_BEARER, {"token_hash": hash_token(token), "at": at}).one_or_none()
    return Bearer(row.id, row.name, row.email or "", row.scope) if row else None


def forget_expired(session: Session, *, at: datetime) -> None:
    """Remove codes and tokens that ended long ago."""
    session.execute(delete(AccessToken).where(AccessToken.expires_at < at - KEPT))
    kept = select(AccessToken.id).where(AccessToken.code_id == AuthorizationCode.id).exists()
    session.execute(delete(AuthorizationCode).where(AuthorizationCode.expires_at < at - KEPT, ~kept))
