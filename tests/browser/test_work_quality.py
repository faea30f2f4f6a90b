"""A drop is proposed, a manager suspends, the worker appeals in two clicks, another manager lifts it; axe, a phone."""

import pytest
from playwright.sync_api import expect

from lms.accounts.models import Person
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.certificates.workers import make_worker, make_workplace, post_work, the_proposal
from tests.pages import follow, look_at
from tests.people import make_person

pytestmark = pytest.mark.browser
STAFF = (Role.CANDIDATE, Role.MANAGER)
PHONE = 390


class Cast:
    """A worker whose answers were right for a while and then wrong, and two managers."""

    def __init__(self, database) -> None:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            make_workplace(session, extension_tasks=200)
            worker_id = make_worker(session)
            self.worker = session.get_one(Person, worker_id)
            self.grace = make_person(session, name="Grace", roles=STAFF)
            self.edsger = make_person(session, name="Edsger", roles=STAFF)
            post_work(session, worker_id, [1, 0.5] * 15 + [0] * 16)
            self.proposal = the_proposal(session, worker_id).id


@pytest.fixture
def cast(database) -> Cast:
    return Cast(database)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_suspension_is_proposed_confirmed_appealed_against_and_lifted(sit_down, cast, scripts):
    grace = sit_down(cast.grace, scripts=scripts)
    grace.goto("/manage/")
    follow(grace.get_by_role("link", name="Quality of work"))
    follow(grace.get_by_role("link", name="Ada Lovelace"))
    expect(grace.get_by_role("heading", name="The evidence")).to_be_visible()
    follow(grace.get_by_role("button", name="Suspend from this tier"))
    expect(grace.get_by_role("alert")).to_contain_text("Give the reason")
    grace.get_by_label("Reason").fill("The last answers were guesses.")
    follow(grace.get_by_role("button", name="Suspend from this tier"))
    expect(grace.get_by_text("The tier is closed to this person.")).to_be_visible()

    worker = sit_down(cast.worker, scripts=scripts)
    worker.goto("/me/")
    follow(worker.get_by_role("link", name="Quality of my work"))
    follow(worker.get_by_role("link", name="Why, and how to appeal"))
    expect(worker.locator("main")).to_contain_text("The last answers were guesses.")
    worker.get_by_label("What is wrong, in plain words").fill("Their key was wrong.")
    follow(worker.get_by_role("button", name="Send the appeal"))
    expect(worker.get_by_text("Sent. Somebody else than the person who decided")).to_be_visible()

    grace.goto("/manage/quality/")
    follow(grace.get_by_role("region", name="Appeals that wait").get_by_role("link"))
    expect(grace.get_by_text("A second person decides")).to_be_visible()
    edsger = sit_down(cast.edsger, scripts=scripts)
    edsger.goto("/manage/quality/")
    follow(edsger.get_by_role("region", name="Appeals that wait").get_by_role("link"))
    expect(edsger.locator("blockquote")).to_contain_text("Their key was wrong.")
    edsger.locator("#reason-appeal").fill("It was; the tasks are withdrawn.")
    follow(edsger.get_by_role("button", name="Uphold it and lift the suspension"))
    expect(edsger.get_by_text("The appeal is upheld")).to_be_visible()

    worker.goto("/me/quality/")
    expect(worker.get_by_text("You are suspended")).to_have_count(0)
    follow(worker.get_by_role("region", name="Suspensions").get_by_role("link"))
    expect(worker.locator("main")).to_contain_text("It was; the tasks are withdrawn.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_good_to_look_at(sit_down, cast, scheme):
    page = sit_down(cast.grace, color_scheme=scheme, reduced_motion="reduce")
    found = []
    people = f"/manage/quality/people/{cast.worker.id}"
    proposal = f"/manage/quality/proposals/{cast.proposal}"
    for path in ("/manage/quality/", "/manage/quality/tiers/", "/manage/quality/tiers/generalist", people, proposal):
        page.goto(path)
        for part in page.locator("details > summary").all():
            part.click()
        found += look_at(page, path, width=PHONE)
    page.goto("/manage/quality/tiers/generalist")
    page.get_by_label("Floor in percent").fill("100")
    follow(page.get_by_role("button", name="Save"))
    found += look_at(page, "a rule with an error", width=PHONE)
    page.goto(proposal)
    follow(page.get_by_role("button", name="Suspend from this tier"))
    found += look_at(page, "a decision with an error", width=PHONE)
    page.get_by_label("Reason").fill("Guesses.")
    follow(page.get_by_role("button", name="Suspend from this tier"))
    worker = sit_down(cast.worker, color_scheme=scheme, reduced_motion="reduce")
    worker.goto("/me/quality/")
    found += look_at(worker, "one's own work", width=PHONE)
    follow(worker.get_by_role("link", name="Why, and how to appeal"))
    found += look_at(worker, "one's suspension", width=PHONE)
    worker.get_by_label("What is wrong, in plain words").fill("The key was wrong.")
    follow(worker.get_by_role("button", name="Send the appeal"))
    found += look_at(worker, "one's appeal", width=PHONE)
    second = sit_down(cast.edsger, color_scheme=scheme, reduced_motion="reduce")
    second.goto("/manage/quality/")
    follow(second.get_by_role("region", name="Appeals that wait").get_by_role("link"))
    found += look_at(second, "an appeal to decide on", width=PHONE)
    assert found == []
