"""Decisions: whose facts count, what is recorded, and a decision that is explained by a replay."""

from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update

from certificates.cli.entitlement import entitlement
from certificates.domain.entitlements import Outcome
from certificates.domain.requirements import WorkQuality
from certificates.models.entitlements import EntitlementDecision
from certificates.operations.entitlement_data import erase_entitlements, export_entitlements
from certificates.queries.entitlements import get_decision, replay
from certificates.queries.tiers import find_tier
from lms import clock
from lms.accounts.models import Membership, Person, PersonState
from lms.errors import NotFound
from lms.members.consents import withdraw
from lms.members.models import ConsentScope
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK
from tests.assessments.wrong_keys import (
    RIGHT,
    WRONG,
    current_key,
    make_faulty_test,
    regrade,
    sit_faulty,
    state_key,
)
from tests.certificates.factories import AT, make_ladder
from tests.certificates.vendors import (
    LATER,
    SKILLED,
    change,
    check,
    join,
    kinds_of,
    make_public_catalogue,
    make_qualified,
    make_sanction,
    make_tier,
    make_vendor,
    make_work,
    outcome_of,
    tier_id_of,
)
from tests.people import make_person
from tests.statements import counted


@pytest.fixture
def vendor(database) -> UUID:
    """A vendor whose tier `boats` asks for the public ferry certificate."""
    make_public_catalogue(database)
    organisation_id = make_vendor(database)
    with database.transaction(organisation_id) as session:
        make_tier(session)
    return organisation_id


def test_a_certificate_of_the_public_catalogue_opens_a_vendors_tier(database, vendor):
    person_id = join(database, vendor, make_qualified(database))

    answer = check(database, vendor, person_id)[person_id]

    assert (answer.outcome, answer.missing) == (Outcome.ALLOW, [])
    assert answer.expires_at > LATER


def test_without_consent_it_is_as_if_it_was_not_held(database, vendor):
    person_id = join(database, vendor, make_qualified(database), lets_see=(ConsentScope.PROFILE,))

    assert kinds_of(check(database, vendor, person_id)[person_id]) == ["achievement-not-held"]


def test_a_consent_that_was_withdrawn_counts_no_more(database, vendor):
    person_id = join(database, vendor, make_qualified(database))
    with database.transaction(vendor) as session:
        withdraw(session, person_id=person_id, scope=ConsentScope.CERTIFICATES, at=LATER)

    assert outcome_of(database, vendor, person_id) is Outcome.DENY


def test_consent_to_another_organisation_counts_for_that_one_alone(database, vendor):
    other = make_vendor(database, slug="other")
    person_id = join(database, vendor, make_qualified(database), lets_see=())
    join(database, other, person_id)

    assert outcome_of(database, vendor, person_id) is Outcome.DENY


def test_who_is_no_member_or_erased_or_unknown_gets_no_answer(database, vendor):
    stranger = make_qualified(database)
    gone, erased = join(database, vendor), join(database, vendor)
    with database.transaction(vendor) as session:
        session.execute(delete(Membership).where(Membership.person_id == gone))
        session.execute(
            update(Person)
            .where(Person.id == erased)
            .values(state=PersonState.ERASED, email=None, name="", erased_at=AT)
        )

    assert check(database, vendor, stranger, gone, erased, uuid4()) == {}


def test_a_suspended_account_closes_every_tier(database, vendor):
    person_id = join(database, vendor, make_qualified(database))
    with database.transaction() as session:
        values = {"state": PersonState.SUSPENDED, "suspension_reason": "Asked for it."}
        session.execute(update(Person).where(Person.id == person_id).values(values))

    assert kinds_of(check(database, vendor, person_id)[person_id]) == ["account-not-active"]


def test_the_same_certificate_opens_the_public_tier_to_a_vendor_under_its_full_name(database, vendor):
    person_id = join(database, vendor, make_qualified(database))

    assert outcome_of(database, vendor, person_id, tier="public/generalist") is Outcome.ALLOW
    assert outcome_of(database, PUBLIC_ORGANISATION_ID, person_id, tier="generalist") is Outcome.ALLOW
    assert outcome_of(database, PUBLIC_ORGANISATION_ID, person_id, tier="public/generalist") is Outcome.ALLOW


def test_a_tier_of_another_organisation_is_not_found(database, vendor):
    other = make_vendor(database, slug="other")
    with database.transaction(other) as session:
        assert find_tier(session, "boats") is None
        assert find_tier(session, "public/boats") is None
        assert find_tier(session, "public/generalist").name == "public/generalist"


def test_a_public_certificate_under_review_is_provisional_for_a_vendor_too(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_faulty_test(session, at=AT)
        make_ladder(session)
        author, manager, person = (make_person(session, name=name) for name in ("Author", "Manager", "Ada Lovelace"))
        old = current_key(session)
        sit_faulty(session, person.id, at=AT, faulty=WRONG, right=5)
        regrade(session, old, state_key(session, RIGHT, at=AT), author.id, manager.id, at=LATER)
    vendor = make_vendor(database)
    with database.transaction(vendor) as session:
        make_tier(session)
    join(database, vendor, person.id)

    answer = check(database, vendor, person.id)[person.id]

    assert (answer.outcome, kinds_of(answer)) == (Outcome.PROVISIONAL, ["under-review"])


def test_a_sanction_closes_its_tier_with_the_reason(database, vendor):
    person_id = join(database, vendor, make_qualified(database))
    with database.transaction(vendor) as session:
        make_sanction(session, person_id=person_id, tier_id=tier_id_of(session, "boats"))

    [missing] = check(database, vendor, person_id)[person_id].missing

    assert (missing["kind"], missing["facts"]["reason"]) == ("sanction", "Copied answers.")
    assert outcome_of(database, vendor, person_id, tier="public/generalist") is Outcome.ALLOW


def test_sanctions_and_work_of_another_organisation_do_not_count(database, vendor):
    other = make_vendor(database, slug="other")
    person_id = join(database, vendor, make_qualified(database))
    with database.transaction(other) as session:
        make_sanction(session, person_id=person_id, tier_id=None)
        make_work(session, person_id=person_id)
    change(database, vendor, SKILLED, grace_days=0)

    assert kinds_of(check(database, vendor, person_id)[person_id]) == ["too-few-tasks"]


@pytest.mark.parametrize(
    ("tasks", "right", "outcome"),
    [(60, 57, Outcome.ALLOW), (49, 49, Outcome.PROVISIONAL), (60, 50, Outcome.DENY)],
)
def test_work_quality_counts_as_the_platform_reported_it(database, vendor, tasks, right, outcome):
    person_id = join(database, vendor, make_qualified(database))
    change(database, vendor, SKILLED, grace_days=0)
    with database.transaction(vendor) as session:
        make_work(session, person_id=person_id, tasks=tasks, right=right)
        make_work(session, person_id=person_id, skill="spotting", tasks=500, right=0)

    assert outcome_of(database, vendor, person_id) is outcome


def test_a_thousand_people_take_as_many_statements_as_one(database, vendor):
    people = [join(database, vendor) for _ in range(3)]
    with counted(database) as one:
        check(database, vendor, people[0])
    with counted(database) as many:
        check(database, vendor, *people)

    decisions = [statement for statement in one if "set_config" not in statement]
    assert len([statement for statement in many if "set_config" not in statement]) == len(decisions)
    assert sum(statement.startswith("INSERT INTO") for statement in many) == 1


def test_a_decision_is_recorded_with_everything_it_rests_on(database, vendor):
    person_id = join(database, vendor, make_qualified(database))
    answer = check(database, vendor, person_id)[person_id]

    with database.reading(vendor) as session:
        decision = get_decision(session, answer.decision_id)
    with database.reading(make_vendor(database, slug="other")) as session, pytest.raises(NotFound):
        get_decision(session, answer.decision_id)

    assert (decision.tier, decision.outcome, decision.asked_by, decision.at) == ("boats", "allow", "test", LATER)
    assert [one["slug"] for one in decision.inputs["certificates"]] == [BANK]
    assert replay(decision).differences == ()


def test_facts_that_the_tier_does_not_ask_for_are_not_recorded(database, vendor):
    person_id = join(database, vendor, make_qualified(database))
    change(database, vendor, WorkQuality("spotting", Fraction(1, 2), 5), grace_days=0)
    with database.transaction(vendor) as session:
        make_work(session, person_id=person_id)
    check(database, vendor, person_id)

    with database.reading(vendor) as session:
        [inputs] = session.scalars(select(EntitlementDecision.inputs))
    assert (inputs["certificates"], inputs["quality"]) == ([], [])


def test_explaining_a_decision_replays_it(app, database, vendor):
    person_id = join(database, vendor)
    decision_id = check(database, vendor, person_id)[person_id].decision_id

    told = CliRunner().invoke(entitlement, ["explain", str(decision_id)], obj=app)

    assert told.exit_code == 0, told.output
    assert "deny: person" in told.output
    assert "asks for the certificate “Ferry Fact Reviewer”" in told.output
    assert "The certificate “Ferry Fact Reviewer” is not held yet." in told.output
    assert "Made again under rule 1: the same." in told.output


def test_explaining_says_when_a_record_was_changed(app, database, vendor):
    person_id = join(database, vendor)
    decision_id = check(database, vendor, person_id)[person_id].decision_id
    with database.transaction(vendor) as session:
        values = {"outcome": Outcome.ALLOW, "missing": []}
        session.execute(update(EntitlementDecision).where(EntitlementDecision.id == decision_id).values(values))

    told = CliRunner().invoke(entitlement, ["explain", str(decision_id)], obj=app)

    assert told.exit_code == 1
    assert "DIFFERENT (outcome, missing); the record does not fit the rule." in told.output


def test_an_unknown_decision_is_refused(app):
    told = CliRunner().invoke(entitlement, ["explain", str(uuid4())], obj=app)

    assert isinstance(told.exception, NotFound)


def test_a_person_gets_their_decisions_and_takes_them_along(database, vendor):
    person_id = join(database, vendor, make_qualified(database))
    check(database, vendor, person_id)

    with database.transaction(vendor) as session:
        [decision] = export_entitlements(session, person_id)["decisions"]
        erase_entitlements(session, person_id=person_id, at=clock.now())
        left = export_entitlements(session, person_id)

    assert (decision["tier"], decision["outcome"]) == ("boats", "allow")
    assert left == {"standings": [], "decisions": []}
