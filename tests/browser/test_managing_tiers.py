"""A manager makes a tier, tries out what it asks for and puts it in force; axe and a phone find nothing wrong."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from certificates.operations.programmes import ProgrammeTerms, make_programme
from certificates.operations.standings import follow as follow_standing
from courses.operations.cohorts import CohortTerms, add_member, make_cohort
from lms import clock
from lms.accounts.models import Person
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, make_office, qualify
from tests.courses.shelves import make_course
from tests.pages import follow, look_at
from tests.people import make_person

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


class Cast:
    """A manager, and Ada, who passed the ferry test in a cohort that takes a programme."""

    def __init__(self, database) -> None:
        now = clock.now()
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            make_office(session)
            make_course(session, BANK, title="Ferry facts")
            ada = qualify(session, name="Ada Passed")
            follow_standing(session, person_id=ada, at=AT)
            self.manager = make_person(session, name="Mona Manager", roles=(Role.CANDIDATE, Role.MANAGER))
            terms = CohortTerms("Spring", now - timedelta(days=5), now + timedelta(days=60), BANK)
            cohort_id = make_cohort(session, slug="spring", terms=terms, actor_id=ada, at=AT)
            add_member(session, cohort_id=cohort_id, person_id=ada, actor_id=ada, at=AT)
            asked = {"due_days": 14, "tries": 2, "consents": ("results",), "cohorts": ("spring",)}
            programme = ProgrammeTerms("Ferry checkers", "By spring.", BANK, "generalist", **asked)
            make_programme(session, slug="ferry-checkers", terms=programme, actor_id=ada, at=AT)
            self.ada = session.get_one(Person, ada)


@pytest.fixture
def cast(database) -> Cast:
    return Cast(database)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_manager_makes_a_tier_and_tries_out_what_it_asks_for(sit_down, cast, scripts):
    page = sit_down(cast.manager, scripts=scripts)
    page.goto("/manage/")
    follow(page.get_by_role("main").get_by_role("link", name="Tiers", exact=True))
    follow(page.get_by_role("link", name="Make a tier"))
    page.get_by_label("Name", exact=True).fill("Night shift")
    page.get_by_label("Short name").fill("night-shift")
    page.get_by_label("Field of work").fill("General review")
    page.get_by_label("What the work is").fill("Checks ferries at night.")
    page.get_by_label("Pay from").fill("70")
    page.get_by_label("Pay up to").fill("60")
    page.get_by_label("Currency").fill("eur")
    follow(page.get_by_role("button", name="Make the tier"))
    expect(page.get_by_text("The upper end is not below the lower one.")).to_be_visible()
    page.get_by_label("Pay up to").fill("90")
    follow(page.get_by_role("button", name="Make the tier"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What it asks for")

    follow(page.get_by_role("button", name="Try it out"))
    expect(page.get_by_text("Add at least one part, or remove the group.")).to_be_visible()
    follow(page.locator('button[value="add-achievement:"]'))
    page.get_by_label("Certificate", exact=True).select_option(f"public/{BANK}")
    follow(page.locator('button[value="add-group:"]'))
    expect(page.get_by_label("Certificate", exact=True)).to_have_value(f"public/{BANK}")
    follow(page.locator('button[value="remove:1"]'))
    follow(page.get_by_role("button", name="Try it out"))
    expect(page.get_by_text("would gain the tier")).to_be_visible()
    expect(page.get_by_role("row", name="Ada Passed")).to_contain_text("gain it")
    page.get_by_label("Reason").fill("The first version.")
    follow(page.get_by_role("button", name="Put this version in force"))

    expect(page.get_by_text("Version 1 is in force.")).to_be_visible()
    expect(page.locator(".asked")).to_contain_text("the certificate “Ferry Fact Reviewer”")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_manager_withdraws_a_tier_and_offers_it_again_on_a_phone(sit_down, cast, scripts, scheme):
    page = sit_down(cast.manager, scripts=scripts, viewport=PHONE, color_scheme=scheme)
    page.goto("/manage/tiers/generalist/")
    follow(page.get_by_role("link", name="Withdraw this tier"))
    expect(page.get_by_text("The programme “Ferry checkers” leads to it")).to_be_visible()
    page.get_by_label("Reason").fill("No work.")
    follow(page.get_by_role("button", name="Withdraw it from 1 person"))
    expect(page.get_by_label("Reason")).to_have_value("No work.")
    found = look_at(page, "withdrawal with a fault", width=390) if scripts else []
    page.get_by_label("Reason").fill("Nobody asks for this work any more.")
    follow(page.get_by_role("button", name="Withdraw it from 1 person"))

    expect(page.get_by_text("The tier is withdrawn. 1 person is told by mail.")).to_be_visible()
    found += look_at(page, "a withdrawn tier", width=390) if scripts else []
    page.goto("/manage/tiers/")
    found += look_at(page, "tiers with a withdrawn one", width=390) if scripts else []
    follow(page.get_by_role("main").get_by_role("link", name="Generalist"))
    page.get_by_label("Reason").fill("There is work of this kind again.")
    follow(page.get_by_role("button", name="Offer it again"))
    expect(page.get_by_text("The tier is offered again.")).to_be_visible()
    assert found == []


def test_the_pages_are_good_for_everybody_and_fit_a_phone(sit_down, cast):
    manager = sit_down(cast.manager)
    found = []
    for path in (
        "/manage/",
        "/manage/tiers/",
        "/manage/tiers/new",
        "/manage/tiers/generalist/",
        "/manage/tiers/pilot/requirement",
        "/manage/cohorts/",
        "/manage/cohorts/spring/?q=ada",
        "/manage/programmes/",
        "/manage/programmes/ferry-checkers/",
        "/manage/overview/",
        "/manage/candidates/?q=ada",
        f"/manage/candidates/{cast.ada.id}",
        "/programmes/ferry-checkers/",
    ):
        manager.goto(path)
        found += look_at(manager, path)
    manager.goto("/manage/tiers/pilot/requirement")
    follow(manager.locator('button[value="add-quality:"]'))
    follow(manager.locator('button[value="wrap:0"]'))
    follow(manager.get_by_role("button", name="Try it out"))
    found += look_at(manager, "requirement with faults")
    manager.get_by_label("At least, in percent").fill("80")
    manager.get_by_label("Known from so many tasks").fill("20")
    follow(manager.get_by_role("button", name="Try it out"))
    found += look_at(manager, "dry run")
    ada = sit_down(cast.ada)
    for path in ("/tiers/", "/me/", "/programmes/ferry-checkers/"):
        ada.goto(path)
        found += look_at(ada, path)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_editor_and_the_overview_fit_a_phone_in_both_schemes(sit_down, cast, scheme):
    page = sit_down(cast.manager, viewport=PHONE, color_scheme=scheme)
    found = []
    for path in ("/manage/tiers/pilot/requirement", "/manage/overview/"):
        page.goto(path)
        found += look_at(page, f"{path} {scheme}", width=390)
    assert found == []
