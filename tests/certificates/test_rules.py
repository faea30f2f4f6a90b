"""The pure rules: validity, standing, figures."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.domain.figures import fineness, whole_percent
from certificates.domain.standing import CertificateState, Standing, standing_at
from certificates.domain.validity import RENEWAL_MONTHS, renewal_opening, validity


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("issued", "months", "until"),
    [
        (at(2026, 11, 21), 24, at(2028, 11, 21)),
        (at(2026, 12, 31), 1, at(2027, 1, 31)),
        (at(2027, 1, 31), 1, at(2027, 2, 28)),
        (at(2028, 1, 31), 1, at(2028, 2, 29)),
        (at(2028, 2, 29), 12, at(2029, 2, 28)),
        (at(2026, 11, 30), 3, at(2027, 2, 28)),
    ],
)
def test_a_certificate_is_valid_for_whole_calendar_months(issued, months, until):
    assert validity(issued, months) == until


def test_a_certificate_without_a_month_is_none():
    with pytest.raises(ValueError, match="one month at least"):
        validity(at(2026, 11, 21), 0)


@given(st.integers(0, 40_000).map(lambda days: at(2020, 1, 1) + timedelta(days=days)), st.integers(1, 240))
def test_validity_ends_between_28_and_31_days_a_month_later(issued, months):
    ends = validity(issued, months)

    assert timedelta(days=28 * months) <= ends - issued <= timedelta(days=31 * months)
    assert ends.time() == issued.time()


@pytest.mark.parametrize(
    ("issued", "until", "opening"),
    [
        (at(2026, 11, 3), at(2028, 11, 3), datetime(2028, 8, 3, tzinfo=UTC)),
        (at(2026, 1, 31), at(2028, 1, 31), datetime(2027, 10, 31, tzinfo=UTC)),
        (at(2026, 5, 31), at(2028, 5, 31), datetime(2028, 2, 29, tzinfo=UTC)),
        (at(2026, 5, 31), at(2027, 5, 31), datetime(2027, 2, 28, tzinfo=UTC)),
        (at(2026, 11, 2), at(2027, 1, 2), datetime(2026, 12, 2, tzinfo=UTC)),  # of two months: after one
    ],
)
def test_a_renewal_opens_three_months_before_the_end_or_in_the_second_half(issued, until, opening):
    assert renewal_opening(issued, until) == opening


@given(st.integers(0, 40_000).map(lambda days: at(2020, 1, 1) + timedelta(days=days)), st.integers(1, 240))
def test_a_renewal_opens_after_the_issue_and_before_the_end_and_never_in_the_first_half(issued, months):
    until = validity(issued, months)
    opening = renewal_opening(issued, until)

    assert issued < opening < until
    assert opening.time() == datetime.min.time()
    assert opening > issued + (until - issued) / 2 - timedelta(days=1)
    assert months < 2 * RENEWAL_MONTHS or until - opening >= timedelta(days=89)


def test_a_certificate_has_expired_at_the_instant_it_is_valid_until():
    until = at(2028, 11, 21)

    assert standing_at(CertificateState.VALID, until, until - timedelta(microseconds=1)) is Standing.VALID
    assert standing_at(CertificateState.VALID, until, until) is Standing.EXPIRED


def test_what_was_revoked_stays_revoked_after_its_last_day():
    until = at(2028, 11, 21)

    assert standing_at(CertificateState.REVOKED, until, at(2030, 1, 1)) is Standing.REVOKED


@given(st.fractions(0, 1))
def test_no_score_looks_better_than_it_is(score):
    assert Fraction(whole_percent(score), 100) <= score
    assert Fraction(int(fineness(score)), 1000) <= score


def test_fineness_has_three_digits():
    assert [fineness(Fraction(7, 1000)), fineness(Fraction(871, 1000))] == ["007", "871"]
