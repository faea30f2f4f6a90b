"""Pools: the items of a bank that a test may draw on, each with the version and key that are current."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from assessments.domain.forms import PoolItem
from assessments.models.attempts import Attempt, FormItem
from assessments.models.items import AnswerKey, Item, ItemState, ItemUse, ItemVersion


@dataclass(frozen=True, slots=True)
class Pooled:
    """An item that may enter a form, and what an attempt would pin of it."""

    item: PoolItem
    version_id: UUID
    key_id: UUID
    agreement: Fraction | None
    is_pilot: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """What a test draws on: `live` is scored, `pilot` is tried out, `below_floor` has a key that too few agree on."""

    live: tuple[Pooled, ...]
    pilot: tuple[Pooled, ...]
    below_floor: tuple[Pooled, ...]

    @property
    def items(self) -> tuple[PoolItem, ...]:
        return tuple(pooled.item for pooled in self.live)


def get_pool(session: Session, *, bank: str, floor: Fraction | None) -> Pool:
    """The pool of a bank in one statement.

    With a floor, keys whose recorded agreement is below it, or of which none is recorded, stay out.
    """
    rows = session.execute(
        select(
            Item.identifier,
            ItemVersion.skill,
            ItemVersion.type,
            ItemVersion.difficulty,
            ItemVersion.id,
            AnswerKey.id,
            AnswerKey.agreement,
            Item.state,
        )
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(AnswerKey, AnswerKey.item_version_id == ItemVersion.id)
        .where(
            Item.bank == bank,
            Item.use == ItemUse.TEST,
            Item.state.in_((ItemState.LIVE, ItemState.PILOT)),
            ItemVersion.is_current,
            AnswerKey.is_current,
        )
        .order_by(Item.identifier)
    )
    sorted_out: dict[str, list[Pooled]] = {"live": [], "pilot": [], "below": []}
    for *described, version_id, key_id, agreement, state in rows:
        pooled = Pooled(PoolItem(*described), version_id, key_id, agreement, state is ItemState.PILOT)
        is_below = floor is not None and (agreement is None or agreement < floor)
        sorted_out["pilot" if state is ItemState.PILOT else "below" if is_below else "live"].append(pooled)
    return Pool(tuple(sorted_out["live"]), tuple(sorted_out["pilot"]), tuple(sorted_out["below"]))


_STANDING = (  # put together once, for it is asked at every start
    select(func.count())
    .select_from(FormItem)
    .join(AnswerKey, AnswerKey.id == FormItem.answer_key_id)
    .join(ItemVersion, ItemVersion.id == FormItem.item_version_id)
    .join(Item, Item.id == ItemVersion.item_id)
    .where(
        FormItem.attempt_id == bindparam("attempt_id"),
        AnswerKey.is_current,
        ItemVersion.is_current,
        Item.use == ItemUse.TEST,
        Item.state == case((FormItem.is_scored, ItemState.LIVE), else_=ItemState.PILOT),
    )
)


def count_standing(session: Session, attempt_id: UUID) -> int:
    """How many items of a form stand in the bank as they stand in the form.

    Not an item that was retired, moved between live and pilot, or got another version or key.
    """
    return session.scalar(_STANDING, {"attempt_id": attempt_id}) or 0


def list_seen(session: Session, *, bank: str, person_id: UUID, but: UUID) -> frozenset[str]:
    """The items of a bank that a person has met in attempts at any test, but for this one."""
    earlier = select(Attempt.id).where(Attempt.person_id == person_id, Attempt.id != but)
    return frozenset(
        session.scalars(
            select(Item.identifier)
            .distinct()
            .join(ItemVersion, ItemVersion.item_id == Item.id)
            .join(FormItem, FormItem.item_version_id == ItemVersion.id)
            .where(FormItem.attempt_id.in_(earlier), Item.bank == bank)
        )
    )


def by_identifier(pooled: Sequence[Pooled]) -> dict[str, Pooled]:
    """The same by the identifier of the item."""
    return {one.item.identifier: one for one in pooled}
