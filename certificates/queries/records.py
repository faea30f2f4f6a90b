"""The record of a certificate as it is stored, with what was signed and logged about it."""

import json

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from certificates.domain.credential import StatusEntry
from certificates.domain.life_cycle import change_statement
from certificates.domain.records import Change, Edition, Logged, Record, StoredLeaf
from certificates.models.credentials import ISSUE_TOPIC, Credential, CredentialState
from certificates.models.life_cycle import StateChange
from certificates.models.log import LeafKind, LogLeaf
from certificates.queries.certificates import find_certificate
from lms.outbox.models import OutboxMessage

_KEPT = (CredentialState.INTENDED, CredentialState.SIGNED)


def find_record(session: Session, certificate_id: str) -> Record | None:
    """What is stored of a certificate; None for an unknown or erased one."""
    view = find_certificate(session, certificate_id)
    if view is None:
        return None
    editions = _list_editions(session, certificate_id)
    return Record(
        view=view,
        newest=editions[0][0] if editions else None,
        current=next((edition for edition, is_current in editions if is_current), None),
        change=_last_change(session, certificate_id),
    )


def is_being_signed(session: Session, certificate_id: str) -> bool:
    """Whether the worker was asked for another edition and is not done with it."""
    waiting = select(OutboxMessage.id).where(
        OutboxMessage.topic == ISSUE_TOPIC,
        OutboxMessage.delivered_at.is_(None),
        OutboxMessage.payload["certificate_id"].as_string() == certificate_id,
    )
    return session.scalars(waiting.limit(1)).first() is not None


def _list_editions(session: Session, certificate_id: str) -> list[tuple[Edition, bool]]:
    """The newest edition and the current one, mostly the same."""
    newest = select(func.max(Credential.number)).where(
        Credential.certificate_id == certificate_id, Credential.state.in_(_KEPT)
    )
    rows = session.execute(
        select(Credential, LogLeaf)
        .outerjoin(LogLeaf, LogLeaf.index == Credential.leaf_index)
        .where(
            Credential.certificate_id == certificate_id,
            Credential.state.in_(_KEPT),
            or_(Credential.is_current, Credential.number == newest.scalar_subquery()),
        )
        .order_by(Credential.number.desc())
    )
    return [(_edition(credential, leaf), credential.is_current) for credential, leaf in rows]


def _edition(credential: Credential, leaf: LogLeaf | None) -> Edition:
    logged = Logged(
        kind=LeafKind.CREDENTIAL.value,
        statement=(credential.content or "").encode(),
        salt=credential.salt or "",
        commitment=credential.commitment,
        leaf=_leaf(leaf),
    )
    return Edition(
        number=credential.number,
        status=StatusEntry(list=credential.status_list, index=credential.status_index),
        since=credential.signed_at or credential.intended_at,
        logged=logged,
        document=credential.document,
    )


def _last_change(session: Session, certificate_id: str) -> Change | None:
    row = session.execute(
        select(StateChange, LogLeaf)
        .outerjoin(LogLeaf, LogLeaf.index == StateChange.leaf_index)
        .where(StateChange.certificate_id == certificate_id)
        .order_by(StateChange.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    change, leaf = row
    statement = change_statement(
        certificate_id=certificate_id,
        number=change.number,
        state=change.state,
        reason=change.reason,
        at=change.at,
    )
    logged = Logged(
        kind=LeafKind.STATE.value,
        # Of texts and whole numbers this is the canonical form of RFC 8785.
        statement=json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(),
        salt=change.salt or "",
        commitment=change.commitment,
        leaf=_leaf(leaf),
    )
    return Change(state=change.state, logged=logged)


def _leaf(row: LogLeaf | None) -> StoredLeaf | None:
    return StoredLeaf(row.kind.value, row.commitment, row.leaf_hash, row.at) if row else None
