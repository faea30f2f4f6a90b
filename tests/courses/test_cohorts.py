"""Cohorts: managers make them, people join by hand or by invitation, and see their dates."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from courses.models.cohorts import Cohort, CohortMember
from courses.operations.cohorts import CohortTerms, add_member, join_by_invitation, leave_all, make_cohort
from courses.queries.cohorts import get_cohort, list_cohorts_of, list_members
from lms import clock
from lms.audit.models import AuditEvent
from lms.db.scope import enter_organisation
from lms.errors import Conflict, Invalid, NotFound
from lms.members.events import InvitationAccepted, MembershipEnded
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from tests.courses.shelves import make_course
from tests.people import make_person, sign_in

START = datetime(2026, 3, 1, tzinfo=UTC)
TERMS = CohortTerms("Spring", START, START + timedelta(days=90))
TYPED = {"title": "Spring", "slug": "spring-2026", "starts_on": "2026-03-01", "ends_on": "2026-05-30", "course": ""}


@pytest.fixture
def manager(database, client):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, name="Mona Manager", roles=(Role.CANDIDATE, Role.MANAGER))
    sign_in(client, person)
    return person


@pytest.fixture
def spring(session):
    actor = make_person(session)
    return make_cohort(session, slug="spring", terms=TERMS, actor_id=actor.id, at=START)


def members_of(session, cohort_id):
    return set(session.scalars(select(CohortMember.person_id).where(CohortMember.cohort_id == cohort_id)))


def accepted(person_id, labels):
    return InvitationAccepted(uuid4(), person_id, Role.CANDIDATE, labels, START)


def test_a_slug_is_taken_once(session, spring):
    with pytest.raises(Conflict, match="short name"):
        make_cohort(session, slug="spring", terms=TERMS, actor_id=make_person(session).id, at=START)


def test_a_cohort_ends_after_it_starts(session):
    with pytest.raises(Invalid, match="ends after"):
        make_cohort(
            session, slug="odd", terms=CohortTerms("Odd", START, START), actor_id=make_person(session).id, at=START
        )


def test_somebody_added_twice_belongs_once_and_is_recorded_once(session, spring):
    person = make_person(session)
    for _time in range(2):
        add_member(session, cohort_id=spring, person_id=person.id, actor_id=person.id, at=START)

    assert members_of(session, spring) == {person.id}
    acts = session.scalars(select(AuditEvent.action).where(AuditEvent.action == "cohort.joined")).all()
    assert acts == ["cohort.joined"]


def test_a_stranger_to_the_organisation_cannot_be_added(session, spring):
    with pytest.raises(NotFound):
        add_member(session, cohort_id=spring, person_id=uuid4(), actor_id=uuid4(), at=START)


@pytest.mark.parametrize("named", ["slug", "id", "upper"])
def test_whoever_accepts_an_invitation_with_the_label_joins(session, spring, named):
    person = make_person(session)
    label = {"slug": "spring", "id": str(spring), "upper": " Spring "}[named]

    join_by_invitation(session, accepted(person.id, {"cohort": label}))

    assert members_of(session, spring) == {person.id}


@pytest.mark.parametrize("labels", [{}, {"cohort": "autumn"}, {"cohort": 7}, {"cohort": ""}, {"team": "spring"}])
def test_other_labels_make_nobody_a_member(session, spring, labels):
    join_by_invitation(session, accepted(make_person(session).id, labels))

    assert members_of(session, spring) == set()


def test_an_invitation_of_one_organisation_does_not_lead_into_another_ones_cohort(session, spring):
    other = Organisation(id=uuid4(), slug="ferry-watch", name="Ferry Watch", created_at=START)
    session.flush()
    enter_organisation(session, other.id)
    session.add(other)
    session.flush()
    person = make_person(session)

    join_by_invitation(session, accepted(person.id, {"cohort": str(spring)}))

    session.flush()
    enter_organisation(session, PUBLIC_ORGANISATION_ID)
    assert members_of(session, spring) == set()


def test_whoever_leaves_the_organisation_leaves_its_cohorts(session, spring):
    person = make_person(session)
    add_member(session, cohort_id=spring, person_id=person.id, actor_id=person.id, at=START)

    leave_all(session, MembershipEnded(person.id, START))

    assert members_of(session, spring) == set()


def test_members_are_listed_page_by_page_in_the_order_of_their_names(session, spring, monkeypatch):
    monkeypatch.setattr("courses.queries.cohorts.PAGE", 2)
    for name in ("Cleo", "Ada", "Ada", "Bob", "Dora"):
        person = make_person(session, name=name)
        add_member(session, cohort_id=spring, person_id=person.id, actor_id=person.id, at=START)

    names, after, pages = [], None, 0
    while pages == 0 or after:
        page = list_members(session, spring, after=after)
        names.extend(line.name for line in page.lines)
        after, pages = page.next, pages + 1

    assert (names, pages) == (["Ada", "Ada", "Bob", "Cleo", "Dora"], 3)


def test_a_cohort_that_is_over_is_shown_to_nobody(session, spring):
    person = make_person(session)
    add_member(session, cohort_id=spring, person_id=person.id, actor_id=person.id, at=START)

    assert [one.slug for one in list_cohorts_of(session, person_id=person.id, at=START)] == ["spring"]
    assert list_cohorts_of(session, person_id=person.id, at=TERMS.ends_at) == []


def test_a_manager_makes_a_cohort_and_adds_somebody_by_name(client, database, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_course(session)
        ada = make_person(session, name="Ada Lovelace").id

    answer = client.post("/manage/cohorts/", data=TYPED | {"course": "splitting-claims"})
    assert (answer.status_code, answer.location) == (303, "/manage/cohorts/spring-2026/")
    found = client.get("/manage/cohorts/spring-2026/?q=love")
    assert "Ada Lovelace" in found.text
    client.post(f"/manage/cohorts/spring-2026/members/{ada}", data={"do": "add"})

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        cohort = get_cohort(session, "spring-2026")
        assert cohort.members == 1
        assert cohort.course_title == "Splitting claims"
        assert (cohort.starts_at, cohort.ends_at) == (START, datetime(2026, 5, 31, tzinfo=UTC))
    client.post(f"/manage/cohorts/spring-2026/members/{ada}", data={"do": "remove"})
    assert "Nobody belongs to it yet" in client.get("/manage/cohorts/spring-2026/").text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "", "Give the cohort a name."),
        ("slug", "Spring 2026!", "Use small letters"),
        ("starts_on", "31.3.2026", ""),
        ("ends_on", "2026-02-01", "The last day is not before the first."),
        ("course", "no-such-course", ""),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_the_rest_is_kept(client, manager, field, typed, said):
    answer = client.post("/manage/cohorts/", data=TYPED | {field: typed})

    assert answer.status_code == 422
    assert said in answer.text
    assert "has-errors" in answer.text
    kept = {"title": "Spring", "starts_on": "2026-03-01"} | {field: typed}
    assert f'value="{kept["title"]}"' in answer.text


def test_a_taken_slug_is_told_at_its_field(client, manager):
    client.post("/manage/cohorts/", data=TYPED)

    answer = client.post("/manage/cohorts/", data=TYPED)

    assert answer.status_code == 422
    assert "There is a cohort with this short name already." in answer.text


def test_a_manager_changes_the_dates(client, database, manager):
    client.post("/manage/cohorts/", data=TYPED)

    client.post("/manage/cohorts/spring-2026/", data=TYPED | {"title": "Late spring", "ends_on": "2026-06-30"})

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        cohort = session.scalars(select(Cohort)).one()
    assert (cohort.title, cohort.ends_at) == ("Late spring", datetime(2026, 7, 1, tzinfo=UTC))


def test_an_auditor_reads_and_changes_nothing(client, database, manager):
    client.post("/manage/cohorts/", data=TYPED)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        auditor = make_person(session, roles=(Role.AUDITOR,))
    client.post("/sign-out")
    sign_in(client, auditor)

    page = client.get("/manage/cohorts/spring-2026/")

    assert page.status_code == 200
    assert "Change the cohort" not in page.text
    assert client.post("/manage/cohorts/", data=TYPED).status_code == 403


def test_members_see_their_cohort_and_its_dates_on_their_own_page(client, database):
    now = clock.now()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        ada = make_person(session)
        terms = CohortTerms("Spring", now - timedelta(days=1), now + timedelta(days=9))
        cohort_id = make_cohort(session, slug="spring", terms=terms, actor_id=ada.id, at=now)
        add_member(session, cohort_id=cohort_id, person_id=ada.id, actor_id=ada.id, at=now)
    sign_in(client, ada)

    page = client.get("/me/").text

    assert "Your cohort" in page
    assert terms.ends_at.isoformat() in page
