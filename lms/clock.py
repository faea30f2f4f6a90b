"""The one place that reads the clock; everything below a face is handed the instant."""

from datetime import UTC, datetime

from lms import faults


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC) + faults.clock_offset()
