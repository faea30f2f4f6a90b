"""Who may start a test, and from when on."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.eligibility import Reason, Renewal, RetakePolicy, Sitting, decide_eligibility

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
POLICY = RetakePolicy(tries=3, window=90 * DAY, cool_down=DAY)

POLICIES = st.builds(
    RetakePolicy,
    tries=st.integers(1, 4),
    window=st.integers(1, 100).map(lambda days: days * DAY),
    cool_down=st.integers(0, 100).map(lambda hours: timedelta(hours=hours)),
)


def sat(days_ago: float, *, passed: bool | None = False, hours: float = 1) -> Sitting:
    start = NOW - days_ago * DAY
    return Sitting(start, start + timedelta(hours=hours), passed)


SITTINGS = st.lists(
    st.builds(
        sat,
        st.integers(1, 200),
        passed=st.sampled_from([False, False, False, False, None, True]),
        hours=st.integers(0, 12),
    )
    | st.integers(1, 200).map(lambda days: Sitting(NOW - days * DAY)),
    max_size=6,
)
RENEWALS = st.integers(-200, 200).map(lambda days: Renewal(NOW + days * DAY, NOW + (days + 90) * DAY))
FAILED = st.lists(st.builds(sat, st.integers(1, 200), hours=st.integers(0, 12)), max_size=6)


@given(POLICIES, SITTINGS)
def test_a_verdict_is_eligible_exactly_without_reasons_and_then_has_a_try_left(policy, sittings):
    verdict = decide_eligibility(policy, sittings, NOW)

    assert verdict.eligible == (not verdict.reasons)
    assert 0 <= verdict.tries_left <= policy.tries
    assert (verdict.tries_left == 0) == (Reason.TRIES_USED in verdict.reasons)
    assert (verdict.possible_at == NOW) == verdict.eligible
    assert verdict == decide_eligibility(policy, sittings[::-1], NOW)


@given(POLICIES, FAILED)
def test_waiting_until_the_told_instant_is_needed_and_enough(policy, sittings):
    possible_at = decide_eligibility(policy, sittings, NOW).possible_at

    assert decide_eligibility(policy, sittings, possible_at).eligible
    if possible_at > NOW:
        assert not decide_eligibility(policy, sittings, possible_at - INSTANT).eligible


@given(POLICIES, FAILED, st.integers(1, 200))
def test_one_more_failure_never_opens_a_test(policy, sittings, days_ago):
    after = decide_eligibility(policy, [*sittings, sat(days_ago)], NOW)

    assert decide_eligibility(policy, sittings, NOW).eligible or not after.eligible


@given(POLICIES, st.integers(1, 200))
def test_nobody_who_passed_or_is_sitting_or_waits_for_a_result_can_start_by_waiting(policy, days_ago):
    for sitting, reason in (
        (sat(days_ago, passed=True), Reason.ALREADY_PASSED),
        (sat(days_ago, passed=None), Reason.AWAITING_RESULT),
        (Sitting(NOW - days_ago * DAY), Reason.OPEN_ATTEMPT),
    ):
        verdict = decide_eligibility(policy, [sitting], NOW)
        assert reason in verdict.reasons
        assert verdict.possible_at is None


def test_a_newcomer_may_start_with_all_tries():
    verdict = decide_eligibility(POLICY, [], NOW)

    assert (verdict.eligible, verdict.tries_left, verdict.possible_at) == (True, 3, NOW)


def test_a_failure_cools_down_for_a_day_from_its_end():
    verdict = decide_eligibility(POLICY, [sat(0.5)], NOW)

    assert verdict.reasons == (Reason.COOLING_DOWN,)
    assert verdict.possible_at == NOW + timedelta(hours=13)
    assert decide_eligibility(POLICY, [sat(0.5)], verdict.possible_at).eligible
    assert not decide_eligibility(POLICY, [sat(0.5)], verdict.possible_at - INSTANT).eligible
    assert verdict.tries_left == 2


def test_after_three_tries_the_next_is_possible_when_the_first_leaves_the_window():
    verdict = decide_eligibility(POLICY, [sat(80), sat(40), sat(20)], NOW)

    assert verdict.reasons == (Reason.TRIES_USED,)
    assert verdict.possible_at == NOW + 10 * DAY


@given(POLICIES, FAILED, st.integers(1, 200), RENEWALS)
def test_after_a_pass_waiting_until_the_told_instant_is_needed_and_enough_where_it_can_be_renewed(
    policy, failed, days_ago, renewal
):
    sittings = [*failed, sat(days_ago, passed=True)]
    told = decide_eligibility(policy, sittings, NOW, renewal=renewal)

    assert told.renewal == renewal
    assert (Reason.ALREADY_PASSED in told.reasons) == (renewal.opens_at > NOW)
    assert told.possible_at >= renewal.opens_at
    assert decide_eligibility(policy, sittings, told.possible_at, renewal=renewal).eligible
    if told.possible_at > NOW:
        assert not decide_eligibility(policy, sittings, told.possible_at - INSTANT, renewal=renewal).eligible


@given(POLICIES, FAILED, st.integers(1, 200), RENEWALS)
def test_a_renewal_lifts_the_pass_and_nothing_else(policy, failed, days_ago, renewal):
    sittings = [*failed, sat(days_ago, passed=True)]
    barred = decide_eligibility(policy, sittings, NOW)
    renewed = decide_eligibility(policy, sittings, NOW, renewal=renewal)

    assert {*renewed.reasons, Reason.ALREADY_PASSED} == set(barred.reasons)
    assert renewed.tries_left == barred.tries_left


@given(POLICIES, SITTINGS, RENEWALS)
def test_without_a_pass_there_is_nothing_to_renew(policy, sittings, renewal):
    sittings = [sitting for sitting in sittings if not sitting.has_passed]

    assert decide_eligibility(policy, sittings, NOW, renewal=renewal) == decide_eligibility(policy, sittings, NOW)


@pytest.mark.parametrize(("tries", "window", "cool_down"), [(0, DAY, DAY), (1, timedelta(0), DAY), (1, DAY, -DAY)])
def test_a_policy_that_makes_no_sense_is_refused(tries, window, cool_down):
    with pytest.raises(ValueError, match=r"needs at least one try|window must be positive"):
        RetakePolicy(tries, window, cool_down)
