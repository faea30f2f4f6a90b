"""When an attempt ends."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assessments.domain.deadlines import deadline, is_open

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_an_answer_at_the_deadline_is_in_time_and_one_later_is_not():
    end = deadline(NOON, HOUR)

    assert end == NOON + HOUR
    assert is_open(end, end)
    assert not is_open(end + timedelta(microseconds=1), end)


def test_an_hour_is_an_hour_when_the_clocks_change():
    before_spring = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Vienna"))

    assert deadline(before_spring, HOUR) == before_spring.astimezone(UTC) + HOUR


def test_a_start_without_time_zone_and_a_limit_of_nothing_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        deadline(NOON.replace(tzinfo=None), HOUR)
    with pytest.raises(ValueError, match="positive"):
        deadline(NOON, timedelta(0))
