"""Reports of exposure: what a test showed in a span of days, held against its bounds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.domain.exposure import PoolUse, measure_use, parts_of
from assessments.models.exposure import Form
from assessments.queries.exposure import Counts, first_day, get_counts
from assessments.queries.pools import get_pool
from assessments.queries.tests import TestSummary, list_tests


@dataclass(frozen=True, slots=True)
class PartUse:
    """The sections of one skill and type, which draw on the same items."""

    titles: tuple[str, ...]
    length: int
    use: PoolUse


@dataclass(frozen=True, slots=True)
class ExposureReport:
    """What was shown of the whole pool and of its parts, and how many forms of all tests wait to be counted."""

    test: TestSummary
    whole: PoolUse
    parts: tuple[PartUse, ...]
    counts: Counts
    waiting: int

    @property
    def gone(self) -> int:
        """Items that were shown and are in the pool no more."""
        return len(self.counts.exposure.shown.keys() - {use.item.identifier for use in self.whole.items})


def report_exposure(session: Session, test: TestSummary, *, at: datetime, span: timedelta) -> ExposureReport:
    """The report of one test over a span that ends now; it reads what was rolled up, never the forms themselves."""
    pool = get_pool(session, bank=test.bank, floor=test.agreement_floor).items
    counts = get_counts(session, test_id=test.id, since=first_day(at, span))
    kinds = {section.kind for section in test.sections}
    here = {item.identifier for item in pool if item.kind in kinds}
    gone = [shown for name, shown in counts.exposure.shown.items() if name not in here]
    return ExposureReport(
        test,
        measure_use(test.blueprint, pool, counts.exposure, gone=gone),
        tuple(
            PartUse(titles, part.length, measure_use(part, pool, counts.exposure))
            for titles, part in parts_of(test.blueprint)
        ),
        counts,
        session.scalar(select(func.count()).select_from(Form).where(~Form.is_counted)) or 0,
    )


def list_exposure(session: Session, *, at: datetime, span: timedelta) -> list[ExposureReport]:
    """The report of every test."""
    return [report_exposure(session, test, at=at, span=span) for test in list_tests(session)]
