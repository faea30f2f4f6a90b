"""Requirements: read with exact errors, written back, said in words, and judged by laws that always hold."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.domain.decision_records import missing_as_json
from certificates.domain.entitlement_facts import QualityFact
from certificates.domain.judging import AllMissing, Facts, Lack, LackKind, SomeMissing, holds, judge
from certificates.domain.requirement_json import InvalidRequirement, parse_requirement
from certificates.domain.requirement_words import describe, say_missing
from certificates.domain.requirements import AllOf, AnyOf, AtLeast, HoldsAchievement, Source, WorkQuality, as_json
from certificates.domain.standing import CertificateState
from tests.certificates.requirement_strategies import (
    INSTANTS,
    START,
    certificates,
    held,
    known_quality,
    make_fact,
    requirements,
)

NOW = START + timedelta(days=10)
FACTS, SPANS, LAW = (HoldsAchievement(Source.OWN, slug) for slug in ("facts", "spans", "law"))
NAMES = {(Source.OWN, "facts"): "Fact Checker", (Source.PUBLIC, "spans"): "Span Marker"}


def faults(value: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequirement) as refused:
        parse_requirement(value)
    return [(fault.path, fault.message) for fault in refused.value.faults]


def nested(levels: int) -> dict[str, object]:
    inside: dict[str, object] = {"kind": "achievement", "slug": "facts"}
    for _ in range(levels - 1):
        inside = {"kind": "all_of", "parts": [inside]}
    return inside


@given(requirements)
def test_what_is_written_is_read_back_as_the_same(requirement):
    assert parse_requirement(as_json(requirement)) == requirement


@pytest.mark.parametrize(
    ("score", "exact"),
    [("4/5", Fraction(4, 5)), ("0.85", Fraction(17, 20)), (0.1, Fraction(1, 10)), (1, Fraction(1))],
)
def test_scores_are_read_exactly(score, exact):
    read = parse_requirement({"kind": "work_quality", "at_least": score, "tasks": 50})

    assert read == WorkQuality(None, exact, 50)


@pytest.mark.parametrize(
    ("value", "path", "said"),
    [
        (None, "", "expected an object with a kind, got nothing"),
        ({}, "/kind", "expected one of all_of, any_of, at_least, achievement, work_quality, got nothing"),
        ({"kind": "none_of"}, "/kind", "got none_of"),
        ({"kind": "all_of", "parts": []}, "/parts", "at least one requirement, got an empty list"),
        ({"kind": "achievement", "slug": "Facts"}, "/slug", "got Facts"),
        ({"kind": "achievement", "slug": "facts", "organisation": "theirs"}, "/organisation", "expected public or own"),
        ({"kind": "achievement", "slug": "facts", "minimum": {"a/b": "1/2"}}, "/minimum/a~1b", "lower case letters"),
        ({"kind": "achievement", "slug": "facts", "minimum": {"spans": "6/5"}}, "/minimum/spans", "up to 1"),
        ({"kind": "achievement", "slug": "facts", "minimum": {"spans": "1/0"}}, "/minimum/spans", "got 1/0"),
        ({"kind": "achievement", "slug": "facts", "minimum": {"spans": "1e-9"}}, "/minimum/spans", "got 1e-9"),
        ({"kind": "achievement", "slug": "facts", "not_older_than_days": True}, "/not_older_than_days", "1 to 3650"),
        ({"kind": "achievement", "slug": "facts", "weight": 2}, "/weight", "has no such member"),
        ({"kind": "work_quality", "at_least": "0", "tasks": 5}, "/at_least", "above 0"),
        ({"kind": "work_quality", "at_least": "1/2", "tasks": 0}, "/tasks", "whole number from 1"),
        (
            {"kind": "work_quality", "at_least": "1/2", "tasks": 1, "provisional": "yes"},
            "/provisional",
            "true or false",
        ),
        ({"kind": "at_least", "count": 2, "parts": [nested(1)]}, "/count", "whole number from 1 to 1"),
        ({"kind": "any_of", "parts": [nested(1), 7]}, "/parts/1", "expected an object with a kind, got 7"),
        (nested(7), "/parts/0" * 6, "at most 6 levels"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(value, path, said):
    [(where, message)] = faults(value)

    assert where == path
    assert said in message


def test_everything_that_is_wrong_is_named_at_once():
    wrong = {"kind": "all_of", "parts": [{"kind": "achievement", "slug": 7, "organisation": 8}, {"kind": "?"}]}

    assert [path for path, _ in faults(wrong)] == ["/parts/0/organisation", "/parts/0/slug", "/parts/1/kind"]


def test_a_requirement_of_a_million_parts_is_refused_with_one_sentence():
    assert faults({"kind": "all_of", "parts": [nested(1)] * 1_000_000}) == [
        ("/parts/63", "the requirement has too many parts; at most 64 are taken")
    ]


@given(requirements, held, known_quality, INSTANTS, st.booleans())
def test_a_verdict_is_the_same_until_it_expires_and_another_one_then(
    requirement, certificates, quality, at, is_lenient
):
    facts = Facts(certificates, quality)
    verdict = judge(requirement, facts, at, is_lenient=is_lenient)
    turns = sorted({each for one in certificates for each in _instants(one)} | {at + timedelta(days=4000)})
    later = [instant for instant in turns if instant > at]

    for instant in later:
        if verdict.expires_at is None or instant < verdict.expires_at:
            assert judge(requirement, facts, instant, is_lenient=is_lenient).holds == verdict.holds
    if verdict.expires_at is not None:
        assert judge(requirement, facts, verdict.expires_at, is_lenient=is_lenient).holds != verdict.holds


def _instants(certificate):
    """Around every instant at which it could begin or cease to count."""
    tick = timedelta(microseconds=1)
    ages = [certificate.issued_at + timedelta(days=days) for days in range(1, 121)]
    return [around for at in (certificate.issued_at, certificate.valid_until, *ages) for around in (at - tick, at)]


@given(requirements, held, certificates(), known_quality, INSTANTS)
def test_another_certificate_never_closes_anything(requirement, certificates, another, quality, at):
    before = judge(requirement, Facts(certificates, quality), at)
    after = judge(requirement, Facts((*certificates, another), quality), at)

    assert after.holds or not before.holds


@given(requirements, held, known_quality, INSTANTS)
def test_what_holds_strictly_holds_leniently_too(requirement, certificates, quality, at):
    facts = Facts(certificates, quality)

    assert judge(requirement, facts, at, is_lenient=True).holds or not judge(requirement, facts, at).holds


@given(st.lists(requirements, min_size=1, max_size=3).map(tuple), held, known_quality, INSTANTS)
def test_groups_count_their_parts(parts, certificates, quality, at):
    facts = Facts(certificates, quality)
    met = sum(judge(part, facts, at).holds for part in parts)

    assert judge(AllOf(parts), facts, at).holds == (met == len(parts))
    assert judge(AnyOf(parts), facts, at).holds == (met >= 1)
    for count in range(1, len(parts) + 1):
        assert judge(AtLeast(count, parts), facts, at).holds == (met >= count)


@given(requirements, held, known_quality, INSTANTS)
def test_something_is_missing_exactly_when_it_does_not_hold_and_can_be_said(requirement, certificates, quality, at):
    verdict = judge(requirement, Facts(certificates, quality), at)

    assert (
        verdict.holds
        == (verdict.missing is None)
        == holds(requirement, Facts(certificates, quality), at, is_lenient=False)
    )
    if verdict.missing is not None:
        assert say_missing(missing_as_json(verdict.missing))
    assert describe(requirement)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"state": CertificateState.SUSPENDED}, LackKind.SUSPENDED),
        ({"state": CertificateState.REVOKED}, LackKind.REVOKED),
        ({"state": CertificateState.SUPERSEDED}, LackKind.NOT_HELD),
        ({"valid_until": NOW}, LackKind.EXPIRED),
        ({"organisation": Source.PUBLIC}, LackKind.NOT_HELD),
        ({"slug": "law"}, LackKind.NOT_HELD),
        ({"issued_at": NOW - timedelta(days=5)}, LackKind.TOO_OLD),
        ({"skills": {"grounding": Fraction(79, 100)}}, LackKind.SKILL_BELOW),
        ({"skills": {}}, LackKind.SKILL_BELOW),
        ({"is_under_review": True}, LackKind.UNDER_REVIEW),
    ],
)
def test_a_certificate_that_does_not_count_is_missing_for_its_reason(given, kind):
    asked = HoldsAchievement(Source.OWN, "facts", {"grounding": Fraction(4, 5)}, not_older_than_days=5)
    fact = make_fact(**({"issued_at": NOW - timedelta(days=4)} | given))

    missing = judge(asked, Facts((fact,)), NOW).missing

    assert isinstance(missing, Lack)
    assert missing.kind is kind


def test_of_several_certificates_the_one_that_is_nearest_is_told():
    expired = make_fact(id="expired", valid_until=NOW)
    suspended = make_fact(id="suspended", state=CertificateState.SUSPENDED)

    assert judge(FACTS, Facts((expired, suspended)), NOW).missing.facts["certificate"] == "suspended"


def test_of_alternatives_the_cheapest_comes_first():
    either = AnyOf((AllOf((SPANS, LAW)), FACTS))

    assert judge(either, Facts(), NOW).missing == SomeMissing(
        1,
        (
            judge(FACTS, Facts(), NOW).missing,
            AllMissing((judge(SPANS, Facts(), NOW).missing, judge(LAW, Facts(), NOW).missing)),
        ),
    )


def test_of_two_out_of_three_only_what_is_still_needed_is_missing():
    missing = judge(AtLeast(2, (FACTS, SPANS, LAW)), Facts((make_fact("spans"),)), NOW).missing

    assert (missing.count, [part.facts["achievement"] for part in missing.parts]) == (1, ["facts", "law"])


@pytest.mark.parametrize(
    ("tasks", "estimate", "has_it", "strictly", "leniently"),
    [
        (50, "9/10", False, None, None),
        (49, "1", False, LackKind.TOO_FEW_TASKS, None),
        (50, "8/10", False, LackKind.QUALITY_BELOW, LackKind.QUALITY_BELOW),
        (50, "8/10", True, LackKind.QUALITY_BELOW, None),
    ],
)
def test_work_quality_counts_when_enough_is_known_and_closes_nothing_by_itself(
    tasks, estimate, has_it, strictly, leniently
):
    asked = WorkQuality("grounding", Fraction(9, 10), 50, provisional=True)
    known = QualityFact("grounding", Fraction(estimate), Fraction(0), Fraction(1), tasks)
    facts = Facts((), (known,), has_it)

    def lack(*, is_lenient):
        missing = judge(asked, facts, NOW, is_lenient=is_lenient).missing
        return missing and missing.kind

    assert (lack(is_lenient=False), lack(is_lenient=True)) == (strictly, leniently)


def test_a_requirement_is_said_in_a_phrase():
    asked = AllOf(
        (
            HoldsAchievement(Source.OWN, "facts", {"grounding": Fraction(4, 5)}, 365),
            AnyOf((HoldsAchievement(Source.PUBLIC, "spans"), WorkQuality(None, Fraction(17, 20), 200))),
        )
    )

    assert describe(asked, NAMES) == (
        "the certificate “Fact Checker” with at least 80 % in grounding, not older than 365 days and"
        " (the certificate “Span Marker” or work quality of at least 85 % over 200 tasks)"
    )


def test_no_share_looks_better_in_words_than_it_is():
    asked = HoldsAchievement(Source.OWN, "facts", {"grounding": Fraction(2, 3)})
    fact = make_fact(skills={"grounding": Fraction(6665, 10000)})

    assert say_missing(missing_as_json(judge(asked, Facts((fact,)), NOW).missing), NAMES) == (
        "The certificate “Fact Checker” is held, and must show at least 66.7 % in grounding (it shows 66.6 %)."
    )
