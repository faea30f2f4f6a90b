"""Marking in a real browser: by keyboard alone, without scripts, on a phone, and for whoever sees or hears it."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from assessments.models.attempts import Attempt, AttemptState
from assessments.models.marks import Mark
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.marked_tests import hand_in, make_marked_test, make_marker
from tests.keys import focus, pick, press_on
from tests.pages import follow, look_at
from tests.people import PASSWORD, make_person

pytestmark = pytest.mark.browser


@pytest.fixture
def attempt_id(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_marked_test(session, at=clock.now())
        make_marker(session, email="mara@example.org")
        return hand_in(session, make_person(session, email="cyril@example.org").id, at=clock.now())


@pytest.fixture
def visit(app, browser) -> Iterator[Callable[..., Page]]:
    """A page of somebody who is signed in."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    contexts = []

    def come(email: str, *, scripts: bool = True, scheme: str = "light") -> Page:
        address = f"http://127.0.0.1:{server.server_port}"
        context = browser.new_context(
            base_url=address, java_script_enabled=scripts, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button").first.click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield come
    for context in contexts:
        context.close()
    server.shutdown()


def test_the_queue_is_worked_through_by_keyboard_alone(visit, attempt_id, database):
    page = visit("mara@example.org")
    press_on(page, 'header a[href="/marking/"]')
    page.wait_for_url("**/marking/")
    press_on(page, "main a.button.primary")
    page.wait_for_url("**/marking/*/2")
    for levels in ({"reason": "2", "style": "3"}, {"reason": "3", "style": "3"}):
        for criterion, level in levels.items():
            pick(page, f"level-{criterion}", level)
        focus(page, "#comment")
        page.keyboard.type("Plain.")
        focus(page, "form.marking button")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    expect(page.locator("main")).to_contain_text("Nothing waits at the moment")
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        marks = session.scalars(select(Mark).order_by(Mark.position)).all()
        assert session.get_one(Attempt, attempt_id).state is AttemptState.GRADED
    assert [mark.levels for mark in marks] == [{"reason": 2, "style": 3}, {"reason": 3, "style": 3}]


def test_without_scripts_a_forgotten_level_is_told_and_nothing_is_lost(visit, attempt_id):
    page = visit("mara@example.org", scripts=False)
    page.goto(f"/marking/{attempt_id}/2")
    page.locator('label:has(input[name="level-style"][value="2"])').click()
    page.get_by_label("Comment").fill("One.\n\nTwo.")
    follow(page.get_by_role("button", name="Save and next"))

    expect(page.get_by_role("alert")).to_contain_text("A level is missing for: Reason.")
    expect(page.get_by_label("Comment")).to_have_value("One.\n\nTwo.")
    page.locator('label:has(input[name="level-reason"][value="1"])').click()
    page.get_by_role("button", name="Save and next").click()
    page.wait_for_url(f"**/marking/{attempt_id}/3")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(visit, attempt_id, scheme):
    page = visit("mara@example.org", scheme=scheme)
    found = []
    for address in ("/marking/", f"/marking/{attempt_id}/2", f"/marking/{attempt_id}/3"):
        page.goto(address)
        found += look_at(page, address)
    follow(page.get_by_role("button", name="Save and next"))
    page.get_by_role("alert").wait_for()
    found += look_at(page, "with a message")
    candidate = visit("cyril@example.org", scheme=scheme)
    candidate.goto(f"/attempts/{attempt_id}/result")
    found += look_at(candidate, "being marked")
    assert found == []
