"""The item types of which markers judge a part: those with a worked example that waits for a marker."""

from assessments.domain.item_type import ItemType
from assessments.domain.item_types import ITEM_TYPES


def may_wait(kind: ItemType) -> bool:
    """Whether responses to items of this type may wait for a marker; its worked examples show one if they may."""
    return any(kind.score(each.content, each.key, each.response).waiting for each in kind.examples)


MARKED_TYPES: frozenset[str] = frozenset(kind.name for kind in ITEM_TYPES.values() if may_wait(kind))
