"""Managers say in the browser what a pass of a test certifies; what was issued goes on saying what it said."""

from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from sqlalchemy import select

from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from certificates.operations.achievements import publish_by_hand, publish_from_files
from certificates.operations.publishing import AchievementDraft
from certificates.queries.achievements import find_achievement
from lms import clock
from lms.audit.models import AuditEvent
from lms.errors import Conflict
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import BANK, make_bank, make_test
from tests.certificates.factories import AT, make_office, qualify
from tests.courses.shelves import make_course
from tests.organisations import make_organisation
from tests.people import make_person, sign_in

ADDRESS = f"/manage/achievements/{BANK}/"
TYPED = {
    "name": "Night Ferry Reviewer",
    "description": "Tells fact from fiction on ferries at night.",
    "criteria": "A pass of the test on ferries.",
    "validity_months": "12",
    "reason": "Nights are darker.",
    "based_on": "1",
}


@pytest.fixture
def office(database):
    """The ferry test with its achievement, and Ada, who passed it."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        return qualify(session, name="Ada Passed")


@pytest.fixture
def manager(database, client):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, name="Mona Manager", roles=(Role.CANDIDATE, Role.MANAGER))
    sign_in(client, person)
    return person


def draft(**changed):
    said = {name: TYPED[name] for name in ("name", "description", "criteria")}
    return AchievementDraft(**({"slug": BANK, **said, "validity_months": 12} | changed))


def test_without_a_test_managers_are_told_what_comes_first(client, manager):
    assert "There is no test yet." in client.get("/manage/achievements/").text


def test_a_new_version_is_what_a_pass_certifies_from_now_on(client, database, office, manager):
    assert "Ferry Fact Reviewer" in client.get("/manage/achievements/").text

    answer = client.post(ADDRESS, data=TYPED)

    assert (answer.status_code, answer.location) == (303, ADDRESS)
    page = unescape(client.get(ADDRESS).text)
    assert "Mona Manager" in page
    assert "Nights are darker." in page
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        now = find_achievement(session, BANK)
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "achievement.published")).one()
    assert (now.name, now.validity_months) == ("Night Ferry Reviewer", 12)
    assert (event.actor, event.subject_id) == (str(manager.id), now.version_id)
    assert event.details == {"achievement": BANK, "number": 2, "reason": "Nights are darker."}


def test_certificates_that_were_issued_keep_their_version(client, database, office, manager):
    client.post(ADDRESS, data=TYPED)

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        later = qualify(session, name="Bob Later")
        certified = dict(
            session.execute(select(Certificate.person_id, AchievementVersion.number).join(AchievementVersion)).all()
        )
    assert certified == {office: 1, later: 2}


def test_a_test_that_certifies_nothing_gets_its_first_version(client, database, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
    assert "certifies nothing yet" in client.get("/manage/achievements/").text
    assert "A pass certifies nothing yet." in client.get(ADDRESS).text

    answer = client.post(ADDRESS, data=TYPED | {"based_on": "0"})

    assert answer.status_code == 303
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalars(select(AchievementVersion.number)).all() == [1]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", " ", "Give the certificate a name."),
        ("name", "N" * 121, "Use at most 120 characters."),
        ("description", "", "Say what somebody who passed can do."),
        ("description", "D" * 701, "Use at most 700 characters."),
        ("criteria", " \r\n ", "Say what has to be done"),
        ("validity_months", "0", "Enter a whole number of months from 1 to 240."),
        ("validity_months", "241", "Enter a whole number of months from 1 to 240."),
        ("validity_months", "a year", "Enter a whole number of months from 1 to 240."),
        ("reason", "", "Say in a sentence why"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_typed_is_lost(
    client, database, office, manager, field, typed, said
):
    answer = client.post(ADDRESS, data=TYPED | {field: typed})

    page = unescape(answer.text)
    assert answer.status_code == 422
    assert said in page
    for name, value in TYPED.items():
        assert name == field or value in page
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert find_achievement(session, BANK).name == "Ferry Fact Reviewer"


def test_a_passage_of_seven_hundred_characters_fits_however_its_lines_end(client, office, manager):
    long = "\r\n".join(["D" * 69] * 10) + "D"

    assert client.post(ADDRESS, data=TYPED | {"description": long}).status_code == 303


def test_of_two_managers_the_slower_one_is_told_and_keeps_the_words(client, database, office, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        publish_by_hand(
            session, draft=draft(name="First"), based_on=1, reason="I was first.", actor_id=manager.id, at=clock.now()
        )

    answer = client.post(ADDRESS, data=TYPED)

    assert answer.status_code == 409
    assert "Somebody else has changed this" in answer.text
    assert 'value="Night Ferry Reviewer"' in answer.text
    assert 'name="based_on" type="hidden" value="2"' in answer.text


def test_of_two_versions_at_once_one_is_published(database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        actor_id = make_person(session).id

    def publish(name):
        try:
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                wanted = draft(name=name)
                return publish_by_hand(
                    session, draft=wanted, based_on=1, reason="Both.", actor_id=actor_id, at=clock.now()
                )
        except Conflict:
            return None

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(publish, ["One", "Other"]), key=str) == [2, None]


def test_publishing_what_holds_already_is_refused_kindly(client, office, manager):
    client.post(ADDRESS, data=TYPED)

    answer = client.post(ADDRESS, data=TYPED | {"based_on": "2"})

    assert answer.status_code == 422
    assert "This is what the certificate says already." in answer.text


def test_an_earlier_version_can_hold_again(client, database, office, manager):
    client.post(ADDRESS, data=TYPED)
    client.post(ADDRESS, data=TYPED | {"name": "Day Ferry Reviewer", "based_on": "2"})

    answer = client.post(ADDRESS, data=TYPED | {"based_on": "3", "reason": "It was better before."})

    assert answer.status_code == 303
    page = client.get(ADDRESS).text
    assert page.index("It was better before.") > page.index("Versions")
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        of_ferries = select(AchievementVersion).join(Achievement).where(Achievement.slug == BANK)
        current = session.scalars(of_ferries.where(AchievementVersion.is_current)).one()
        assert current.number == 2


def test_files_do_not_undo_what_managers_wrote_until_they_say_something_new(database, office, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        before = session.scalars(select(AchievementVersion).join(Achievement).where(Achievement.slug == BANK)).one()
        of_files = AchievementDraft(BANK, before.name, before.description, before.criteria, before.validity_months)
        publish_by_hand(session, draft=draft(), based_on=1, reason="Mine.", actor_id=manager.id, at=AT)

        assert publish_from_files(session, draft=of_files, at=AT) is None
        assert find_achievement(session, BANK).name == "Night Ferry Reviewer"
        assert publish_from_files(session, draft=draft(name="Of the files"), at=AT) == 3
        assert publish_from_files(session, draft=draft(name="Of the files"), at=AT) is None


def test_auditors_read_and_see_no_form(client, database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        auditor = make_person(session, roles=(Role.AUDITOR,))
    sign_in(client, auditor)

    page = client.get(ADDRESS)

    assert page.status_code == 200
    assert "Publish this version" not in page.text
    assert client.post(ADDRESS, data=TYPED).status_code == 403


def test_tests_of_others_are_not_there(client, database, office):
    made = make_organisation(database)
    sign_in(client, made.manager)
    client.post("/organisations/switch", data={"organisation": str(made.id)})

    assert "There is no test yet." in client.get("/manage/achievements/").text
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, data=TYPED).status_code == 404


def test_the_managing_page_leads_there(client, manager):
    assert 'href="/manage/achievements/"' in client.get("/manage/").text


def test_a_live_test_tells_its_authors_what_a_pass_certifies(client, database, office, manager):
    assert "A pass earns the certificate" in client.get(f"/authoring/tests/{BANK}").text
    assert f'href="{ADDRESS}"' in client.get(f"/authoring/tests/{BANK}").text


def test_authors_who_manage_nothing_are_told_who_says_what_a_pass_certifies(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        author = make_person(session, roles=(Role.AUTHOR,))
    sign_in(client, author)

    page = client.get(f"/authoring/tests/{BANK}").text

    assert "Managers say what it certifies." in page
    assert "/manage/achievements/" not in page


def test_what_is_missing_leads_to_its_test_where_no_course_teaches_it(client, office, manager):
    for page in ("/", "/me/"):
        text = client.get(page).text
        assert f'href="/tests/{BANK}/">Ferry Fact Reviewer</a>' in text
        assert f"/courses/{BANK}/" not in text


def test_what_is_missing_leads_to_the_course_that_teaches_it(client, database, office, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_course(session, BANK)

    assert f'href="/courses/{BANK}/">Ferry Fact Reviewer</a>' in client.get("/").text
    assert f'href="/courses/{BANK}/">Ferry Fact Reviewer</a>' in client.get("/me/").text
    assert "/courses/harbour-law/" not in client.get("/").text
