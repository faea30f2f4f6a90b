"""Programmes bind the people of their cohorts: by a day, within so many tries, with what they agreed to."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.operations.starting import start_attempt
from assessments.queries.eligibility import eligibility
from assessments.queries.tests import get_test
from certificates.domain.programmes import Enrolment, Policy, Stop, find_stops
from certificates.operations.programmes import ProgrammeTerms, change_programme, make_programme
from certificates.queries.programmes import get_programme, list_enrolled
from courses.operations.cohorts import CohortTerms, add_member, make_cohort
from courses.queries.cohorts import get_cohort
from lms import clock
from lms.errors import Conflict, Invalid
from lms.members.consents import give
from lms.members.models import ConsentScope
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import BANK, sit
from tests.certificates.factories import AT, make_office
from tests.courses.shelves import make_course
from tests.people import make_person, sign_in

START = AT - timedelta(days=30)
END = AT + timedelta(days=60)
TYPED = {
    "title": "Ferry checkers",
    "slug": "ferry-checkers",
    "summary": "Ferries by the end of spring.",
    "test": BANK,
    "tier": "generalist",
    "due_days": "14",
    "tries": "2",
    "consents": ["results"],
    "cohorts": ["spring"],
}


@pytest.fixture
def office(session):
    make_office(session)
    actor = make_person(session)
    make_cohort(session, slug="spring", terms=CohortTerms("Spring", START, END), actor_id=actor.id, at=START)
    return actor


def make(session, actor, **terms):
    given = {"title": "Ferry checkers", "summary": "", "test_slug": BANK, "cohorts": ("spring",)} | terms
    make_programme(session, slug="ferry-checkers", terms=ProgrammeTerms(**given), actor_id=actor.id, at=START)
    return get_programme(session, "ferry-checkers")


def join(session, *, at=START):
    person = make_person(session)
    add_member(session, cohort_id=get_cohort(session, "spring").id, person_id=person.id, actor_id=person.id, at=at)
    return person.id


def verdict(session, person_id, at):
    return eligibility(session, get_test(session, BANK), person_id=person_id, at=at)


instants = st.integers(0, 200).map(lambda days: START + timedelta(days=days))


@given(instants, instants, instants, st.integers(1, 90) | st.none(), st.lists(instants, max_size=4), instants)
def test_what_a_programme_allows_the_cohort_allows_as_well(starts, ends, joined, days, sat, at):
    enrolment = Enrolment(min(starts, ends), max(starts, ends) + timedelta(days=1), joined)
    policy = Policy(due_days=days, tries=2)

    stops = find_stops(policy, enrolment, starts=sat, given=frozenset(), at=at)

    if not stops:
        assert enrolment.starts_at <= at < enrolment.ends_at
        assert sum(one >= enrolment.entered_at for one in sat) < 2
        assert days is None or at < enrolment.entered_at + timedelta(days=days)
    looser = find_stops(Policy(), enrolment, starts=sat, given=frozenset(), at=at)
    assert set(looser) <= set(stops)


@given(st.sets(st.sampled_from(["results", "quality"])), st.sets(st.sampled_from(["results", "quality"])))
def test_consent_stops_exactly_while_some_of_it_is_missing(asked, agreed):
    enrolment = Enrolment(START, END, START)

    stops = find_stops(Policy(consents=tuple(asked)), enrolment, starts=[], given=frozenset(agreed), at=AT)

    assert (Stop.CONSENT in stops) == bool(asked - agreed)


def test_nobody_starts_before_the_cohort_does(session, office):
    make(session, office)
    person_id = join(session, at=START - timedelta(days=9))

    early = verdict(session, person_id, START - timedelta(days=1))

    assert not early.eligible
    assert early.possible_at == START
    assert "begins on" in early.hindrances[0].sentence
    assert verdict(session, person_id, START).eligible


def test_after_the_due_day_the_test_does_not_start(session, office):
    make(session, office, due_days=14)
    person_id = join(session, at=START + timedelta(days=2))

    assert verdict(session, person_id, START + timedelta(days=15)).eligible
    with pytest.raises(Conflict, match="was over on"):
        start_attempt(session, test_slug=BANK, person_id=person_id, at=START + timedelta(days=16))


def test_the_programmes_tries_come_on_top_of_those_of_the_test(session, office):
    make(session, office, tries=1)
    person_id = join(session)
    sit(session, person_id=person_id, at=AT - timedelta(days=10), right=0)

    after = verdict(session, person_id, AT)

    assert "all tries that your programme" in after.hindrances[0].sentence
    assert after.possible_at is None


def test_sittings_before_somebody_entered_do_not_count(session, office):
    make(session, office, tries=1)
    person_id = make_person(session).id
    sit(session, person_id=person_id, at=START - timedelta(days=20), right=0)
    add_member(session, cohort_id=get_cohort(session, "spring").id, person_id=person_id, actor_id=person_id, at=START)

    assert not verdict(session, person_id, AT).hindrances


def test_without_the_consent_that_it_asks_for_the_test_does_not_start(session, office):
    make(session, office, consents=("results",))
    person_id = join(session)
    assert "let the organisation see your results" in verdict(session, person_id, AT).hindrances[0].sentence

    give(session, person_id=person_id, scopes=[ConsentScope.RESULTS], at=AT)

    assert verdict(session, person_id, AT).eligible


def test_whoever_is_in_no_cohort_of_it_is_bound_by_the_test_alone(session, office):
    make(session, office, due_days=1, tries=1, consents=("results",))

    assert verdict(session, make_person(session).id, AT).eligible


def test_whoever_passed_renews_on_the_terms_of_the_test_alone(session, office):
    make(session, office, tries=1)
    person_id = join(session)
    sit(session, person_id=person_id, at=AT - timedelta(days=10))

    assert verdict(session, person_id, AT).hindrances == ()


def test_one_programme_that_lets_somebody_start_is_enough(session, office):
    make(session, office, due_days=1)
    terms = ProgrammeTerms(title="Open", summary="", test_slug=BANK, cohorts=("spring",))
    make_programme(session, slug="open", terms=terms, actor_id=office.id, at=START)
    person_id = join(session)

    assert verdict(session, person_id, AT).eligible


def test_a_change_holds_at_once(session, office):
    shown = make(session, office, due_days=1)
    person_id = join(session)
    assert not verdict(session, person_id, AT).eligible

    terms = ProgrammeTerms(title="Ferry checkers", summary="", test_slug=BANK, cohorts=("spring",))
    change_programme(session, programme_id=shown.id, terms=terms, actor_id=office.id, at=AT)

    assert verdict(session, person_id, AT).eligible


def test_a_programme_names_only_what_is_there(session, office):
    for wrong in ({"test_slug": "none"}, {"tier_slug": "none"}, {"cohorts": ("none",)}):
        with pytest.raises(Invalid, match="There is no such"), session.begin_nested():
            make(session, office, **wrong)


def test_a_manager_makes_and_changes_a_programme(client, database, office, session):
    manager = make_person(session, roles=(Role.CANDIDATE, Role.MANAGER))
    session.commit()
    sign_in(client, manager)

    answer = client.post("/manage/programmes/", data=TYPED)
    assert (answer.status_code, answer.location) == (303, "/manage/programmes/ferry-checkers/")
    assert 'value="spring" checked' in client.get(answer.location).text
    again = client.post("/manage/programmes/", data=TYPED)
    assert again.status_code == 422
    assert "There is a programme with this short name already." in again.text
    wrong = client.post(answer.location, data=TYPED | {"due_days": "soon", "tries": ""})
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.text
    assert client.post(answer.location, data=TYPED | {"due_days": "", "cohorts": []}).status_code == 303

    with database.reading(PUBLIC_ORGANISATION_ID) as reading:
        shown = get_programme(reading, "ferry-checkers")
    assert shown.policy == Policy(None, 2, ("results",))
    assert shown.cohorts == frozenset()


def test_a_candidate_sees_the_steps_and_the_next_one(client, session, office):
    make_course(session, BANK, title="Ferry facts")
    now = clock.now()
    terms = CohortTerms("Summer", now - timedelta(days=1), now + timedelta(days=30))
    cohort_id = make_cohort(session, slug="summer", terms=terms, actor_id=office.id, at=now)
    make(session, office, cohorts=("summer",), tier_slug="generalist", consents=("results",), due_days=7)
    person = make_person(session)
    add_member(session, cohort_id=cohort_id, person_id=person.id, actor_id=person.id, at=now)
    programme = get_programme(session, "ferry-checkers")
    assert len(list_enrolled(session, [programme], person_id=person.id)) == 1
    session.commit()
    sign_in(client, person)

    page = client.get("/programmes/ferry-checkers/").text

    assert "Next: Agree to what is seen" in page
    assert "0 of 3 lessons read" in page
    assert "Pass the test" in page
    assert "Generalist" in page
    home = client.get("/me/").text
    assert "Your programme" in home
    assert 'href="/programmes/ferry-checkers/"' in home


def test_a_candidate_without_a_cohort_is_told_so(client, session, office):
    make(session, office)
    person = make_person(session)
    session.commit()
    sign_in(client, person)

    assert "You are in no cohort that takes this programme" in client.get("/programmes/ferry-checkers/").text
    assert client.get("/programmes/none/").status_code == 404
