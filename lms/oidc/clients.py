"""Clients: services of an organisation to which its members sign in with Assay."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session

from lms.accounts.tokens import hash_token, make_token
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, NotFound
from lms.oidc.models import AccessToken, AuthorizationCode, SignInClient
from lms.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client that was just made. The secret is known here and to nobody afterwards; apps have none."""

    id: UUID
    client_id: str
    secret: str | None


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client that is not revoked, as the protocol needs it."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    name: str
    client_id: str
    secret_hash: str | None
    redirect_uris: tuple[str, ...]


def make_client(
    session: Session, *, name: str, redirect_uris: Sequence[str], keeps_secrets: bool, person_id: UUID, at: datetime
) -> NewClient:
    """Let a service sign people in. The addresses are those that `redirect_addresses` let pass."""
    secret = make_token() if keeps_secrets else None
    client = SignInClient(
        organisation_id=organisation_of(session),
        name=name,
        client_id=secrets.token_urlsafe(18),
        secret_hash=hash_token(secret) if secret else None,
        redirect_uris=list(redirect_uris),
        made_by=person_id,
        made_at=at,
    )
    session.add(client)
    session.flush()
    record(session, action="sign-in-client.made", actor=person_id, subject_id=client.id, at=at, name=name)
    return NewClient(client.id, client.client_id, secret)


def list_clients(session: Session) -> Sequence[SignInClient]:
    """Those in use first, each group by name."""
    in_use_first = SignInClient.revoked_at.is_not(None)
    return session.scalars(select(SignInClient).order_by(in_use_first, SignInClient.name, SignInClient.id)).all()


def get_client(session: Session, client_id: UUID) -> SignInClient:
    """Raises NotFound."""
    client = session.scalars(select(SignInClient).where(SignInClient.id == client_id)).one_or_none()
    if client is None:
        raise NotFound(_("There is no such client."))
    return client


def change_client(
    session: Session, *, client_id: UUID, name: str, redirect_uris: Sequence[str], person_id: UUID, at: datetime
) -> None:
    """Change the name and the addresses. Raises NotFound, Conflict for one that is revoked."""
    _change(session, client_id, name=name, redirect_uris=list(redirect_uris))
    record(
        session,
        action="sign-in-client.changed",
        actor=person_id,
        subject_id=client_id,
        at=at,
        name=name,
        redirect_uris=list(redirect_uris),
    )


def revoke_client(session: Session, *, client_id: UUID, person_id: UUID, at: datetime) -> None:
    """Nobody signs in to it any more, and what it holds stops working. Raises NotFound, Conflict when it was done."""
    _change(session, client_id, revoked_at=at)
    session.execute(
        update(AccessToken)
        .where(AccessToken.client_id == client_id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    session.execute(
        update(AuthorizationCode)
        .where(AuthorizationCode.client_id == client_id, AuthorizationCode.used_at.is_(None))
        .values(used_at=at)
    )
    record(session, action="sign-in-client.revoked", actor=person_id, subject_id=client_id, at=at)


def _change(session: Session, client_id: UUID, **values: object) -> None:
    changed = session.execute(
        update(SignInClient)
        .where(SignInClient.id == client_id, SignInClient.revoked_at.is_(None))
        .values(**values)
        .returning(SignInClient.id)
    ).one_or_none()
    if changed is None:
        get_client(session, client_id)
        raise Conflict(_("This client is revoked; make a new one."))


_KNOWN = (
    select(
        SignInClient.id,
        SignInClient.organisation_id,
        Organisation.name.label("organisation_name"),
        SignInClient.name,
        SignInClient.client_id,
        SignInClient.secret_hash,
        SignInClient.redirect_uris,
    )
    .join(Organisation, Organisation.id == SignInClient.organisation_id)
    .where(SignInClient.client_id == bindparam("named"), SignInClient.revoked_at.is_(None))
)


def find_known_client(connection: Connection, named: str) -> KnownClient | None:
    """The client that names itself so, in whichever organisation; None when there is none or it is revoked."""
    row = connection.execute(_KNOWN, {"named": named}).one_or_none()
    if row is None:
        return None
    return KnownClient(
        id=row.id,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation_name,
        name=row.name,
        client_id=row.client_id,
        secret_hash=row.secret_hash,
        redirect_uris=tuple(row.redirect_uris),
    )
