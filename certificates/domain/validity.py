"""How long a certificate is valid: whole calendar months from its issue."""

from calendar import monthrange
from datetime import datetime

MONTHS_IN_YEAR = 12


def validity(issued_at: datetime, months: int) -> datetime:
    """Return the instant at which a certificate ends: the same day and time, that many months later.

    A day that the last month does not have becomes its last one: 31 January and one month is 28 or 29 February.
    Raises ValueError for less than one month.
    """
    if months < 1:
        raise ValueError(f"a certificate is valid for one month at least, got {months}")
    years, month_index = divmod(issued_at.month - 1 + months, MONTHS_IN_YEAR)
    year, month = issued_at.year + years, month_index + 1
    day = min(issued_at.day, monthrange(year, month)[1])
    return issued_at.replace(year=year, month=month, day=day)
