"""How long a certificate is valid: whole calendar months from its issue; and from when on it can be renewed."""

from calendar import monthrange
from datetime import datetime

MONTHS_IN_YEAR = 12
RENEWAL_MONTHS = 3  # before the end: time for a try, a pause, what is to be studied, and another try


def validity(issued_at: datetime, months: int) -> datetime:
    """Return the instant at which a certificate ends: the same day and time, that many months later.

    A day that the last month does not have becomes its last one: 31 January and one month is 28 or 29 February.
    Raises ValueError for less than one month.
    """
    if months < 1:
        raise ValueError(f"a certificate is valid for one month at least, got {months}")
    return _moved(issued_at, months)


def renewal_opening(issued_at: datetime, valid_until: datetime) -> datetime:
    """Return the instant from which the test may be sat anew: three months before the end, at the day's beginning.

    The day begins in the time zone of `valid_until`. A certificate that is valid for less than six months is renewed in
    the second half of its time: nobody is asked to sit a test again that they have just passed.
    """
    opening = max(_moved(valid_until, -RENEWAL_MONTHS), issued_at + (valid_until - issued_at) / 2)
    return opening.replace(hour=0, minute=0, second=0, microsecond=0)


def _moved(instant: datetime, months: int) -> datetime:
    """The same day and time so many months later, or earlier."""
    years, month_index = divmod(instant.month - 1 + months, MONTHS_IN_YEAR)
    year, month = instant.year + years, month_index + 1
    return instant.replace(year=year, month=month, day=min(instant.day, monthrange(year, month)[1]))
