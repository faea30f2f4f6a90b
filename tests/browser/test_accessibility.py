"""axe-core finds nothing on any page, in light and in dark; nothing overflows a phone."""

import re

import pytest

from tests.browser.newcomer import COURSE, PASSWORD, sign_in, sign_up, start_test, take_test
from tests.pages import follow, look_at

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
    follow(page.locator("main form button").first)
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
    follow(page.get_by_role("button", name="Hand in and see the result"))
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
    follow(page.locator("main table a, main li a").first)
    found += look_at(page, "an item in the editor")
    page.goto(page.url.rstrip("/") + "/versions")
    found += look_at(page, "the versions of an item")
    assert found == []
