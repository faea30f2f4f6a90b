"""Whether work that stayed good lets a certificate hold longer, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from certificates.domain.validity import validity
from certificates.domain.work_quality import Estimate

WINDOW = timedelta(days=180)  # of the work that counts
ONCE_IN = timedelta(days=365)
SHARE = 2  # an extension is one half of the full validity


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """So many first answers in the window, the lower bound of whose estimate is above the floor, earn an extension."""

    tasks: int
    floor: Fraction


@dataclass(frozen=True, slots=True)
class Term:
    """How long a certificate holds: its end, the months of a fresh one, and when it was last extended."""

    valid_until: datetime
    months: int
    extended_at: datetime | None


def extended_until(term: Term, rule: ExtensionRule, work: Estimate | None, at: datetime) -> datetime | None:
    """Return the new end of a certificate, or None when it stays.

    Half of the full validity is added, at most once a year, and never beyond the end of a certificate issued today: a
    fresh certificate is not extended, and good work keeps one alive. One whose time is over is not brought back.
    """
    if at >= term.valid_until or (term.extended_at is not None and at < term.extended_at + ONCE_IN):
        return None
    if work is None or work.tasks < rule.tasks or work.low <= rule.floor:
        return None
    half = max(term.months // SHARE, 1)
    until = validity(term.valid_until, half)
    return until if until <= validity(at, term.months) else None
