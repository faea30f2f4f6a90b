"""Supplies: what a test draws its forms from, read once and kept in the process for a minute."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlalchemy.orm import Session

from assessments.domain.drawing import Supply, make_supply
from assessments.domain.forms import PoolItem
from assessments.queries.exposure import first_day, get_counts
from assessments.queries.pools import Pooled, by_identifier, get_pool
from assessments.queries.tests import TestSummary

KEPT_FOR = timedelta(minutes=1)
_MOST_KEPT = 64  # versions of tests


@dataclass(frozen=True, slots=True)
class KeptSupply:
    """The pool of a test with what was shown of it, as it was at an instant; `pinned` holds live items and pilots."""

    supply: Supply
    pilots: tuple[PoolItem, ...]
    pinned: dict[str, Pooled]
    forms_counted: int
    counted_at: datetime | None
    read_at: datetime


_kept: OrderedDict[UUID, KeptSupply] = OrderedDict()
_lock = Lock()


def get_supply(session: Session, test: TestSummary, *, at: datetime, is_fresh: bool = False) -> KeptSupply:
    """What forms of this version of a test are drawn from: at most a minute old, or just read.

    New items and counts may be a minute late. An item that has left since may still be in it: whoever draws asks
    `pools.count_standing` before the form is kept.
    """
    with _lock:
        kept = _kept.get(test.version_id)
    if kept is not None and not is_fresh and abs(at - kept.read_at) < KEPT_FOR:
        return kept
    read = _read(session, test, at)
    with _lock:
        _kept[test.version_id] = read
        _kept.move_to_end(test.version_id)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return read


def _read(session: Session, test: TestSummary, at: datetime) -> KeptSupply:
    pool = get_pool(session, bank=test.bank, floor=test.agreement_floor)
    counts = get_counts(session, test_id=test.id, since=first_day(at))
    return KeptSupply(
        make_supply(test.blueprint, pool.items, counts.exposure),
        tuple(pooled.item for pooled in pool.pilot),
        by_identifier((*pool.live, *pool.pilot)),
        counts.exposure.forms,
        counts.counted_at,
        at,
    )
