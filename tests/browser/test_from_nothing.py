"""A manager sets up an organisation from nothing in the browser, until the first candidate may do paid work."""

import io

import pytest
import requests
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.from_nothing import (
    STATEMENTS,
    accept,
    address_of,
    link_for,
    make_tier,
    sit_test,
    somebody,
    to_managing,
    write_item,
    write_test,
)
from tests.browser.newcomer import Site, sign_up
from tests.lms.webhook_receiver import Receiver, listening
from tests.organisations import made_up_slug
from tests.pages import becomes, follow, look_at

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def test_an_organisation_from_nothing_to_its_first_qualified_candidate(browser: Browser, site: Site):
    with listening() as receiver:
        grace, faults = somebody(browser, site)
        sign_up(grace, "Grace Hopper")
        found_and_brand(grace)
        key = make_key(grace)
        secret = add_webhook(grace, receiver)
        max_address, ada_address = address_of("max"), address_of("ada")
        invite(grace, f"email,name,role\n{max_address},Max,author\n{ada_address},Ada,\n")
        max_, of_max = somebody(browser, site)
        accept(max_, link_for(site, max_address), "Max Second", max_address)
        make_track(grace, max_)
        found = certify(grace)
        to_managing(grace, "Tiers")
        make_tier(grace)

        ada, of_ada = somebody(browser, site)
        accept(ada, link_for(site, ada_address), "Ada New", ada_address, "Results", "Certificates")
        qualify(ada)

        subject = subject_of(site, key, ada_address)
        becomes(lambda: check(site, key, subject), "allow")
        told = ["person.invited", "attempt.submitted", "result.released", "certificate.issued", "tier.opened"]
        becomes(lambda: [one["type"] for one in heard(receiver, secret, subject)], told[1:])
        types = [one.verified(secret)["type"] for one in receiver.taken]
        assert types.count("person.invited") == 2
        assert types.index("person.invited") < types.index("attempt.submitted")
        assert faults + of_max + of_ada + found == []


def found_and_brand(page: Page) -> None:
    page.goto("/account/organisations")
    follow(page.get_by_role("link", name="Found an organisation"))
    page.get_by_label("Name of the organisation").fill("North Star")
    page.get_by_label("Short name").fill(made_up_slug())
    follow(page.get_by_role("button", name="Found it"))
    page.get_by_label("In a few sentences").fill("We check facts for a living.")
    page.get_by_label("Accent colour").fill("#7a1f5c")
    picture = io.BytesIO()
    Image.new("RGB", (120, 40), "#7a1f5c").save(picture, "PNG")
    logo = {"name": "logo.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    page.locator('input[type="file"]').set_input_files(logo)
    page.get_by_label("Everybody may see this profile").check()
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Saved.")).to_be_visible()
    follow(page.get_by_role("link", name="See it as everybody does"))
    expect(page.locator("img.organisation-logo")).to_be_visible()


def make_key(page: Page) -> str:
    to_managing(page, "API keys")
    follow(page.get_by_role("link", name="Make a key"))
    page.get_by_label("What is it for?").fill("Our task platform")
    page.get_by_label("Ask whether a person may do the work of a tier.").check()
    page.get_by_label("Read the names and addresses").check()
    follow(page.get_by_role("button", name="Make the key"))
    return page.locator(".secret code").inner_text()


def add_webhook(page: Page, receiver: Receiver) -> str:
    to_managing(page, "Webhooks")
    follow(page.get_by_role("link", name="Add a webhook"))
    page.get_by_label("Address of the receiver").fill(receiver.url)
    for name in ("person.invited", "attempt.submitted", "result.released", "certificate.issued", "tier.opened"):
        page.get_by_label(name).check()
    follow(page.get_by_role("button", name="Add the webhook"))
    return page.locator(".webhook-secret").inner_text()


def invite(page: Page, table: str) -> None:
    to_managing(page, "Invitations")
    follow(page.get_by_role("link", name="From a file"))
    page.get_by_label("File").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": table.encode()})
    follow(page.get_by_role("button", name="Check the file"))
    follow(page.get_by_role("button", name="Invite 2 people"))
    expect(page.get_by_text("done", exact=True)).to_be_visible()


def make_track(writer: Page, second: Page) -> None:
    """Items and a test of one person, made live by another."""
    for statement, is_true in STATEMENTS.items():
        follow(writer.get_by_role("banner").get_by_role("link", name="Authoring", exact=True))
        write_item(writer, statement, is_true=is_true)
    follow(second.get_by_role("banner").get_by_role("link", name="Authoring", exact=True))
    follow(second.get_by_role("link", name="3 wait for review"))
    for pick in second.get_by_role("checkbox").all():
        pick.check()
    follow(second.get_by_role("button", name="Make the chosen live"))
    follow(writer.get_by_role("banner").get_by_role("link", name="Authoring", exact=True))
    follow(writer.get_by_role("link", name="Tests", exact=True))
    write_test(writer)
    follow(second.get_by_role("link", name="Tests", exact=True))
    follow(second.get_by_role("link", name="Ferry facts"))
    follow(second.get_by_role("button", name="Approve and publish"))
    expect(second.get_by_text("Approved: these are the terms from now on.")).to_be_visible()


def certify(page: Page) -> list[str]:
    """Say what a pass certifies; what is wrong with the pages on which it is said."""
    to_managing(page, "What a pass certifies")
    found = look_at(page, "achievements")
    follow(page.get_by_role("banner").get_by_role("link", name="Authoring", exact=True))
    follow(page.get_by_role("link", name="Tests", exact=True))
    follow(page.get_by_role("link", name="Ferry facts"))
    follow(page.get_by_role("link", name="What a pass certifies"))
    follow(page.get_by_role("button", name="Publish this version"))
    expect(page.get_by_text("Give the certificate a name.")).to_be_visible()
    found += look_at(page, "an achievement with faults")
    page.get_by_label("Name of the certificate").fill("Ferry Fact Reviewer")
    page.get_by_label("What its holders can do").fill("Tells what holds of ferries from what does not.")
    page.get_by_label("What it is earned by").fill("Both statements of the test judged rightly.")
    page.get_by_label("Reason").fill("The first version.")
    follow(page.get_by_role("button", name="Publish this version"))
    expect(page.get_by_text("Version 1 is what a pass certifies from now on.")).to_be_visible()
    return found + look_at(page, "an achievement")


def qualify(page: Page) -> None:
    """From what is missing to the test, and to the certificate and the open tier."""
    follow(page.get_by_role("banner").get_by_role("link", name="Tiers", exact=True))
    expect(page.get_by_role("link", name="Next step: Ferry facts")).to_be_visible()
    follow(page.get_by_role("banner").get_by_role("link", name="My progress", exact=True))
    follow(page.get_by_role("link", name="Ferry Fact Reviewer"))
    sit_test(page)
    follow(page.get_by_role("main").get_by_role("link", name="certificate").first)
    expect(page.get_by_role("main").get_by_text("Ferry Fact Reviewer").first).to_be_visible()
    follow(page.get_by_role("banner").get_by_role("link", name="Tiers", exact=True))
    card = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Ferry desk"))
    expect(card.get_by_text("Open to you")).to_be_visible()


def subject_of(site: Site, key: str, address: str) -> str:
    """The person's id, as a platform finds it."""
    answer = requests.get(f"{site.url}/api/v1/persons", headers={"Authorization": f"Bearer {key}"}, timeout=30)
    return next(one["subject"] for one in answer.json()["items"] if one["email"] == address)


def check(site: Site, key: str, subject: str) -> str:
    answer = requests.post(
        f"{site.url}/api/v1/entitlements/check",
        json={"subject": subject, "tier": "ferry-desk", "action": "work"},
        headers={"Authorization": f"Bearer {key}"},
        timeout=30,
    )
    return answer.json().get("outcome", answer.text)


def heard(receiver: Receiver, secret: str, subject: str) -> list[dict]:
    """What the receiver was told of somebody, in the order in which it came."""
    told = [one.verified(secret) for one in receiver.taken]
    return [one for one in told if one["data"].get("subject") == subject]
