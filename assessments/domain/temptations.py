"""Which wrong answers still need the reason why they tempt."""

from collections.abc import Mapping

from assessments.domain.item_type import ItemType
from assessments.domain.schemas.base import Content, Key


def missing_temptations(kind: ItemType, content: Content, key: Key, temptations: Mapping[str, str]) -> list[str]:
    """The wrong answers without a reason, where wrong answers can be listed; else one reason at least is asked for."""
    wrong = kind.wrong_answers(content, key)
    if wrong is None:
        return [] if temptations else ["at least one answer"]
    return [answer for answer in wrong if answer not in temptations]
