"""Idempotency: what a caller sends twice under one key is done once, and answered alike both times.

The record of the answer is written in the transaction of what was done. A crash before its commit leaves neither, and
the caller's next try does it; a crash after it leaves both, and the next try gets the same answer. A refusal leaves no
record: nothing was done.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.api.answering import Reply
from lms.api.callers import Caller, caller
from lms.api.models import IdempotencyRecord
from lms.api.problems import IdempotencyKeyInFlight, IdempotencyKeyInvalid, IdempotencyKeyReused
from lms.db.session import Database
from lms.web.transactions import one_transaction

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotent-Replayed": "true"}
KEPT_FOR = timedelta(hours=24)
LONGEST = 200

_at_work: set[tuple[UUID, str]] = set()  # in this process
_lock = Lock()


def once(document: Any, answer: Callable[[], Reply]) -> Reply:
    """The answer; with an idempotency key the one that was given first.

    Raises IdempotencyKeyInvalid, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return answer()
    if not (1 <= len(key) <= LONGEST and all("!" <= letter <= "~" for letter in key)):
        raise IdempotencyKeyInvalid
    asking, body_hash, now = caller(), _hash(document), clock.now()
    with _alone(asking.key_id, key), one_transaction() as session:
        _take_turn(session, asking.key_id, key)
        before = _find(session, asking.key_id, key, now)
        if before is not None:
            return _replay(before, body_hash)
        reply = answer()
        session.add(_record(asking, key, body_hash, reply, now))
    return reply


def sweep(database: Database) -> None:
    """Forget the answers that are older than they are kept."""
    with database.transaction() as session:
        session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.made_at < clock.now() - KEPT_FOR))


@contextmanager
def _alone(key_id: UUID, key: str) -> Iterator[None]:
    """One request of this key at a time within this process; others are refused, not held up."""
    with _lock:
        if (key_id, key) in _at_work:
            raise _in_flight()
        _at_work.add((key_id, key))
    try:
        yield
    finally:
        with _lock:
            _at_work.discard((key_id, key))


def _take_turn(session: Session, key_id: UUID, key: str) -> None:
    """The same among processes. On SQLite whoever writes waits here for whoever wrote first, and finds its record."""
    if session.get_bind().dialect.name != "postgresql":
        return
    number = int.from_bytes(hashlib.sha256(f"{key_id} {key}".encode()).digest()[:8], signed=True)
    if not session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise _in_flight()


def _in_flight() -> IdempotencyKeyInFlight:
    message = "A request with this idempotency key is being answered. Ask again in a second."
    return IdempotencyKeyInFlight(message, facts={"retry_after": 1})


def _find(session: Session, key_id: UUID, key: str, now: datetime) -> IdempotencyRecord | None:
    """The record of an earlier answer; one that is too old to count is removed."""
    found = session.scalars(
        select(IdempotencyRecord).where(IdempotencyRecord.key_id == key_id, IdempotencyRecord.key == key)
    ).one_or_none()
    if found is not None and found.made_at < now - KEPT_FOR:
        session.delete(found)
        session.flush()
        return None
    return found


def _replay(before: IdempotencyRecord, body_hash: str) -> Reply:
    asked = (request.method, _path(), body_hash)
    if (before.method, before.path, before.body_hash) != asked:
        raise IdempotencyKeyReused("This idempotency key was used before for another request. Make a new key.")
    return Reply(None, before.status, {**before.answer["headers"], **REPLAYED}, text=before.answer["body"])


def _record(asking: Caller, key: str, body_hash: str, reply: Reply, now: datetime) -> IdempotencyRecord:
    return IdempotencyRecord(
        organisation_id=asking.organisation_id,
        key_id=asking.key_id,
        key=key,
        method=request.method,
        path=_path(),
        body_hash=body_hash,
        status=reply.status,
        answer={"body": reply.json, "headers": dict(reply.headers)},
        made_at=now,
    )


def _path() -> str:
    return request.full_path.rstrip("?")[:2000]


def _hash(document: Any) -> str:
    """Of what the body says, not of how it is spaced."""
    said = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()
