"""Exposure: how often a test's items were shown in a span of days, from what was rolled up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.domain.exposure import Exposure
from assessments.models.exposure import FormCount, ItemExposure
from assessments.models.items import Item

RECENT = timedelta(days=90)  # what a form is drawn by


@dataclass(frozen=True, slots=True)
class Counts:
    """What was shown from a day on: scored, and only tried out; what could not be avoided; up to when it is counted."""

    exposure: Exposure
    tried_out: dict[str, int]
    seen_again: int
    over_cap: int
    counted_at: datetime | None


def first_day(at: datetime, span: timedelta = RECENT) -> date:
    """The first day (UTC) of a span that ends now."""
    return (at - span).astimezone(UTC).date()


def get_counts(session: Session, *, test_id: UUID, since: date) -> Counts:
    """The counts of a test from a day on, in two statements."""
    forms, again, over, counted_at = session.execute(
        select(
            func.coalesce(func.sum(FormCount.forms), 0),
            func.coalesce(func.sum(FormCount.seen_again), 0),
            func.coalesce(func.sum(FormCount.over_cap), 0),
            func.max(FormCount.counted_at),
        ).where(FormCount.test_id == test_id, FormCount.day >= since)
    ).one()
    rows = session.execute(
        select(Item.identifier, func.sum(ItemExposure.shown), func.sum(ItemExposure.tried_out))
        .join(Item, Item.id == ItemExposure.item_id)
        .where(ItemExposure.test_id == test_id, ItemExposure.day >= since)
        .group_by(Item.identifier)
    ).all()
    return Counts(
        Exposure(int(forms), {name: int(shown) for name, shown, _tried in rows if shown}),
        {name: int(tried) for name, _shown, tried in rows if tried},
        int(again),
        int(over),
        counted_at,
    )
