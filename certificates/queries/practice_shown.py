"""Practice of a person in figures, as a portfolio may show them."""

from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.models.items import ItemVersion
from assessments.models.results import PracticeTry


@dataclass(frozen=True, slots=True)
class PracticeOfType:
    """How many items of a type were tried, and how many of them were fully right at the first try."""

    title: str
    tried: int
    right_first: int

    @property
    def accuracy(self) -> Fraction:
        return Fraction(self.right_first, self.tried)


def list_practice(session: Session, *, person_id: UUID) -> list[PracticeOfType]:
    """First-try accuracy by item type, the type most practised first; what only people can judge is left out."""
    tried, right = func.count(), func.count().filter(PracticeTry.points == Fraction(1))
    rows = session.execute(
        select(ItemVersion.type, tried, right)
        .join(ItemVersion, ItemVersion.id == PracticeTry.item_version_id)
        .where(PracticeTry.person_id == person_id, PracticeTry.number == 1, PracticeTry.points.is_not(None))
        .group_by(ItemVersion.type)
        .order_by(tried.desc(), ItemVersion.type)
    )
    return [PracticeOfType(item_type(type).title, tried, right) for type, tried, right in rows]
