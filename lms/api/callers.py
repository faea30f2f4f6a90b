"""Callers: whose key a request carries, looked up anew on every request, in one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import g, request
from sqlalchemy import Connection, bindparam, or_, select, update

from lms import clock
from lms.accounts.tokens import hash_token
from lms.api.models import ApiKey
from lms.api.problems import ExpiredKey, MissingKey, MissingScope, RevokedKey, UnknownKey
from lms.api.rates import count_request, count_wrong_key, refuse_guessing
from lms.organisations.models import Organisation
from lms.web.transactions import Entered, database, enter

USE_IS_NOTED_EVERY = timedelta(minutes=1)
_CALLER = "assay_caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """The key that a request carries, and the organisation that it speaks for."""

    organisation_id: UUID
    key_id: UUID
    name: str
    scopes: frozenset[str]
    prefix: str
    organisation_slug: str
    organisation_name: str
    rate_per_minute: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class _KeyRow:
    """What is looked up with a key."""

    caller: Caller
    edition: UUID  # of what the organisation publishes
    last_used_at: datetime | None
    revoked_at: datetime | None


def caller() -> Caller:
    """Who calls. Raises LookupError outside an endpoint."""
    try:
        found: Caller = getattr(g, _CALLER)
    except AttributeError:
        raise LookupError("this request carries no API key") from None
    return found


def admit(scope: str | None) -> None:
    """Look up the key of this request and enter its organisation.

    Raises NotRecognised without a key that holds now, TooManyWrongKeys where keys are being guessed, RateExceeded
    beyond its rate, MissingScope without the scope.
    """
    now = clock.now()
    secret = _presented_secret()
    refuse_guessing()
    row = _find(secret, now)
    found = row.caller
    setattr(g, _CALLER, found)
    enter(Entered(found.organisation_id, row.edition))
    count_request(found.key_id, found.rate_per_minute)
    if scope is not None and scope not in found.scopes:
        raise MissingScope(f"This key lacks the scope {scope}.", facts={"scope": scope})
    if row.last_used_at is None or row.last_used_at <= now - USE_IS_NOTED_EVERY:
        _note_use(found, now)


def _presented_secret() -> str:
    """The key in the header; cookies are never looked at, so no other site can call with somebody's browser."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.casefold() != "bearer" or not secret.strip():
        raise MissingKey("Send the API key in the header `Authorization: Bearer assay_…`.")
    return secret.strip()


def _find(secret: str, now: datetime) -> _KeyRow:
    """Raises UnknownKey, RevokedKey, ExpiredKey."""
    with database().looking_up() as connection:
        row = _look_up(connection, secret)
    if row is None:
        count_wrong_key()
        raise UnknownKey("There is no such API key.")
    if row.revoked_at is not None:
        raise RevokedKey("This API key was revoked.")
    if row.caller.expires_at <= now:
        raise ExpiredKey("This API key has expired.")
    return row


_KEY = (
    select(
        ApiKey.organisation_id,
        ApiKey.id,
        ApiKey.name,
        ApiKey.scopes,
        ApiKey.prefix,
        Organisation.slug,
        Organisation.name,
        ApiKey.rate_per_minute,
        ApiKey.expires_at,
        Organisation.edition,
        ApiKey.last_used_at,
        ApiKey.revoked_at,
    )
    .join(Organisation, Organisation.id == ApiKey.organisation_id)
    .where(ApiKey.secret_hash == bindparam("secret_hash"))
)  # put together once: every call asks it


def _look_up(connection: Connection, secret: str) -> _KeyRow | None:
    row = connection.execute(_KEY, {"secret_hash": hash_token(secret)}).one_or_none()
    if row is None:
        return None
    organisation_id, key_id, name, scopes, *rest, edition, used_at, revoked_at = row
    return _KeyRow(Caller(organisation_id, key_id, name, frozenset(scopes), *rest), edition, used_at, revoked_at)


def _note_use(found: Caller, now: datetime) -> None:
    """Written at most once a minute, whoever else notes it at this moment."""
    is_stale = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= now - USE_IS_NOTED_EVERY)
    with database().transaction(found.organisation_id) as session:
        session.execute(update(ApiKey).where(ApiKey.id == found.key_id, is_stale).values(last_used_at=now))
