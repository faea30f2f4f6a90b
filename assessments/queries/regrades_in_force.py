"""Regrades in force: which key counts for what an attempt pinned, by the committed regrades in their order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from assessments.domain.regrades import KeyChange, effective_key
from assessments.models.attempts import FormItem
from assessments.models.items import AnswerKey
from assessments.models.regrades import Regrade, RegradeState

Changes = Mapping[UUID, list[KeyChange[UUID]]]  # by item version, in order of commitment


@dataclass(frozen=True, slots=True)
class CountingKey:
    """A key as it is stored, and whether its question was dropped since."""

    id: UUID
    raw: Any
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class Supposed:
    """A regrade that is not committed, to see what it would do; the key is None where it drops the question."""

    version_id: UUID
    change: KeyChange[UUID]
    raw_key: Any


@dataclass(frozen=True, slots=True)
class KeysInForce:
    """The changes of some item versions, with the keys that they lead to."""

    changes: Changes
    keys: Mapping[UUID | None, Any]

    def supposing(self, one: "Supposed | None") -> "KeysInForce":
        """The same with one more change after all that are committed."""
        if one is None:
            return self
        changes = {**self.changes, one.version_id: [*self.changes.get(one.version_id, []), one.change]}
        return KeysInForce(changes, {**self.keys, one.change.new: one.raw_key})

    def key_for(self, version_id: UUID, pinned_id: UUID, pinned_key: Any) -> CountingKey:
        """The key that counts instead of a pinned one, or that one itself."""
        effective = effective_key(pinned_id, self.changes.get(version_id, []))
        key = pinned_key if effective.key == pinned_id else self.keys[effective.key]
        return CountingKey(effective.key, key, effective.is_dropped)


NOTHING_CHANGED = KeysInForce({}, {})


def was_regraded() -> ColumnElement[bool]:
    """Whether a regrade of a form's item version was committed; a column, so that looking costs no statement."""
    committed = exists().where(
        Regrade.item_version_id == FormItem.item_version_id, Regrade.state == RegradeState.COMMITTED
    )
    return committed.label("was_regraded")


def get_keys_in_force(session: Session, version_ids: Iterable[UUID]) -> KeysInForce:
    """What was committed for these versions; no statement for none of them, else one."""
    wanted = set(version_ids)
    if not wanted:
        return NOTHING_CHANGED
    rows = session.execute(
        select(Regrade.item_version_id, Regrade.old_key_id, Regrade.new_key_id, AnswerKey.key)
        .outerjoin(AnswerKey, AnswerKey.id == Regrade.new_key_id)
        .where(Regrade.item_version_id.in_(wanted), Regrade.state == RegradeState.COMMITTED)
        .order_by(Regrade.commit_number)
    )
    changes: dict[UUID, list[KeyChange[UUID]]] = defaultdict(list)
    keys: dict[UUID | None, Any] = {}
    for version_id, old_id, new_id, key in rows:
        changes[version_id].append(KeyChange(old_id, new_id))
        keys[new_id] = key
    return KeysInForce(changes, keys)
