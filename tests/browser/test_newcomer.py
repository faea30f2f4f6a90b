"""The main job in a real browser, with and without JavaScript: learn, practise, pass, verify, see the tier open."""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from tests.browser.newcomer import COURSE, sign_up, take_test
from tests.pages import follow

pytestmark = [pytest.mark.browser, pytest.mark.journey]
NAME = "Ada Lovelace"


@pytest.fixture
def page(context):
    return context.new_page()


@pytest.fixture
def has_scripts(request):
    return "without" not in request.node.name


def test_a_newcomer_learns_passes_is_certified_and_sees_the_tier_open(page, site, has_scripts, tmp_path):
    page.goto("/")
    follow(page.get_by_role("link", name=re.compile("Start the course")).first)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    sign_up(page, NAME)

    page.goto(f"/courses/{COURSE}/lessons/1")
    practise_first_item(page)
    follow(page.get_by_role("button", name="Mark as read and continue"))
    page.wait_for_url("**/lessons/2")

    page.goto("/tiers/")
    generalist = page.locator("li, section, article").filter(
        has=page.get_by_role("heading", name="Generalist", exact=True)
    )
    expect(generalist.first).not_to_contain_text("open to you", ignore_case=True)

    attempt_id = take_test(page, site, right=25, has_scripts=has_scripts)
    expect(page.get_by_role("heading", level=1)).to_have_text("You passed")
    expect(page.locator("main")).to_contain_text("You reached 100 %")

    follow(page.get_by_role("link", name="See your certificate"))
    expect(page.locator("main")).to_contain_text(NAME)
    certificate_id = page.url.rstrip("/").rpartition("/")[2]
    pdf = download_pdf(page, site, certificate_id, tmp_path)
    words = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    assert NAME in words
    assert f"{site.url}/verify/{certificate_id}" in words.replace("\n", "")

    stranger = page.context.browser.new_context(base_url=site.url).new_page()
    stranger.goto(f"/verify/{certificate_id}")
    expect(stranger.locator("main")).to_contain_text(NAME)
    expect(stranger.locator("main")).to_contain_text("valid", ignore_case=True)
    assert attempt_id not in stranger.content()

    page.goto("/tiers/")
    expect(generalist.first).to_contain_text("open", ignore_case=True)
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("Generalist")
    expect(page.locator("main")).to_contain_text("Passed")


def test_another_fails_and_sees_why_and_what_to_study(page, site, has_scripts):
    sign_up(page, "Ben Weak")

    take_test(page, site, right=8, has_scripts=has_scripts)

    main = page.locator("main")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not passed this time")
    expect(main).to_contain_text("What to study")
    expect(main).to_contain_text("You can start again from")
    expect(main.get_by_role("link", name="Choosing evidence")).to_be_visible()
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("None yet")


def practise_first_item(page):
    """Answer the first practice item of the lesson with its first option."""
    box = page.locator("section.practice").first
    box.locator("input[type=radio], input[type=checkbox]").first.check()
    box.get_by_role("button", name="Check my answer").click()
    feedback = page.locator("section.practice").first.locator(".feedback")
    expect(feedback).to_be_visible()
    expect(feedback).to_contain_text("Source")


def download_pdf(page, site, certificate_id, folder):
    """The PDF, waiting for the worker as a person would: by asking again."""
    path = folder / "certificate.pdf"
    for _ in range(480):
        answer = page.context.request.get(f"{site.url}/certificates/{certificate_id}.pdf")
        if answer.status == 200:
            assert answer.headers["content-type"] == "application/pdf"
            path.write_bytes(answer.body())
            return path
        assert answer.status == 202
        page.wait_for_timeout(250)
    raise AssertionError("the PDF was not rendered in time")
