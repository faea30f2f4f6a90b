"""The figures of the overview; those of many people are counted once a minute, and say of when they are."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from certificates.queries.overview import (
    PassRate,
    Shown,
    TimeToQualify,
    Week,
    count_expiring,
    count_stages,
    list_pass_rates,
    list_times,
)
from lms.db.scope import organisation_of

KEPT_FOR = timedelta(minutes=1)
MANY = 10_000  # people; the figures of fewer are counted anew each time
MOST_KEPT = 100
_EXTENSION = "assay.overview_figures"
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the overview shows, as it was at one instant."""

    at: datetime
    stages: dict[str, int]
    rates: list[PassRate]
    times: list[TimeToQualify]
    weeks: list[Week]


def figures_of(session: Session, shown: Shown, *, at: datetime) -> Figures:
    """The figures of the session's organisation; at most a minute old."""
    kept: OrderedDict[tuple[UUID, Shown], Figures] = current_app.extensions.setdefault(_EXTENSION, OrderedDict())
    key = (organisation_of(session), shown)
    with _lock:
        before = kept.get(key)
    if before is not None and before.at <= at < before.at + KEPT_FOR:
        return before
    counted = Figures(
        at,
        count_stages(session, shown),
        list_pass_rates(session, shown),
        list_times(session, shown),
        count_expiring(session, shown, at=at),
    )
    if counted.stages["joined"] >= MANY:
        _keep(kept, key, counted)
    return counted


def _keep(kept: OrderedDict[tuple[UUID, Shown], Figures], key: tuple[UUID, Shown], counted: Figures) -> None:
    with _lock:
        kept[key] = counted
        kept.move_to_end(key)
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
