"""A wrong key is repaired in the browser: dry run, second person, new results with the reason, certificates follow."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from assessments.models.items import Item
from certificates.queries.certificates import find_certificate_of_attempt
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.wrong_keys import FAULTY, REASON, RIGHT, WRONG, make_faulty_test, sit_faulty
from tests.certificates.factories import AT, deliver_all, make_ladder
from tests.pages import follow, look_at
from tests.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.journey]
PHONE = {"width": 390, "height": 844}
AUTHOR = (Role.CANDIDATE, Role.AUTHOR)
MANAGER = (Role.CANDIDATE, Role.AUTHOR, Role.MANAGER)


class Cast:
    """Everybody who has a part, and the attempts of the two who sat the test."""

    def __init__(self, database) -> None:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            make_faulty_test(session, at=AT)
            make_ladder(session)
            self.item_id = session.scalars(select(Item.id).where(Item.identifier == FAULTY)).one()
            self.author = make_person(session, name="Ada", roles=AUTHOR)
            self.manager = make_person(session, name="Grace", roles=MANAGER)
            self.other_manager = make_person(session, name="Edsger", roles=MANAGER)
            self.gains, self.loses = make_person(session, name="Barbara"), make_person(session, name="Tony")
            self.gained = sit_faulty(session, self.gains.id, at=AT, faulty=RIGHT, right=5)
            self.lost = sit_faulty(session, self.loses.id, at=AT, faulty=WRONG, right=5)
            for name in range(12):  # who answered neither way
                sit_faulty(session, make_person(session).id, at=AT, faulty=None, right=name % 8)


@pytest.fixture
def cast(app, database) -> Cast:
    return Cast(database)


def repair_key(author: Page, manager: Page, item_id) -> None:
    """Ada states the right answer, Grace approves it."""
    author.goto(f"/authoring/items/{item_id}")
    author.locator("#key-item input[value=b]").check()
    follow(author.get_by_role("button", name="Save and submit for review"))
    expect(author.get_by_text("Submitted. A second person decides now.")).to_be_visible()
    manager.goto(f"/authoring/items/{item_id}/review")
    follow(manager.locator("button[name=do][value=live]"))
    expect(manager.get_by_text("The item is live.")).to_be_visible()


def propose(author: Page, item_id) -> str:
    author.goto(f"/authoring/items/{item_id}")
    follow(author.get_by_role("link", name="Propose a regrade"))
    expect(author.get_by_role("heading", level=1)).to_have_text(f"Propose a regrade: {FAULTY}")
    expect(author.locator("input[name=new_key]").first).to_be_checked()
    author.get_by_label("What was wrong, in plain words").fill(REASON)
    follow(author.get_by_role("button", name="Propose, and see what would change"))
    expect(author.get_by_role("heading", name="Dry run: what it would change")).to_be_visible()
    return author.url


def number_beside(page: Page, title: str) -> Locator:
    return page.locator("dl.facts > div", has_text=title).locator("dd")


def test_a_wrong_key_is_repaired_and_everybody_concerned_is_told(app, database, sit_down, cast):
    author, manager = sit_down(cast.author), sit_down(cast.manager)
    repair_key(author, manager, cast.item_id)
    url = propose(author, cast.item_id)

    expect(number_beside(author, "Scored with the old key")).to_have_text("14")
    expect(number_beside(author, "Newly passed")).to_have_text("1")
    expect(number_beside(author, "Passed no more")).to_have_text("1")
    expect(author.get_by_role("row", name=re.compile("newly passed"))).to_contain_text("62.5 %")
    expect(author.get_by_text("1 certificate would be put to review")).to_be_visible()
    expect(author.get_by_role("button", name="Commit the regrade")).to_have_count(0)

    manager.goto(url)
    manager.get_by_label("Why it is right to change these results").fill("Looked it up in the timetable.")
    follow(manager.get_by_role("button", name="Commit the regrade"))
    expect(manager.get_by_text("Committed: the repaired key counts from now on.")).to_be_visible()
    deliver_all(app)
    manager.goto(url)
    expect(manager.locator("#regrade-figures")).to_contain_text("carried out")

    gains = sit_down(cast.gains)
    gains.goto(f"/attempts/{cast.gained}/result")
    expect(gains.get_by_role("heading", level=1)).to_have_text("You passed")
    expect(gains.locator("main")).to_contain_text(f"had a wrong key, which has been repaired. {REASON}")
    expect(gains.locator("main")).to_contain_text("Your score rose from 62.5 % to 75 %.")
    follow(gains.get_by_role("link", name="See your certificate"))
    expect(gains.locator("main")).to_contain_text("Barbara")

    loses = sit_down(cast.loses)
    loses.goto(f"/attempts/{cast.lost}/result")
    expect(loses.get_by_role("heading", level=1)).to_have_text("Not passed this time")
    expect(loses.locator("main")).to_contain_text("Your score fell from 75 % to 62.5 %.")
    expect(loses.locator("main")).to_contain_text("It is under review")
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        held = find_certificate_of_attempt(session, attempt_id=cast.lost, person_id=cast.loses.id)
    loses.goto(f"/verify/{held.id}")
    expect(loses.locator("main")).to_contain_text("it holds today")

    other = sit_down(cast.other_manager)
    other.goto("/manage/")
    follow(other.get_by_role("link", name="Certificates under review"))
    follow(other.get_by_role("link", name="Ferry Fact Reviewer"))
    other.get_by_label("Reason").fill("Sat in good faith.")
    follow(other.get_by_role("button", name="Keep it valid"))
    expect(other.get_by_text("The certificate stays valid.")).to_be_visible()
    loses.goto("/me/")
    expect(loses.locator("#certificates ~ ul")).not_to_contain_text("Under review")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(app, sit_down, cast, scheme):
    pages = {
        name: sit_down(person, color_scheme=scheme, viewport=PHONE)
        for name, person in (("author", cast.author), ("manager", cast.manager), ("loses", cast.loses))
    }
    repair_key(pages["author"], pages["manager"], cast.item_id)
    url = propose(pages["author"], cast.item_id)
    found = look_at(pages["author"], "dry run", width=390)
    pages["manager"].goto(url)
    pages["manager"].get_by_label("Why it is right").fill("Looked it up.")
    follow(pages["manager"].get_by_role("button", name="Commit the regrade"))
    deliver_all(app)
    for path in (url, "/manage/regrades/", "/manage/releases/", "/manage/certificates/reviews/"):
        pages["manager"].goto(path)
        found += look_at(pages["manager"], path, width=390)
    follow(pages["manager"].get_by_role("link", name="Ferry Fact Reviewer"))
    found += look_at(pages["manager"], "a review", width=390)
    pages["author"].goto(f"/authoring/items/{cast.item_id}/versions")
    follow(pages["author"].get_by_role("link", name=re.compile("^Regrade what was")).last)
    found += look_at(pages["author"], "a proposal", width=390)
    pages["loses"].goto(f"/attempts/{cast.lost}/result")
    found += look_at(pages["loses"], "a regraded result", width=390)
    assert found == [], "\n".join(found)
