"""In a browser: an author says what forms hold, and a manager looks at what was shown; with scripts and without."""

import pytest
from playwright.sync_api import expect

from assessments.operations.counting_exposure import count_forms
from assessments.operations.starting import start_attempt
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import BANK, make_bank, make_test
from tests.pages import follow, violations
from tests.people import make_person

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 320, "height": 800}}


@pytest.fixture
def people(database):
    """An author and a manager of a test of which 110 forms were drawn."""
    now = clock.now()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=now, per_type=4)
        make_test(session, at=now, further={"bank": None})
        for seed in range(110):
            start_attempt(session, test_slug=BANK, person_id=make_person(session).id, at=now, seed=seed)
        count_forms(session, at=now)
        return make_person(session, roles=(Role.AUTHOR,)), make_person(session, roles=(Role.MANAGER,))


@pytest.mark.parametrize("scripts", [True, False])
def test_an_author_says_which_items_stand_in_every_form_and_which_never_meet(sit_down, people, scripts):
    page = sit_down(people[0], scripts=scripts)
    page.goto(f"/authoring/tests/{BANK}")

    page.get_by_label("Items that every form has").fill("choice-2, choice-9")
    page.get_by_label("Items that never meet").fill("choice-1 choice-2\norder-1")
    follow(page.get_by_role("button", name="Save and submit for approval"))
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("never together 2: Tuple should have at least 2 items")).to_be_visible()
    page.get_by_label("Items that never meet").fill("choice-1 choice-2")
    follow(page.get_by_role("button", name="Save the draft").last)
    expect(page.get_by_text("must include: choice-9 is not among the items")).to_be_visible()
    page.get_by_label("Items that every form has").fill("choice-2")
    follow(page.get_by_role("button", name="Save the draft").last)

    expect(page.get_by_text("The pool fills every section")).to_be_visible()
    drawn = page.locator("section[aria-labelledby=drawn] table")
    expect(drawn.get_by_text("choice-2", exact=True)).to_have_count(1)
    expect(drawn.get_by_text("choice-1", exact=True)).to_have_count(0)


@pytest.mark.parametrize(("scripts", "scheme"), [(True, "light"), (False, "dark")])
def test_a_manager_sees_what_was_shown_against_its_bounds(sit_down, people, scripts, scheme):
    page = sit_down(people[1], scripts=scripts, color_scheme=scheme, **PHONE)
    page.goto("/manage/")
    follow(page.get_by_role("link", name="Exposure of items"))
    expect(page.get_by_text("within its bounds")).to_be_visible()
    follow(page.get_by_role("link", name="Ferry facts"))

    expect(page.get_by_role("heading", name="Every bound holds")).to_be_visible()
    expect(page.get_by_role("img", name="How often each of 16 items was shown")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    if scripts:
        assert violations(page, "what was shown") == []
    follow(page.get_by_role("link", name="7 days"))
    expect(page.get_by_text("110", exact=True).first).to_be_visible()
