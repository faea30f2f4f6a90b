"""When a delivery is tried again: later and later, by chance a little apart, and for three days."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.webhooks.schedule import RESTS, TRIED_FOR, WAITS, is_hopeless, next_try, rest_after

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
chances = st.floats(0, 1, allow_nan=False)


@given(st.lists(chances, min_size=60, max_size=60))
def test_a_delivery_that_always_fails_is_tried_for_exactly_three_days(chances):
    at, step, tries = AT, 0, 1
    for chance in chances:
        again = next_try(step=step, counted_from=AT, at=at, chance=chance)
        if again is None:
            break
        assert again.due_at > at
        at, step, tries = again.due_at, again.step, tries + 1

    assert at == AT + TRIED_FOR
    assert len(WAITS) <= tries <= len(WAITS) + 3


@given(st.integers(0, len(WAITS) - 2), chances, chances)
def test_each_wait_is_longer_than_the_one_before_whatever_chance_does(step, one, other):
    early = next_try(step=step, counted_from=AT, at=AT, chance=one)
    late = next_try(step=step + 1, counted_from=AT, at=AT, chance=other)

    assert WAITS[step] * 0.89 <= early.due_at - AT <= WAITS[step] * 1.11
    assert WAITS[step] * 1.11 > WAITS[step + 1] * 0.9 or early.due_at < late.due_at


@given(st.integers(1, 100))
def test_an_endpoint_rests_the_longer_the_more_often_it_failed(failures):
    assert rest_after(failures) <= rest_after(failures + 1) <= RESTS[-1]


def test_an_endpoint_is_hopeless_only_after_many_failures_over_days():
    assert not is_hopeless(failures=500, failing_since=AT, at=AT + timedelta(hours=70))
    assert not is_hopeless(failures=9, failing_since=AT, at=AT + timedelta(days=9))
    assert is_hopeless(failures=10, failing_since=AT, at=AT + timedelta(hours=71))
