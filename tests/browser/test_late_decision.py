"""Late answers in the browser: a manager lets them count, with and without a script, and the candidate reads it."""

import pytest
from playwright.sync_api import expect

from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import make_bank, make_test
from tests.assessments.late_answers import REASON, sit_late
from tests.certificates.factories import AT, make_ladder
from tests.pages import follow, look_at
from tests.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.journey]
PHONE = {"width": 390, "height": 844}


class Cast:
    """A manager, and two people whose last two answers came late."""

    def __init__(self, database) -> None:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            make_bank(session, at=AT)
            make_test(session, at=AT)
            make_ladder(session)
            self.manager = make_person(session, name="Grace", roles=(Role.CANDIDATE, Role.MANAGER))
            self.nora, self.tony = make_person(session, name="Nora"), make_person(session, name="Tony")
            self.attempt_id = sit_late(session, self.nora.id, at=AT, right=5, late=2)
            sit_late(session, self.tony.id, at=AT, right=2, late=1)


@pytest.fixture
def cast(app, database) -> Cast:
    return Cast(database)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_manager_lets_late_answers_count_and_the_candidate_has_passed(sit_down, cast, scripts):
    manager = sit_down(cast.manager, scripts=scripts)
    manager.goto("/manage/")
    follow(manager.get_by_role("link", name="Late answers"))
    follow(manager.get_by_role("link", name="Nora"))
    follow(manager.get_by_role("button", name="Let them count"))
    expect(manager.get_by_role("alert")).to_contain_text("Say in plain words why")
    manager.get_by_label("Why, in plain words").fill(REASON)
    follow(manager.get_by_role("button", name="Let them count"))
    expect(manager.get_by_text("The late answers count from now on.")).to_be_visible()
    expect(manager.get_by_role("row").nth(1)).to_contain_text("Tony")  # what waits comes first
    expect(manager.get_by_role("row").nth(2)).to_contain_text("they count")

    nora = sit_down(cast.nora, scripts=scripts)
    nora.goto(f"/attempts/{cast.attempt_id}/result")
    expect(nora.get_by_role("heading", level=1)).to_have_text("You passed")
    expect(nora.locator("main")).to_contain_text(REASON)
    expect(nora.locator("main")).to_contain_text("Your score rose from 62.5 % to 87.5 %.")
    follow(nora.get_by_role("link", name="See your certificate"))
    expect(nora.locator("main")).to_contain_text("Nora")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(sit_down, cast, scheme):
    manager, nora = (sit_down(one, color_scheme=scheme, viewport=PHONE) for one in (cast.manager, cast.nora))
    page = f"/manage/late-answers/{cast.attempt_id}"
    nora.goto(f"/attempts/{cast.attempt_id}/result")
    found = look_at(nora, "waiting", width=390)
    manager.goto(page)
    found += look_at(manager, "to be decided", width=390)
    follow(manager.get_by_role("button", name="Let them count"))
    expect(manager.get_by_role("alert")).to_be_visible()
    found += look_at(manager, "refused", width=390)
    manager.get_by_label("Why, in plain words").fill(REASON)
    follow(manager.get_by_role("button", name="Let them count"))
    found += look_at(manager, "the list", width=390)
    manager.goto(page)
    found += look_at(manager, "decided", width=390)
    nora.reload()
    found += look_at(nora, "counted", width=390)
    assert found == [], "\n".join(found)
