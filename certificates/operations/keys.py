"""Signing keys: made where they are missing, taken over from one another, no longer trusted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, inspect, select, update
from sqlalchemy.orm import Session

from certificates.adapters.key_ring import KeyRing, forget_active_keys
from certificates.models.credentials import Cause
from certificates.models.keys import KeyPurpose, KeyState, SigningKey
from certificates.operations.credentials import ask_for_credential
from certificates.queries.keys import list_certificates_of_key
from lms.audit.operations import record
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid, NotFound


def make_missing_keys(session: Session, *, keys: KeyRing, is_development: bool, at: datetime) -> list[str]:
    """Make a key for each purpose that has none, and return the ids of the new ones.

    Of several processes that start at once, one makes each key. Development keys say so in whatever they sign.
    """
    active = set(session.scalars(select(SigningKey.purpose).where(SigningKey.state == KeyState.ACTIVE)))
    return _make_keys(session, active, keys=keys, is_development=is_development, at=at)


def _make_keys(
    session: Session, known: set[KeyPurpose], *, keys: KeyRing, is_development: bool, at: datetime
) -> list[str]:
    """Make a key for each purpose that is not known yet."""
    missing = [purpose for purpose in KeyPurpose if purpose not in known]
    made = [_add(session, keys.make(purpose, is_development=is_development, at=at)) for purpose in missing]
    ids = [key_id for key_id in made if key_id is not None]
    if ids:
        record(session, action="key.made", actor="assay keys make", at=at, keys=ids, is_development=is_development)
    return ids


def make_first_keys(session: Session, *, keys: KeyRing, at: datetime) -> None:
    """Make a key for each purpose that never had one: a new installation works at once, an upgraded one goes on.

    They are development keys where there are no others. Where a key was distrusted, none is made by itself: a person
    does that.
    """
    known = session.execute(select(SigningKey.purpose, SigningKey.is_development)).all()
    if {purpose for purpose, _ in known} != set(KeyPurpose):
        is_development = all(is_development for _, is_development in known)
        _make_keys(session, {purpose for purpose, _ in known}, keys=keys, is_development=is_development, at=at)


def rotate_key(session: Session, *, keys: KeyRing, purpose: KeyPurpose, at: datetime, actor: UUID | str) -> str:
    """Make a new key for a purpose, and return its id. The one before signs no more; what it signed stays good.

    Raises Conflict when somebody else makes one at the same moment.
    """
    is_active = (SigningKey.purpose == purpose, SigningKey.state == KeyState.ACTIVE)
    retired = session.scalars(select(SigningKey.id).where(*is_active)).one_or_none()
    session.execute(
        update(SigningKey).where(*is_active).values(state=KeyState.RETIRED, retired_at=at, sealed_private=None)
    )
    new_id = _add(session, keys.make(purpose, is_development=False, at=at))
    if new_id is None:
        raise Conflict(f"Somebody else is making a {purpose.value} key at this moment.")
    record(session, action="key.rotated", actor=actor, at=at, key=new_id, before=retired)
    return new_id


def distrust_key(
    session: Session, *, key_id: str, since: datetime, reason: str, at: datetime, actor: UUID | str
) -> None:
    """From now on nothing that this key ever signed is trusted: who has it can also write an earlier date.

    `since` is when it got into other hands, as far as that is known. A key that was active signs no more, and leaves
    its purpose without one. Raises NotFound, Invalid for an instant to come or no reason, Conflict when it was done.
    """
    if since > at or not reason.strip():
        raise Invalid("Say why the key is not to be trusted, and since when; that lies in the past.")
    forget_active_keys(session)
    if session.get(SigningKey, key_id) is None:
        raise NotFound(f"There is no key {key_id}.")
    changed = session.execute(
        update(SigningKey)
        .where(SigningKey.id == key_id, SigningKey.state != KeyState.COMPROMISED)
        .values(
            state=KeyState.COMPROMISED,
            retired_at=func.coalesce(SigningKey.retired_at, at),
            compromised_at=since,
            sealed_private=None,
        )
        .returning(SigningKey.id)
    )
    if changed.one_or_none() is None:
        raise Conflict("This key is not trusted already.")
    record(session, action="key.distrusted", actor=actor, at=at, key=key_id, since=since.isoformat(), reason=reason)


def sign_anew(session: Session, *, key_id: str, at: datetime) -> int:
    """Have everything signed anew that this key signed in the organisation of the session; returns how many.

    Asking twice asks for the same credentials once more, which makes none twice.
    """
    found = list_certificates_of_key(session, key_id)
    for certificate_id in found:
        ask_for_credential(session, certificate_id=certificate_id, cause=Cause.KEYS, at=at)
    return len(found)


def _add(session: Session, key: SigningKey) -> str | None:
    """Insert a key; None when there is an active one for its purpose already."""
    forget_active_keys(session)
    values = {column.key: getattr(key, column.key) for column in inspect(SigningKey).columns}
    return session.scalars(
        insert_into(session, SigningKey).values(**values).on_conflict_do_nothing().returning(SigningKey.id)
    ).one_or_none()
