"""Managers find a certificate, suspend it, and revoke it in twos; axe and a phone find nothing wrong with the pages."""

import pytest
from playwright.sync_api import Page, expect

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from lms.accounts.models import Person
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.certificates.held import change, make_credential, make_held, make_signing
from tests.pages import follow, look_at
from tests.people import make_person

pytestmark = pytest.mark.browser
STAFF = (Role.CANDIDATE, Role.MANAGER)
PHONE = {"width": 390, "height": 844}


class Cast:
    """Two managers, and a holder of a certificate who goes by another name now."""

    def __init__(self, app, database) -> None:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            signing = make_signing(session, app)
            self.id, *others = [held.id for held in make_held(session, count=3)]
            for _ in range(2):
                make_credential(session, self.id, signing)
            change(session, signing, others[0], CertificateState.SUSPENDED)
            change(session, signing, others[1], CertificateState.REVOKED)
            self.holder = session.get_one(Person, session.get_one(Certificate, self.id).person_id)
            self.holder.name = "Ada King"
            self.grace = make_person(session, name="Grace", roles=STAFF)
            self.edsger = make_person(session, name="Edsger", roles=STAFF)


@pytest.fixture
def cast(app, database) -> Cast:
    return Cast(app, database)


def give_reason(page: Page, act: str, reason: str) -> None:
    """Write the reason beside this button and press it."""
    part = page.locator("details", has=page.locator(f"button[value={act}]"))
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    part.get_by_label("Reason").fill(reason)
    follow(part.locator(f"button[value={act}]"))


def test_two_managers_revoke_a_certificate_and_its_holder_reads_why(sit_down, cast):
    grace, edsger = sit_down(cast.grace), sit_down(cast.edsger, scripts=False)
    grace.goto("/manage/")
    follow(grace.get_by_role("link", name="Certificates", exact=True))
    grace.get_by_label("Parts of a name, or the beginning of an id").fill("holder 1")
    follow(grace.get_by_role("button", name="Find"))
    follow(grace.get_by_role("link", name="Holder 1"))
    expect(grace.get_by_role("heading", level=1)).to_have_text("Holder 1")

    give_reason(grace, "suspend", " ")
    expect(grace.get_by_role("alert")).to_contain_text("Give the reason")
    give_reason(grace, "suspend", "While we look.")
    expect(grace.get_by_text("The certificate is suspended.")).to_be_visible()
    give_reason(grace, "propose", "The test was sat by somebody else.")
    expect(grace.get_by_text("Proposed. A second person decides.")).to_be_visible()
    expect(grace.locator("button[value=revoke]")).to_have_count(0)

    edsger.goto("/manage/certificates/?state=proposed")
    follow(edsger.get_by_role("link", name="Holder 1"))
    expect(edsger.locator("main")).to_contain_text("The test was sat by somebody else.")
    give_reason(edsger, "revoke", "Seen on the recording.")
    expect(edsger.get_by_text("The certificate is revoked.")).to_be_visible()
    expect(edsger.locator("#happened ~ ol").first).to_contain_text("Seen on the recording.")

    holder = sit_down(cast.holder)
    holder.goto(f"/certificates/{cast.id}/")
    expect(holder.locator("main")).to_contain_text("Seen on the recording.")
    follow(holder.get_by_role("link", name="Have it looked at again"))
    holder.get_by_label("What is wrong, in plain words").fill("That was me.")
    follow(holder.get_by_role("button", name="Send it"))
    expect(holder.get_by_text("Sent. A person looks at it again")).to_be_visible()


def test_everything_can_be_done_with_the_keyboard(sit_down, cast):
    page = sit_down(cast.grace)
    page.goto(f"/manage/certificates/{cast.id}")
    part = page.locator("details", has=page.locator("button[value=suspend]"))
    part.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(part).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.type("While we look.")
    page.keyboard.press("Tab")
    expect(page.locator("button[value=suspend]")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("The certificate is suspended.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_good_to_look_at(sit_down, cast, scheme):
    page = sit_down(cast.grace, color_scheme=scheme, reduced_motion="reduce")
    found = []
    for path in (
        "/manage/",
        "/manage/certificates/",
        "/manage/certificates/?words=nobody",
        "/manage/certificates/reviews/",
        f"/manage/certificates/{cast.id}",
    ):
        page.goto(path)
        found += look_at(page, path.replace(cast.id, "…"), width=PHONE["width"])
    give_reason(page, "suspend", " ")
    found += look_at(page, "a certificate with an error", width=PHONE["width"])
    give_reason(page, "propose", "It was sat by somebody else.")
    found += look_at(page, "a certificate with one's own proposal", width=PHONE["width"])
    second = sit_down(cast.edsger, color_scheme=scheme, reduced_motion="reduce")
    second.goto(f"/manage/certificates/{cast.id}")
    found += look_at(second, "a certificate to decide on", width=PHONE["width"])
    holder = sit_down(cast.holder, color_scheme=scheme, reduced_motion="reduce")
    holder.goto(f"/certificates/{cast.id}/appeal")
    found += look_at(holder, "an appeal", width=PHONE["width"])
    assert found == []
