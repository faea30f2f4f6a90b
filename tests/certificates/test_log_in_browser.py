"""The pages of the issuance log in a browser: axe finds nothing, a phone shows them whole, the form leads on."""

import pytest
from playwright.sync_api import Browser, expect

from certificates.adapters.published_head import PUBLISHED
from certificates.operations.published_log import resume_log
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.log_factories import AT, grow_log, make_log_key
from tests.pages import follow, look_at

pytestmark = pytest.mark.browser


@pytest.fixture
def log(app, database) -> None:
    """A log of nine leaves that was once resumed, and whose page says so."""
    published = app.extensions[PUBLISHED]
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_log_key(session)
        grow_log(session, 9)
    note = published.read()
    published.replace(note.replace("\n9\n", "\n12\n"), at=AT)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        resume_log(session, published=published, reason="The disk died, and the copy was older.", actor="test", at=AT)
    published.replace(note, at=AT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_log_are_fit_for_everybody(browser: Browser, address, log, scheme):
    context = browser.new_context(base_url=address, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    found = []
    for path in ("/log/", "/log/leaves/5", "/log/leaves/0?size=1", "/log/leaves/99"):
        page.goto(path)
        found += look_at(page, path)
    context.close()
    assert found == []


def test_the_number_of_an_entry_leads_to_it_without_scripts(browser: Browser, address, log):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/log/")
    page.get_by_label("Number of the entry").fill("5")
    follow(page.get_by_role("button", name="Look up"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Entry 5")
    context.close()
