"""API keys: made and shown once, rotated with an overlap, revoked at once; only hashes are stored."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.accounts.models import Person
from lms.accounts.tokens import hash_token, make_token
from lms.api.models import HIGHEST_RATE, LOWEST_RATE, ApiKey
from lms.api.scopes import Scope
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid, NotFound

LONGEST_LIFE = timedelta(days=731)
LONGEST_OVERLAP = timedelta(days=30)
USUAL_RATE = 1200
_PREFIX_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_PREFIX_LENGTH = 10


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once: `secret` is known nowhere else."""

    id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as managers see it."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    rate_per_minute: int
    made_by: str | None
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    rotated_from: UUID | None
    is_replaced: bool

    def state(self, at: datetime) -> str:
        """`revoked`, `expired`, `replaced` (it holds until the overlap ends) or `active`."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at <= at:
            return "expired"
        return "replaced" if self.is_replaced else "active"


def make_key(
    session: Session,
    *,
    name: str,
    scopes: Collection[str],
    expires_at: datetime,
    rate_per_minute: int = USUAL_RATE,
    by: UUID | None,
    at: datetime,
) -> NewKey:
    """Make a key for the session's organisation. Raises Invalid for a key without name, scope, or within bounds."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 100:
        raise Invalid("Name the key, in at most 100 characters.")
    if not scopes or not {str(scope) for scope in scopes} <= {scope.value for scope in Scope}:
        raise Invalid("Tick at least one thing that the key may do.")
    if not at < expires_at <= at + LONGEST_LIFE:
        raise Invalid("A key expires, and within two years.")
    if not LOWEST_RATE <= rate_per_minute <= HIGHEST_RATE:
        raise Invalid(f"A key may call {LOWEST_RATE} to {HIGHEST_RATE} times a minute.")
    made = _add(session, name, sorted(str(s) for s in scopes), expires_at, rate_per_minute, by, at, rotated_from=None)
    _record(session, "api-key.made", by, made.id, at, name=name, scopes=sorted(str(scope) for scope in scopes))
    return made


def rotate_key(session: Session, *, key_id: UUID, overlap: timedelta, by: UUID, at: datetime) -> NewKey:
    """Make the successor of a key, for as long a life; the old one holds until the overlap ends.

    Raises NotFound, Invalid for too long an overlap, Conflict when the key does not hold or has a successor.
    """
    old = get_key(session, key_id)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Invalid("The old key may live on for 0 to 30 days.")
    if old.state(at) != "active":
        raise _not_active()
    ends_at = min(old.expires_at, at + max(overlap, timedelta(seconds=1)))
    holds = (ApiKey.id == key_id) & ApiKey.revoked_at.is_(None)
    ended = session.execute(update(ApiKey).where(holds).values(expires_at=ends_at).returning(ApiKey.id)).one_or_none()
    if ended is None:
        raise _not_active()
    life, scopes = old.expires_at - old.made_at, list(old.scopes)
    try:
        made = _add(session, old.name, scopes, at + life, old.rate_per_minute, by, at, rotated_from=key_id)
    except IntegrityError as twice:  # somebody else replaced it at the same moment
        raise _not_active() from twice
    _record(session, "api-key.rotated", by, made.id, at, name=old.name, replaces=str(key_id))
    return made


def revoke_key(session: Session, *, key_id: UUID, by: UUID, at: datetime) -> None:
    """From the commit on the key is refused. Raises NotFound, Conflict when it was revoked before."""
    old = get_key(session, key_id)
    revoked = session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by=by)
        .returning(ApiKey.id)
    ).one_or_none()
    if revoked is None:
        raise Conflict("This key was revoked already.")
    _record(session, "api-key.revoked", by, key_id, at, name=old.name)


def list_keys(session: Session) -> Sequence[KeyLine]:
    """The keys of the organisation, newest first."""
    successors = set(session.scalars(select(ApiKey.rotated_from).where(ApiKey.rotated_from.is_not(None))))
    rows = session.execute(_keys().order_by(ApiKey.made_at.desc(), ApiKey.id))
    return [_line(key, maker, key.id in successors) for key, maker in rows]


def get_key(session: Session, key_id: UUID) -> KeyLine:
    """Raises NotFound."""
    row = session.execute(_keys().where(ApiKey.id == key_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such key.")
    successor = session.scalar(select(ApiKey.id).where(ApiKey.rotated_from == key_id))
    return _line(*row, successor is not None)


def _not_active() -> Conflict:
    return Conflict("Only a key that holds and was not replaced yet can be replaced.")


def _keys() -> Select[ApiKey, str | None]:
    return select(ApiKey, Person.name).outerjoin(Person, Person.id == ApiKey.made_by)


def _line(key: ApiKey, maker: str | None, is_replaced: bool) -> KeyLine:
    return KeyLine(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=tuple(key.scopes),
        rate_per_minute=key.rate_per_minute,
        made_by=maker,
        made_at=key.made_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
        rotated_from=key.rotated_from,
        is_replaced=is_replaced,
    )


def _add(
    session: Session,
    name: str,
    scopes: list[str],
    expires_at: datetime,
    rate: int,
    by: UUID | None,
    at: datetime,
    *,
    rotated_from: UUID | None,
) -> NewKey:
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(_PREFIX_LENGTH))
    secret = f"assay_{prefix}_{make_token()}"
    key = ApiKey(
        organisation_id=organisation_of(session),
        name=name,
        prefix=prefix,
        secret_hash=hash_token(secret),
        scopes=scopes,
        rate_per_minute=rate,
        made_by=by,
        made_at=at,
        expires_at=expires_at,
        rotated_from=rotated_from,
    )
    session.add(key)
    session.flush()
    return NewKey(key.id, secret)


def _record(session: Session, action: str, by: UUID | None, key_id: UUID, at: datetime, **details: object) -> None:
    record(session, action=action, actor=by or "command", subject_id=key_id, at=at, **details)
