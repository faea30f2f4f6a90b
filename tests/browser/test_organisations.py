"""An organisation from nothing, in a browser: founded, branded, people invited by mail and from a file."""

import pytest
from playwright.sync_api import Browser, expect

from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import deliver_due
from tests.mails import path_in, waiting_mails
from tests.organisations import made_up_slug, make_organisation
from tests.pages import follow, look_at
from tests.people import PASSWORD, make_person

pytestmark = pytest.mark.browser


def test_somebody_founds_an_organisation_brands_it_and_a_newcomer_accepts(
    database, sit_down, browser: Browser, address
):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        founder = make_person(session, name="Grace Hopper")
    page, faults, slug = sit_down(founder), [], made_up_slug()

    page.goto("/account/organisations")
    faults += look_at(page, "own organisations")
    follow(page.get_by_role("link", name="Found an organisation"))
    faults += look_at(page, "founding")
    page.get_by_label("Name of the organisation").fill("North Star")
    page.get_by_label("Short name").fill(slug)
    follow(page.get_by_role("button", name="Found it"))

    expect(page.get_by_text("you manage it")).to_be_visible()
    page.get_by_label("In a few sentences").fill("We check facts for a living.")
    page.get_by_label("Accent colour").fill("#ffdd00")
    page.get_by_label("Everybody may see this profile").check()
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("too light to be read")).to_be_visible()
    expect(page.get_by_label("In a few sentences")).to_have_value("We check facts for a living.")
    faults += look_at(page, "a profile with a fault")
    page.get_by_label("Accent colour").fill("#7a1f5c")
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Saved.")).to_be_visible()
    faults += look_at(page, "profile")
    page.emulate_media(color_scheme="dark")
    faults += look_at(page, "profile in the dark")
    page.emulate_media(color_scheme="light")
    follow(page.get_by_role("link", name="See it as everybody does"))
    faults += look_at(page, "public profile")

    page.goto("/manage/invitations/")
    page.get_by_label("E-mail address").fill("nora@example.org")
    follow(page.get_by_role("button", name="Send the invitation"))
    expect(page.get_by_role("rowheader", name="nora@example.org")).to_be_visible()
    faults += look_at(page, "invitations")

    context = browser.new_context(base_url=address, locale="en-GB", viewport={"width": 390, "height": 844})
    newcomer = context.new_page()
    newcomer.goto(path_in(waiting_mails(database)["nora@example.org"]))
    expect(newcomer.get_by_role("heading", name="North Star invites you")).to_be_visible()
    faults += look_at(newcomer, "invitation of a stranger", width=390)
    follow(newcomer.get_by_role("link", name="Open an account"))
    newcomer.get_by_label("Name").fill("Nora New")
    newcomer.get_by_label("E-mail address").fill("nora@example.org")
    newcomer.get_by_label("Password").fill(PASSWORD)
    follow(newcomer.get_by_role("main").get_by_role("button", name="Sign up"))
    expect(newcomer.get_by_text("What may North Star see of you?")).to_be_visible()
    faults += look_at(newcomer, "invitation", width=390)
    newcomer.get_by_label("Certificates").check()
    follow(newcomer.get_by_role("button", name="Join North Star"))
    expect(newcomer.get_by_text("Welcome to North Star.")).to_be_visible()
    newcomer.goto("/account/organisations")
    faults += look_at(newcomer, "organisations of a newcomer", width=390)
    context.close()

    page.goto("/manage/members/")
    faults += look_at(page, "members")
    follow(page.get_by_role("link", name="Nora New"))
    expect(page.get_by_text("Certificates, Name and address")).to_be_visible()
    faults += look_at(page, "member")
    page.goto("/manage/audit/")
    faults += look_at(page, "audit log")
    assert not faults


def test_a_file_is_checked_confirmed_and_worked_off_before_ones_eyes(app, database, sit_down):
    made = make_organisation(database)
    page, faults = sit_down(made.manager), []
    page.goto("/account/organisations")
    follow(page.get_by_role("button", name="Go there"))
    page.goto("/manage/invitations/imports/")
    faults += look_at(page, "imports")
    table = "email,name,cohort\nada@example.org,Ada,spring\nnowhere,Bob,\nada@example.org,Ada,\neve@example.org,=1+1,\n"
    page.get_by_label("File").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": table.encode()})
    follow(page.get_by_role("button", name="Check the file"))

    expect(page.get_by_text("checked: waits for you")).to_be_visible()
    expect(page.get_by_text("stands in row 2 already")).to_be_visible()
    faults += look_at(page, "a checked file", width=390)
    follow(page.get_by_role("button", name="Invite 1 person"))
    expect(page.get_by_text("inviting")).to_be_visible()
    with app.app_context():
        deliver_due(database, app.extensions["assay.handlers"])
    expect(page.get_by_text("done")).to_be_visible()
    faults += look_at(page, "a file that is done")
    assert not faults
