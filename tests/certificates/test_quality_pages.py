"""The pages about the quality of work: for managers, for auditors who only read, and for the person concerned."""

import pytest

from certificates.queries.quality_rules import get_rule
from certificates.queries.sanctions import active_sanctions, list_sanctions
from lms.accounts.models import Person
from lms.members.consents import ConsentScope, withdraw
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.web.transactions import EXTENSION
from tests.certificates.workers import (
    AT,
    FLOOR,
    TIER,
    make_manager,
    make_worker,
    make_workplace,
    post_work,
    suspend,
    the_proposal,
)
from tests.people import make_person, sign_in

MANAGE = "/manage/quality/"


@pytest.fixture
def worker(session):
    make_workplace(session)
    return make_worker(session)


@pytest.fixture
def manager(session):
    return make_manager(session)


@pytest.fixture
def proposal(session, worker, manager):
    post_work(session, worker, [1] * 5 + [0] * 20)
    return the_proposal(session, worker).id


def enter(session, client, person_id):
    """What the session wrote is kept, and the browser is that of somebody else from now on."""
    if session.in_transaction():
        session.commit()
    with client.application.extensions[EXTENSION].reading() as own:
        person = own.get_one(Person, person_id)
    sign_in(client, person)


def read(database, query, *given):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return query(session, *given)


def test_a_manager_sees_what_is_proposed_with_its_evidence(session, client, proposal, manager):
    enter(session, client, manager)

    assert "Ada Lovelace" in client.get(MANAGE).text
    page = client.get(f"{MANAGE}proposals/{proposal}").text
    assert "80.0 %" in page
    assert "task-12" in page
    assert "<svg" in page


def test_the_managers_first_page_says_how_much_waits(session, client, proposal, manager):
    enter(session, client, manager)

    assert "1 waits for you" in client.get("/manage/").text


def test_a_manager_confirms_with_a_reason(session, client, database, worker, proposal, manager):
    enter(session, client, manager)
    answer = client.post(f"{MANAGE}proposals/{proposal}", data={"do": "confirmed", "reason": "Guesses."})

    assert answer.status_code == 303
    assert [fact.reason for fact in read(database, active_sanctions, worker)] == ["Guesses."]
    assert "The tier is closed to this person." in client.get(answer.location).text


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"do": "confirmed", "reason": " "}, 422, "Give the reason"),
        ({"do": "confirmed", "reason": "x" * 501}, 422, "too long"),
        ({"do": "nonsense", "reason": "CANARY-TYPED"}, 422, "Choose whether"),
    ],
)
def test_a_faulty_decision_keeps_what_was_typed(session, client, proposal, manager, sent, status, said):
    enter(session, client, manager)
    answer = client.post(f"{MANAGE}proposals/{proposal}", data=sent)

    assert answer.status_code == status
    assert said in answer.text
    assert sent["reason"].strip() in answer.text


def test_a_second_decision_is_refused(session, client, proposal, manager):
    enter(session, client, manager)
    client.post(f"{MANAGE}proposals/{proposal}", data={"do": "dismissed", "reason": "A wrong key."})
    answer = client.post(f"{MANAGE}proposals/{proposal}", data={"do": "confirmed", "reason": "Guesses."})

    assert answer.status_code == 409
    assert "A wrong key." in answer.text


def test_a_manager_suspends_by_hand_and_lifts_it_again(session, client, database, worker, manager):
    enter(session, client, manager)
    answer = client.post(f"{MANAGE}people/{worker}", data={"tier": "*", "reason": "Sold the account."})
    assert answer.status_code == 303
    [line] = read(database, lambda own: list_sanctions(own, person_id=worker))
    assert line.tier is None

    page = client.post(f"{MANAGE}suspensions/{line.sanction.id}", data={"do": "lift", "reason": ""})
    assert page.status_code == 422
    client.post(f"{MANAGE}suspensions/{line.sanction.id}", data={"do": "lift", "reason": "It was not so."})
    assert read(database, active_sanctions, worker) == []


@pytest.mark.parametrize("sent", [{"tier": "unheard-of", "reason": "x"}, {"tier": "generalist", "reason": ""}])
def test_a_faulty_suspension_by_hand_is_told(session, client, worker, manager, sent):
    enter(session, client, manager)

    assert client.post(f"{MANAGE}people/{worker}", data=sent).status_code == 422


@pytest.mark.parametrize("tier", [TIER, None])
def test_who_is_suspended_reads_so_at_the_tiers_and_at_home_with_the_way_to_appeal(
    session, client, worker, manager, tier
):
    sanction_id = suspend(session, worker, manager, tier=tier)
    enter(session, client, worker)

    for page in (client.get("/tiers/").text, client.get("/me/").text):
        assert "Suspended" in page
        assert f'href="/me/quality/suspensions/{sanction_id}">See why, and how to appeal' in page
    assert "No tier is open to you yet." not in client.get("/me/").text
    assert "CANARY-REASON" in client.get("/tiers/").text
    assert "this person" not in client.get("/tiers/").text


def test_whoever_imposed_it_is_not_offered_the_appeal(session, client, worker, manager):
    sanction_id = suspend(session, worker, manager)
    enter(session, client, worker)
    client.post(f"/me/quality/suspensions/{sanction_id}", data={"grounds": "CANARY-GROUNDS"})
    client.post("/sign-out")
    enter(session, client, manager)

    page = client.get(f"{MANAGE}suspensions/{sanction_id}").text
    assert "CANARY-GROUNDS" in page
    assert "A second person decides" in page
    assert 'value="upheld"' not in page
    answer = client.post(f"{MANAGE}suspensions/{sanction_id}", data={"do": "upheld", "reason": "Why not."})
    assert answer.status_code == 403


def test_a_manager_sets_what_a_tier_expects(session, client, database, worker, manager):
    enter(session, client, manager)
    sent = {"has_floor": "y", "floor_percent": "85", "skill": "", "most_a_day": "100", "extension_tasks": "200"}
    answer = client.post(f"{MANAGE}tiers/generalist", data=sent)

    assert answer.status_code == 303, answer.text
    _tier, rule = read(database, get_rule, "generalist")
    assert (float(rule.floor), rule.most_a_day, rule.extension_tasks) == (0.85, 100, 200)
    assert "85.0 %" in client.get(answer.location).text
    assert 'value="85"' in client.get(f"{MANAGE}tiers/generalist").text


@pytest.mark.parametrize(
    "sent",
    [
        {"has_floor": "y", "floor_percent": "100", "most_a_day": "5"},
        {"has_floor": "y", "floor_percent": "", "most_a_day": "5"},
        {"has_floor": "y", "floor_percent": "80", "most_a_day": "0"},
        {"has_floor": "y", "floor_percent": "eighty", "most_a_day": "5"},
        {"most_a_day": "5", "extension_tasks": "7"},
        {"has_floor": "y", "floor_percent": "80", "skill": "No Skill!", "most_a_day": "5"},
    ],
)
def test_a_faulty_rule_is_told_at_its_field(session, client, database, worker, manager, sent):
    enter(session, client, manager)
    answer = client.post(f"{MANAGE}tiers/generalist", data=sent)

    assert answer.status_code == 422
    assert 'class="field-row has-errors"' in answer.text
    assert read(database, get_rule, "generalist")[1].floor == FLOOR


def test_an_auditor_reads_and_decides_nothing(session, client, proposal, worker):
    enter(session, client, make_person(session, roles=(Role.AUDITOR,)).id)

    for address in ("", f"proposals/{proposal}", f"people/{worker}", "tiers/", "tiers/generalist"):
        page = client.get(MANAGE + address)
        assert page.status_code == 200, address
        assert 'name="do"' not in page.text
    assert client.post(f"{MANAGE}proposals/{proposal}", data={"do": "confirmed", "reason": "x"}).status_code == 403


def test_without_consent_the_figures_are_not_shown(session, client, worker, manager):
    post_work(session, worker, [1, 0, 1])
    withdraw(session, person_id=worker, scope=ConsentScope.QUALITY, at=AT)
    enter(session, client, manager)

    page = client.get(f"{MANAGE}people/{worker}").text
    assert "has not agreed" in page
    assert "66.6 %" not in page
    assert "66.7 %" not in page


def test_one_sees_all_of_ones_own_work_and_only_that(session, client, worker, proposal):
    bob = make_worker(session, name="Bob")
    enter(session, client, worker)
    page = client.get("/me/quality/").text
    assert "20.0 %" in page
    assert "a person looks at it and decides" in page
    assert "Quality of my work" in client.get("/me/").text
    client.post("/sign-out")
    enter(session, client, bob)

    assert "Nothing was reported about your work yet." in client.get("/me/quality/").text


def test_one_reads_the_reason_and_appeals_in_two_clicks(session, client, worker, manager):
    sanction_id = suspend(session, worker, manager)
    bob = make_worker(session, name="Bob")
    enter(session, client, worker)
    address = f"/me/quality/suspensions/{sanction_id}"
    assert address in client.get("/me/quality/").text
    assert "CANARY-REASON" in client.get(address).text

    faulty = client.post(address, data={"grounds": " "})
    assert faulty.status_code == 422
    assert "Say what you think is wrong." in faulty.text
    assert client.post(address, data={"grounds": "The key was wrong."}).status_code == 303
    assert client.post(address, data={"grounds": "Again."}).status_code == 409
    client.post("/sign-out")
    enter(session, client, bob)

    assert client.get(address).status_code == 404


def test_what_does_not_exist_is_not_found(session, client, worker, manager):
    enter(session, client, manager)

    for address in (
        f"proposals/{worker}",
        f"suspensions/{worker}",
        f"people/{manager.int:032x}"[:-1] + "0",
        "tiers/no",
    ):
        assert client.get(MANAGE + address).status_code == 404, address
    for address in (f"proposals/{worker}", f"suspensions/{worker}"):
        assert client.post(MANAGE + address, data={"do": "confirmed", "reason": "x"}).status_code == 404


@pytest.mark.parametrize("path", [MANAGE, "/manage/quality/tiers/"])
def test_candidates_manage_nothing(session, client, worker, path):
    enter(session, client, worker)

    assert client.get(path).status_code == 403
