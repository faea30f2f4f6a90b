"""axe-core finds nothing on any page, in light and in dark; nothing overflows a phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.newcomer import COURSE, PASSWORD, sign_in, sign_up, start_test, take_test

pytestmark = pytest.mark.browser

STRANGERS = [
    "/",
    "/tiers/",
    "/courses/",
    f"/courses/{COURSE}/",
    f"/courses/{COURSE}/lessons/1",
    f"/courses/{COURSE}/guide",
    f"/tests/{COURSE}/",
    "/sign-up",
    "/sign-in",
    "/forgotten-password",
    "/mail-sent",
    "/verify/",
    "/verify/nothing-like-that",
    "/nowhere",
    "/scoring/",
    "/scoring/results",
    "/scoring/span-highlight",
    "/scoring/ranking",
]
AUTHORS = [
    "/authoring/items/",
    "/authoring/items/?words=no-such-word",
    "/authoring/items/new",
    "/authoring/items/new/rubric-score",
    "/authoring/imports/",
    "/authoring/tests/",
    f"/authoring/tests/{COURSE}",
]


@pytest.fixture(scope="module")
def person(browser, site):
    """Somebody who passed one attempt: their cookies, and the addresses of their pages."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.set_default_timeout(20_000)
    sign_up(page, "Axe Minder")
    page.goto(f"/courses/{COURSE}/lessons/1")
    box = page.locator("section.practice").first
    box.locator("input[type=radio], input[type=checkbox]").first.check()
    box.get_by_role("button", name="Check my answer").click()
    page.locator(".feedback").first.wait_for()
    attempt_id = take_test(page, site, right=25, has_scripts=True)
    certificate = page.get_by_role("link", name="See your certificate").get_attribute("href")
    pages = [
        "/me/",
        "/account/",
        "/tiers/",
        f"/courses/{COURSE}/",
        f"/courses/{COURSE}/lessons/1",
        f"/tests/{COURSE}/",
        f"/attempts/{attempt_id}/result",
        certificate,
        certificate.replace("/certificates/", "/verify/").rstrip("/"),
    ]
    yield context.storage_state(), pages
    context.close()


def look_at(page: Page, name: str) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    violations = Axe().run(page).response["violations"]
    nodes = [(violation["id"], violation["nodes"][0]) for violation in violations]
    found = [f"{name}: {rule}: {node['html'][:160]} | {node['failureSummary'][:200]}" for rule, node in nodes]
    page.set_viewport_size({"width": 320, "height": 800})
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if too_wide > 0:
        found.append(f"{name}: {too_wide} px wider than 320 px")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


def test_the_pages_for_strangers(browser, site, scheme):
    page = browser.new_context(base_url=site.url, color_scheme=scheme, reduced_motion="reduce").new_page()
    found = []
    for path in STRANGERS:
        page.goto(path)
        found += look_at(page, path)
    page.goto("/sign-up")
    page.locator("main form button").first.click()
    page.locator(".has-errors").first.wait_for()
    found += look_at(page, "sign-up with errors")
    assert found == []


def test_the_pages_of_a_signed_in_person(browser, site, scheme, person):
    cookies, paths = person
    page = browser.new_context(
        base_url=site.url, color_scheme=scheme, reduced_motion="reduce", storage_state=cookies
    ).new_page()
    found = []
    for path in paths:
        page.goto(path)
        found += look_at(page, re.sub(r"[0-9a-f-]{36}", "…", path))
    assert found == []


def test_the_pages_of_an_attempt(browser, site, scheme):
    page = browser.new_context(base_url=site.url, color_scheme=scheme, reduced_motion="reduce").new_page()
    sign_up(page, "Axe Sitter")
    attempt_id = start_test(page)
    found = []
    for number in range(1, 6):
        page.goto(f"/attempts/{attempt_id}/?page={number}")
        found += look_at(page, f"attempt page {number}")
    page.goto(f"/attempts/{attempt_id}/review")
    found += look_at(page, "review")
    page.get_by_role("button", name="Hand in and see the result").click()
    page.wait_for_url("**/result")
    found += look_at(page, "failed result")
    page.goto("/me/")
    found += look_at(page, "home after failing")
    assert found == []


def test_the_pages_of_an_author(browser, site, scheme):
    email = f"author-{scheme}@example.org"
    site.command(
        "person", "create", "--role", "author", "--name", "Axe Author", "--email", email, "--password", PASSWORD
    )
    page = browser.new_context(base_url=site.url, color_scheme=scheme, reduced_motion="reduce").new_page()
    sign_in(page, email)
    found = []
    for path in AUTHORS:
        page.goto(path)
        found += look_at(page, path)
    page.goto("/authoring/items/")
    with page.expect_navigation():
        page.locator("main table a, main li a").first.click()
    found += look_at(page, "an item in the editor")
    page.goto(page.url.rstrip("/") + "/versions")
    found += look_at(page, "the versions of an item")
    assert found == []
