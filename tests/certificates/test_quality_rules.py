"""The rules of work quality: the estimate and its interval, the test against a floor, the ledger, extensions."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.domain.evidence import as_json, read_evidence
from certificates.domain.extension import ExtensionRule, Term, extended_until
from certificates.domain.outcomes import Fault, Ledger, Outcome, OutcomeKind, fault_of_time
from certificates.domain.quality_watch import THRESHOLD, Watch, can_be_tested, worse_than
from certificates.domain.work_quality import UNITS, estimate, estimate_of_all, points_of

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ADA, BOB = UUID(int=1), UUID(int=2)
FLOOR = Fraction(4, 5)

points = st.integers(min_value=0, max_value=UNITS)
floors = st.fractions(min_value=Fraction(1, 20), max_value=Fraction(99, 100), max_denominator=100)


def watched(scores, floor=FLOOR, watch=None):
    watch = watch or Watch(floor)
    for number, score in enumerate(scores, start=watch.tasks + 1):
        watch = watch.take(number=number, points=score)
    return watch


def make_outcome(external_id="one", **given):
    facts = {
        "external_id": external_id,
        "person_id": ADA,
        "task_id": external_id,
        "skill": "grounding",
        "tier": None,
        "kind": OutcomeKind.GOLD,
        "score": Fraction(1),
        "occurred_at": AT,
    }
    return Outcome(**(facts | given))


def make_ledger(**given):
    facts = {
        "workers": frozenset({ADA, BOB}),
        "bounds": {"generalist": 3},
        "posted": {},
        "days": {},
        "answered": set(),
        "numbers": {},
        "at": AT,
    }
    return Ledger(**(facts | given))


@given(st.lists(points, min_size=1))
def test_the_interval_holds_the_estimate_and_lies_from_0_to_1(scores):
    found = estimate(len(scores), sum(scores))

    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.value == Fraction(sum(scores), len(scores) * UNITS)


@given(st.integers(1, 500), st.integers(0, 500))
def test_the_interval_is_wilsons(tasks, right):
    right = min(right, tasks)
    found = estimate(tasks, right * UNITS)
    share, z = right / tasks, 1.96
    centre = (share + z * z / (2 * tasks)) / (1 + z * z / tasks)
    half = z / (1 + z * z / tasks) * (share * (1 - share) / tasks + z * z / (4 * tasks * tasks)) ** 0.5

    assert float(found.low) == pytest.approx(max(centre - half, 0), abs=1e-9)
    assert float(found.high) == pytest.approx(min(centre + half, 1), abs=1e-9)


@given(st.integers(1, 300), st.integers(0, 300))
def test_one_more_right_answer_never_makes_the_estimate_worse(tasks, right):
    right = min(right, tasks)

    assert estimate(tasks + 1, (right + 1) * UNITS).low >= estimate(tasks, right * UNITS).low


@given(st.lists(st.tuples(st.sampled_from("abc"), points)))
def test_sums_of_skills_are_the_sum_of_all_in_whatever_order_they_came(answers):
    sums: dict[str, list[int]] = {}
    for skill, score in random.Random(1).sample(answers, len(answers)):
        sums.setdefault(skill, [0, 0])
        sums[skill] = [sums[skill][0] + 1, sums[skill][1] + score]

    whole = estimate_of_all((tasks, earned) for tasks, earned in sums.values())

    assert whole == (estimate(len(answers), sum(score for _, score in answers)) if answers else None)


@pytest.mark.parametrize(("tasks", "earned"), [(0, 0), (1, -1), (1, UNITS + 1)])
def test_what_no_work_can_earn_is_refused(tasks, earned):
    with pytest.raises(ValueError, match="task"):
        estimate(tasks, earned)


def test_a_score_beyond_its_range_has_no_points():
    with pytest.raises(ValueError, match="from 0 to 1"):
        points_of(Fraction(11, 10))


@given(st.lists(points, max_size=60), st.lists(points, max_size=60), floors)
def test_counting_on_is_the_same_as_counting_anew(before, after, floor):
    assert watched(after, watch=watched(before, floor)) == watched(before + after, floor)


@given(st.lists(points, max_size=80), floors)
def test_a_run_is_what_came_since_its_first_answer(scores, floor):
    watch = watched(scores, floor)

    assert watch.tasks == len(scores)
    assert watch.points == sum(scores)
    assert (watch.level == 0) == (watch.run_tasks == 0) == (watch.run_from == 0)
    if watch.run_tasks:
        run = scores[watch.run_from - 1 :]
        assert (watch.run_tasks, watch.run_points) == (len(run), sum(run))


@given(st.lists(points, max_size=60), floors, st.integers(0, 59))
def test_a_better_answer_never_raises_the_evidence(scores, floor, place):
    better = [UNITS if place == each else score for each, score in enumerate(scores)]
    if not any(watched(scores[: end + 1], floor).is_alarmed for end in range(len(scores))):
        assert watched(better, floor).level <= watched(scores, floor).level


def test_right_answers_alone_never_raise_an_alarm():
    watch = watched([UNITS] * 1000)

    assert watch.level == 0


def test_wrong_answers_alone_raise_one_soon_and_it_begins_anew_afterwards():
    scores = [0] * 20
    alarmed = next(end for end in range(1, 21) if watched(scores[:end]).is_alarmed)

    assert 5 < alarmed < 20
    assert watched(scores[:alarmed]).run_tasks == alarmed
    after = watched(scores[: alarmed + 1])
    assert (after.run_from, after.run_tasks, after.tasks) == (alarmed + 1, 1, alarmed + 1)


def test_a_long_good_record_does_not_delay_an_alarm():
    fresh = next(end for end in range(1, 50) if watched([0] * end).is_alarmed)
    seasoned = watched([UNITS] * 1000)

    assert watched([0] * fresh, watch=seasoned).is_alarmed


@pytest.mark.parametrize("floor", [Fraction(0), Fraction(1, 100), Fraction(1)])
def test_a_floor_that_no_test_can_watch_is_refused(floor):
    assert not can_be_tested(floor)
    with pytest.raises(ValueError, match="floor"):
        Watch(floor).take(number=1, points=0)


def test_the_test_is_sharpest_for_twice_the_odds_of_error():
    worse = worse_than(FLOOR)

    assert (1 - worse) / worse == pytest.approx(2 * (1 - 0.8) / 0.8)


@given(st.lists(points, min_size=1, max_size=60))
def test_kept_evidence_replays_to_the_level_that_raised_the_alarm(scores):
    watch = watched(scores)
    run = list(enumerate(scores, start=1))[watch.run_from - 1 :] if watch.run_tasks else []
    answers = [
        {
            "number": number,
            "external_id": str(number),
            "task_id": str(number),
            "skill": "grounding",
            "kind": "gold",
            "score": str(Fraction(score, UNITS)),
            "occurred_at": "2026-11-21T09:00:00Z",
        }
        for number, score in run
    ]
    if not run:
        return
    read = read_evidence(as_json(watch, answers))

    assert read.answers[-1].level == watch.level / THRESHOLD
    assert read.run == estimate(watch.run_tasks, watch.run_points)
    assert read.everything == estimate(len(scores), sum(scores))


def test_only_the_first_answer_to_a_task_counts_and_every_one_is_kept():
    ledger = make_ledger()
    again = [make_outcome("one", task_id="t"), make_outcome("two", task_id="t"), make_outcome("three", task_id="u")]

    assert [ledger.enter(each).state for each in again] == ["accepted"] * 3
    assert [entry.is_first for entry in ledger.entries] == [True, False, True]
    assert [entry.number for entry in ledger.entries] == [1, 2, 3]


def test_a_task_may_be_answered_for_the_first_time_in_each_skill_and_by_everybody():
    ledger = make_ledger()
    for each in (
        make_outcome("one", task_id="t"),
        make_outcome("two", task_id="t", skill="style"),
        make_outcome("three", task_id="t", person_id=BOB),
    ):
        ledger.enter(each)

    assert all(entry.is_first for entry in ledger.entries)
    assert [entry.number for entry in ledger.entries] == [1, 2, 1]


def test_the_same_again_is_a_duplicate_and_another_content_a_conflict():
    ledger = make_ledger()
    ledger.enter(make_outcome("one"))

    assert ledger.enter(make_outcome("one")).state == "duplicate"
    assert ledger.enter(make_outcome("one", score=Fraction(0))).fault is Fault.CONFLICT
    assert len(ledger.entries) == 1


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"person_id": UUID(int=9)}, Fault.UNKNOWN_SUBJECT),
        ({"tier": "admiral"}, Fault.UNKNOWN_TIER),
        ({"occurred_at": AT + timedelta(minutes=6)}, Fault.IN_THE_FUTURE),
        ({"occurred_at": AT - timedelta(days=90, seconds=1)}, Fault.TOO_OLD),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(given, fault):
    ledger = make_ledger()

    assert ledger.enter(make_outcome(**given)).fault is fault
    assert ledger.entries == []


def test_more_than_the_bound_of_a_tier_on_one_day_is_refused_and_the_next_day_is_another():
    ledger = make_ledger(days={(ADA, AT.date()): 2})
    before = [make_outcome(str(number), tier="generalist") for number in range(2)]

    assert [ledger.enter(each).fault for each in before] == [None, Fault.TOO_MANY]
    yesterday = make_outcome("yesterday", tier="generalist", occurred_at=AT - timedelta(days=1))
    assert ledger.enter(yesterday).state == "accepted"


def test_a_clock_may_be_a_little_ahead():
    assert fault_of_time(AT + timedelta(minutes=5), AT) is None
    assert fault_of_time(AT - timedelta(days=90), AT) is None


RULE = ExtensionRule(tasks=200, floor=FLOOR)
GOOD = estimate(200, 190 * UNITS)
TERM = Term(valid_until=AT + timedelta(days=300), months=24, extended_at=None)


def test_good_work_adds_half_of_the_validity():
    assert extended_until(TERM, RULE, GOOD, AT) == TERM.valid_until.replace(year=TERM.valid_until.year + 1)


@pytest.mark.parametrize(
    ("term", "work"),
    [
        (TERM, None),
        (TERM, estimate(199, 190 * UNITS)),  # too little of it
        (TERM, estimate(200, 165 * UNITS)),  # above the floor, but not surely
        (replace(TERM, extended_at=AT - timedelta(days=364)), GOOD),  # extended less than a year ago
        (replace(TERM, valid_until=AT), GOOD),  # over already
        (replace(TERM, valid_until=AT + timedelta(days=400)), GOOD),  # fresh enough
    ],
)
def test_otherwise_a_certificate_keeps_its_end(term, work):
    assert extended_until(term, RULE, work, AT) is None


@given(st.integers(1, 900), st.integers(1, 60))
def test_nothing_holds_longer_than_what_is_issued_today(days, months):
    until = extended_until(Term(AT + timedelta(days=days), months, None), RULE, GOOD, AT)

    assert until is None or AT + timedelta(days=days) < until <= AT + timedelta(days=31 * months)
