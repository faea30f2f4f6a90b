"""Entitlements: the rule that says whether a tier is open, case by case, and the laws that it keeps."""

import json
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import given

from certificates.domain.decision_records import inputs_as_json, missing_as_json, parse_inputs
from certificates.domain.entitlement_facts import QualityFact, SanctionFact
from certificates.domain.entitlements import AccountStanding, EarlierTerms, Outcome, Terms, decide
from certificates.domain.judging import LackKind
from certificates.domain.requirement_words import say_missing
from certificates.domain.requirements import AllOf, HoldsAchievement, Source, WorkQuality
from certificates.domain.standing import CertificateState
from tests.certificates.requirement_strategies import START, TIER, any_inputs, make_fact, make_inputs

FACTS, SPANS = HoldsAchievement(Source.OWN, "facts"), HoldsAchievement(Source.OWN, "spans")
CHANGED = START + timedelta(days=5)
GRACE = START + timedelta(days=35)


def kinds(inputs) -> list[LackKind]:
    return [missing.kind for missing in decide(inputs).missing]


def changed_to(requirement) -> Terms:
    """Terms that were another achievement until the fifth day, with thirty days of grace."""
    return Terms(2, requirement, (EarlierTerms(1, FACTS, CHANGED, GRACE),))


def sanctioned(**given) -> SanctionFact:
    return SanctionFact(**({"id": uuid4(), "tier": TIER, "since": START, "reason": "Copied answers."} | given))


def test_a_tier_is_allowed_until_the_certificate_ends():
    decision = decide(make_inputs())

    assert (decision.outcome, decision.missing) == (Outcome.ALLOW, ())
    assert decision.expires_at == START + timedelta(days=730)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"is_member": False}, LackKind.NOT_A_MEMBER),
        ({"account": AccountStanding.SUSPENDED}, LackKind.ACCOUNT),
        ({"account": AccountStanding.UNCONFIRMED}, LackKind.ACCOUNT),
        ({"terms": None}, LackKind.NOT_OPEN),
        ({"certificates": ()}, LackKind.NOT_HELD),
        ({"sanctions": (sanctioned(),)}, LackKind.SANCTION),
        ({"sanctions": (sanctioned(tier=None),)}, LackKind.SANCTION),
        ({"certificates": (make_fact(state=CertificateState.SUSPENDED),)}, LackKind.SUSPENDED),
    ],
)
def test_a_tier_is_denied_with_the_reason(given, kind):
    assert decide(make_inputs(**given)).outcome is Outcome.DENY
    assert kinds(make_inputs(**given)) == [kind]


def test_a_sanction_of_another_tier_closes_nothing():
    assert decide(make_inputs(sanctions=(sanctioned(tier=uuid4()),))).outcome is Outcome.ALLOW


def test_who_met_the_version_before_keeps_the_tier_until_the_grace_ends():
    inputs = make_inputs(terms=changed_to(AllOf((FACTS, SPANS))))
    decision = decide(inputs)

    assert (decision.outcome, kinds(inputs)) == (Outcome.PROVISIONAL, [LackKind.NOT_HELD])
    assert decision.expires_at == GRACE
    assert decide(make_inputs(terms=inputs.terms, at=GRACE)).outcome is Outcome.DENY


def test_who_came_after_the_change_has_no_grace():
    late = make_fact(issued_at=CHANGED + timedelta(seconds=1))

    assert decide(make_inputs(terms=changed_to(SPANS), certificates=(late,))).outcome is Outcome.DENY


def test_a_grace_that_was_promised_outlives_the_next_change():
    terms = Terms(3, SPANS, (EarlierTerms(1, FACTS, CHANGED, GRACE), EarlierTerms(2, SPANS, CHANGED, CHANGED)))

    assert decide(make_inputs(terms=terms)).outcome is Outcome.PROVISIONAL


def test_a_certificate_that_ends_in_the_grace_ends_the_grace():
    short = make_fact(valid_until=START + timedelta(days=20))

    assert decide(make_inputs(terms=changed_to(SPANS), certificates=(short,))).expires_at == short.valid_until


def test_a_certificate_under_review_keeps_the_tier_open_provisionally():
    decision = decide(make_inputs(certificates=(make_fact(is_under_review=True),)))

    assert (decision.outcome, decision.missing[0].kind) == (Outcome.PROVISIONAL, LackKind.UNDER_REVIEW)


@pytest.mark.parametrize(("provisional", "outcome"), [(True, Outcome.PROVISIONAL), (False, Outcome.DENY)])
def test_too_few_tasks_are_provisional_where_the_tier_says_so(provisional, outcome):
    asked = AllOf((FACTS, WorkQuality(None, Fraction(9, 10), 50, provisional)))

    assert decide(make_inputs(terms=Terms(1, asked))).outcome is outcome


@pytest.mark.parametrize(("had_it", "outcome"), [(True, Outcome.PROVISIONAL), (False, Outcome.DENY)])
def test_nobody_who_has_a_tier_loses_it_by_an_estimate_alone(had_it, outcome):
    asked = AllOf((FACTS, WorkQuality(None, Fraction(9, 10), 50)))
    fell = QualityFact(None, Fraction(8, 10), Fraction(7, 10), Fraction(9, 10), 60)
    inputs = make_inputs(terms=Terms(1, asked), quality=(fell,), had_it=had_it)

    assert (decide(inputs).outcome, kinds(inputs)) == (outcome, [LackKind.QUALITY_BELOW])


@given(any_inputs)
def test_a_decision_is_the_same_until_it_expires_and_another_one_then(inputs):
    decision = decide(inputs)
    end = decision.expires_at or inputs.at + timedelta(days=4000)
    middle = inputs.at + (end - inputs.at) / 2

    assert decide(_at(inputs, middle)).outcome is decision.outcome
    assert decide(_at(inputs, end - timedelta(microseconds=1))).outcome is decision.outcome
    if decision.expires_at is not None:
        assert decide(_at(inputs, end)).outcome is not decision.outcome


@given(any_inputs)
def test_a_decision_can_be_replayed_from_its_record(inputs):
    record = json.loads(json.dumps(inputs_as_json(inputs)))

    assert parse_inputs(record) == inputs
    assert decide(parse_inputs(record)) == decide(inputs)


@given(any_inputs)
def test_nothing_is_missing_exactly_when_it_is_allowed_and_all_of_it_can_be_said(inputs):
    decision = decide(inputs)

    assert (decision.outcome is Outcome.ALLOW) == (decision.missing == ())
    assert all(say_missing(missing_as_json(one)) for one in decision.missing)


@given(any_inputs)
def test_sanctions_accounts_and_membership_close_whatever_is_held(inputs):
    closed = any(one.since <= inputs.at for one in inputs.sanctions)

    if closed or not inputs.is_member or inputs.account is not AccountStanding.ACTIVE or inputs.terms is None:
        assert decide(inputs).outcome is Outcome.DENY


def _at(inputs, instant):
    return replace(inputs, at=instant)
