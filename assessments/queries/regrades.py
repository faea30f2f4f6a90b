"""Regrades: what is proposed and done, which attempts one affects, and what it changes for each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from assessments.domain.regrades import KeyChange, pinned_keys
from assessments.models.attempts import Attempt, AttemptState, FormItem
from assessments.models.items import AnswerKey, Item, ItemVersion
from assessments.models.regrades import Regrade, RegradeChange, RegradeState
from assessments.models.tests import TestVersion
from lms.errors import NotFound

CHANGES_A_PAGE = 100
_OldKey, _NewKey = aliased(AnswerKey), aliased(AnswerKey)


@dataclass(frozen=True, slots=True)
class RegradeView:
    """A regrade with the item that it is about; states of the item are named such as "2.1", `new` None for dropped."""

    id: UUID
    item_id: UUID
    identifier: str
    old: str
    new: str | None
    state: RegradeState
    reason: str
    proposed_by: UUID
    proposed_at: datetime
    seen: int
    tally: dict[str, Any]
    finished_at: datetime | None
    approved_by: UUID | None
    approval_note: str | None
    committed_at: datetime | None
    withdrawn_by: UUID | None
    withdrawn_at: datetime | None

    @property
    def is_running(self) -> bool:
        """Whether the worker is at it: at the dry run, or at carrying it out."""
        return self.finished_at is None and self.state is not RegradeState.WITHDRAWN


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What a regrade changes, or changed, for one attempt. It names nobody: nobody should decide by who it is."""

    attempt_id: UUID
    test_title: str
    submitted_at: datetime
    position: int
    old_score: Fraction
    new_score: Fraction
    had_passed: bool
    has_passed: bool
    was_released: bool
    applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegradeNotice:
    """What somebody is told of a regrade of their attempt."""

    position: int
    reason: str
    is_dropped: bool
    old_score: Fraction
    new_score: Fraction
    had_passed: bool
    has_passed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class OtherKey:
    """A key that could take another's place, named such as "2.1"."""

    id: UUID
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class RepairableKey:
    """A key with the item that it belongs to, and the other keys of the same version, the newest first."""

    item_id: UUID
    name: str
    others: tuple[OtherKey, ...]


def get_regrade(session: Session, regrade_id: UUID) -> RegradeView:
    """Raises NotFound."""
    row = session.execute(_regrades().where(Regrade.id == regrade_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such regrade.")
    return _view(*row)


def list_regrades(session: Session, *, most: int = 200) -> list[RegradeView]:
    """The newest first."""
    rows = session.execute(_regrades().order_by(Regrade.proposed_at.desc(), Regrade.id).limit(most))
    return [_view(*row) for row in rows]


def affected_attempts(session: Session, regrade: Regrade) -> Select[UUID]:
    """The graded attempts that were scored with the old key, also by an earlier regrade, in order of their ids."""
    changes = [
        KeyChange(*row)
        for row in session.execute(
            select(Regrade.old_key_id, Regrade.new_key_id)
            .where(
                Regrade.item_version_id == regrade.item_version_id,
                Regrade.state == RegradeState.COMMITTED,
                Regrade.id != regrade.id,
            )
            .order_by(Regrade.commit_number)
        )
    ]
    known = session.scalars(select(AnswerKey.id).where(AnswerKey.item_version_id == regrade.item_version_id)).all()
    pinned = pinned_keys(regrade.old_key_id, known, changes)
    return (
        select(Attempt.id)
        .join(FormItem, FormItem.attempt_id == Attempt.id)
        .where(
            FormItem.item_version_id == regrade.item_version_id,
            FormItem.answer_key_id.in_(pinned),
            Attempt.state == AttemptState.GRADED,
        )
        .order_by(Attempt.id)
    )


def list_changes(session: Session, regrade_id: UUID, *, page: int = 1) -> list[ChangeLine]:
    """The changes of a regrade, those of a verdict first, then the largest; a hundred a page, and one more if any."""
    is_verdict = RegradeChange.had_passed != RegradeChange.has_passed
    rows: Any = session.execute(
        select(
            RegradeChange.attempt_id,
            TestVersion.title,
            Attempt.submitted_at,
            RegradeChange.position,
            RegradeChange.old_score,
            RegradeChange.new_score,
            RegradeChange.had_passed,
            RegradeChange.has_passed,
            RegradeChange.was_released,
            RegradeChange.applied_at,
        )
        .join(Attempt, Attempt.id == RegradeChange.attempt_id)
        .join(TestVersion, TestVersion.id == Attempt.test_version_id)
        .where(RegradeChange.regrade_id == regrade_id)
        .order_by(
            case((is_verdict, 0), else_=1),
            func.abs(RegradeChange.new_score - RegradeChange.old_score).desc(),
            RegradeChange.attempt_id,
        )
        .offset((page - 1) * CHANGES_A_PAGE)
        .limit(CHANGES_A_PAGE + 1)
    )
    return [ChangeLine(*row) for row in rows]


def list_regrade_notices(session: Session, attempt_ids: Collection[UUID]) -> dict[UUID, list[RegradeNotice]]:
    """What changed in each released result, oldest first; before the release nobody was told what it was."""
    rows: Any = session.execute(
        select(
            RegradeChange.attempt_id,
            RegradeChange.position,
            Regrade.reason,
            Regrade.new_key_id.is_(None),
            RegradeChange.old_score,
            RegradeChange.new_score,
            RegradeChange.had_passed,
            RegradeChange.has_passed,
            RegradeChange.applied_at,
        )
        .join(Regrade, Regrade.id == RegradeChange.regrade_id)
        .where(
            RegradeChange.attempt_id.in_(attempt_ids),
            RegradeChange.applied_at.is_not(None),
            RegradeChange.was_released,
            RegradeChange.old_score != RegradeChange.new_score,
        )
        .order_by(Regrade.commit_number)
    )
    notices: dict[UUID, list[RegradeNotice]] = defaultdict(list)
    for attempt_id, *told in rows:
        notices[attempt_id].append(RegradeNotice(*told))
    return notices


def has_outdated_scores(session: Session, item_id: UUID) -> UUID | None:
    """A former key of an item's current version that attempts were drawn with; None where there is none.

    What is proposed or repaired already is left out. Looks only for keys that there are, not through the attempts.
    """
    drawn = exists().where(FormItem.item_version_id == ItemVersion.id, FormItem.answer_key_id == AnswerKey.id)
    repaired = exists().where(Regrade.old_key_id == AnswerKey.id, Regrade.state != RegradeState.WITHDRAWN)
    return session.scalars(
        select(AnswerKey.id)
        .join(ItemVersion, ItemVersion.id == AnswerKey.item_version_id)
        .where(ItemVersion.item_id == item_id, ItemVersion.is_current, ~AnswerKey.is_current, drawn, ~repaired)
        .order_by(AnswerKey.number.desc())
        .limit(1)
    ).first()


def _regrades() -> Select[Regrade, UUID, str, int, int, int]:
    return (
        select(Regrade, Item.id, Item.identifier, ItemVersion.number, _OldKey.number, _NewKey.number)
        .join(ItemVersion, ItemVersion.id == Regrade.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(_OldKey, _OldKey.id == Regrade.old_key_id)
        .outerjoin(_NewKey, _NewKey.id == Regrade.new_key_id)
    )


def _view(regrade: Regrade, item_id: UUID, identifier: str, version: int, old: int, new: int | None) -> RegradeView:
    return RegradeView(
        id=regrade.id,
        item_id=item_id,
        identifier=identifier,
        old=f"{version}.{old}",
        new=None if new is None else f"{version}.{new}",
        state=regrade.state,
        reason=regrade.reason,
        proposed_by=regrade.proposed_by,
        proposed_at=regrade.proposed_at,
        seen=regrade.seen,
        tally=regrade.tally,
        finished_at=regrade.finished_at,
        approved_by=regrade.approved_by,
        approval_note=regrade.approval_note,
        committed_at=regrade.committed_at,
        withdrawn_by=regrade.withdrawn_by,
        withdrawn_at=regrade.withdrawn_at,
    )


def get_repairable_key(session: Session, key_id: UUID) -> RepairableKey:
    """Raises NotFound."""
    found = session.execute(
        select(ItemVersion.item_id, ItemVersion.id, ItemVersion.number, AnswerKey.number)
        .join(AnswerKey, AnswerKey.item_version_id == ItemVersion.id)
        .where(AnswerKey.id == key_id)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such key.")
    item_id, version_id, version, number = found
    others = session.execute(
        select(AnswerKey.id, AnswerKey.number, AnswerKey.is_current)
        .where(AnswerKey.item_version_id == version_id, AnswerKey.id != key_id)
        .order_by(AnswerKey.number.desc())
    )
    return RepairableKey(
        item_id=item_id,
        name=f"{version}.{number}",
        others=tuple(OtherKey(id, f"{version}.{count}", is_current) for id, count, is_current in others),
    )
