"""When an attempt ends."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.deadlines import (
    MOST_PERCENT,
    SECOND,
    UNTIMED,
    Allowance,
    deadline,
    is_open,
    opening_clock,
)

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


allowances = st.builds(
    Allowance,
    percent=st.integers(100, MOST_PERCENT),
    break_seconds=st.integers(0, 4 * 3600),
    is_untimed=st.booleans(),
)
EARLIEST, LATEST = NOON.replace(year=2020, tzinfo=None), NOON.replace(year=2040, tzinfo=None)
starts = st.datetimes(EARLIEST, LATEST, timezones=st.timezones())
limits = st.integers(1, 600).map(lambda minutes: timedelta(minutes=minutes))
spans = st.integers(0, 5 * 3600 * 10**6).map(lambda microseconds: timedelta(microseconds=microseconds))
clocks = st.builds(opening_clock, starts.map(lambda at: at.astimezone(UTC)), limits, allowances)


@given(starts, limits, allowances)
def test_the_deadline_is_start_and_limit_times_factor_wherever_the_person_sits(start, limit, allowance):
    clock = opening_clock(start, limit, allowance)

    expected = UNTIMED if allowance.is_untimed else limit * allowance.percent / 100
    assert abs(clock.deadline - start.astimezone(UTC) - expected) <= timedelta(microseconds=1)
    assert clock.deadline >= deadline(start, limit)
    assert clock.deadline.tzinfo is UTC


@given(clocks, st.lists(st.tuples(spans, spans), max_size=6))
def test_no_time_to_work_is_lost_or_won_by_breaks(clock, rounds):
    """Each round works for a while, then rests for a while; a break gives less than a second."""
    at, worked, plain = clock.started_at, timedelta(0), clock.deadline - clock.started_at
    for breaks, (work, rest) in enumerate(rounds, start=1):
        at += work
        worked += work
        left = clock.time_left(at)
        if left == timedelta(0) or not clock.break_left(at):
            break
        clock = clock.begin_break(at)
        assert clock.time_left(at) == left
        over = max(timedelta(0), rest - clock.break_left(at) * SECOND)
        at += rest
        assert clock.is_on_break(at) == (over == timedelta(0) and clock.break_ends_at != at)
        worked += over
        clock = clock.end_break(at)
        assert timedelta(0) <= clock.time_left(at) - max(timedelta(0), plain - worked) <= breaks * SECOND
    assert clock.deadline - clock.started_at <= plain + clock.break_seconds * SECOND


@given(clocks, spans)
def test_whoever_never_comes_back_from_a_break_has_used_it_up(clock, worked):
    at = clock.started_at + worked
    if not clock.break_left(at) or not clock.time_left(at):
        return
    resting = clock.begin_break(at)

    assert resting.deadline == clock.deadline + clock.break_seconds_left * SECOND
    assert resting.end_break(resting.deadline).deadline == resting.deadline


@given(clocks, spans, spans, st.booleans())
def test_an_outage_takes_nothing_from_the_time_that_was_left(clock, before, length, is_on_break):
    began_at = clock.started_at + before
    if began_at > clock.deadline:
        assert clock.credited(began_at, began_at + length).deadline == clock.deadline
        return
    if is_on_break and clock.break_left(began_at):
        clock = clock.begin_break(began_at)
    ended_at = began_at + length

    after = clock.credited(began_at, ended_at)

    assert timedelta(0) <= after.time_left(ended_at) - clock.time_left(began_at) < SECOND
    assert 0 <= after.break_left(ended_at) - clock.break_left(began_at) <= 1


@given(clocks, spans, spans)
def test_an_outage_that_began_before_the_attempt_counts_from_its_start(clock, before, length):
    clock = clock.credited(clock.started_at - before, clock.started_at + length)

    assert timedelta(0) <= clock.credit_seconds * SECOND - length < SECOND


@given(clocks, allowances)
def test_a_grant_never_shortens_and_twice_is_once(clock, allowance):
    granted = clock.granted(allowance)

    assert granted.deadline >= clock.deadline
    assert granted.granted(allowance) == granted


def test_a_break_cannot_be_begun_twice_or_without_allowance():
    plain = opening_clock(NOON, HOUR, Allowance())
    with pytest.raises(ValueError, match="no break"):
        plain.begin_break(NOON)
    resting = opening_clock(NOON, HOUR, Allowance(break_seconds=60)).begin_break(NOON)
    with pytest.raises(ValueError, match="under way"):
        resting.begin_break(NOON + SECOND)
    with pytest.raises(ValueError, match="no break"):
        resting.begin_break(NOON + HOUR)  # it ran out long ago


def test_the_parts_add_up_as_the_page_tells_them():
    clock = opening_clock(NOON, timedelta(minutes=75), Allowance(percent=150, break_seconds=600))
    clock = clock.begin_break(NOON + HOUR).end_break(NOON + HOUR + timedelta(minutes=10))
    clock = clock.credited(NOON + 2 * HOUR, NOON + 2 * HOUR + timedelta(minutes=4))

    assert clock.deadline == NOON + timedelta(minutes=112, seconds=30) + timedelta(minutes=14)
