"""Signing in elsewhere in a real browser: through the forms to another site and back; fit for a phone and for axe."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms import clock
from lms.oidc.admissions import admit
from lms.oidc.clients import make_client
from lms.oidc.models import SignInClient
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.certificates.held import make_signing
from tests.lms.signing_in_elsewhere import Service, address_of, answer_of
from tests.pages import follow, look_at
from tests.people import PASSWORD, make_person


@pytest.mark.browser
def test_somebody_signs_in_agrees_and_arrives_at_the_other_site(app, database, address, browser):
    back = address.replace("127.0.0.1", "localhost") + "/healthz"  # another site, as far as a browser can tell
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signing(session, app)
        ada = make_person(session, roles=(Role.CANDIDATE, Role.MANAGER))
        made = make_client(
            session, name="Tasks", redirect_uris=[back], keeps_secrets=True, person_id=ada.id, at=clock.now()
        )
    service = Service(made.id, made.client_id, made.secret, PUBLIC_ORGANISATION_ID)
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="en-GB")
    page = context.new_page()

    page.goto(address_of(service, redirect_uri=back))
    page.fill("[name=email]", ada.email)
    page.fill("[name=password]", PASSWORD)
    follow(page.locator("main form button"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Tasks?")
    follow(page.get_by_role("button", name="Go on to localhost"))
    page.wait_for_url(f"{back}**")
    first = answer_of(page.url)["code"]

    page.goto(address_of(service, redirect_uri=back))  # agreed before: straight back
    assert answer_of(page.url)["code"] != first
    page.goto(address_of(service, redirect_uri=back, prompt="login"))
    follow(page.get_by_role("button", name="Sign in again"))
    page.fill("[name=email]", ada.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url(f"{back}**")  # by the page of leaving: the redirect alone would have been held
    context.close()


@pytest.mark.browser
def test_its_pages_are_found_good_by_axe_and_fit_a_phone(app, database, sit_down):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signing(session, app)
        ada = make_person(session, roles=(Role.CANDIDATE, Role.MANAGER))
    page = sit_down(ada)

    page.goto("/manage/sign-in-clients/")
    page.get_by_label("Name").fill("Tasks")
    page.get_by_label("Addresses to come back to").fill("ftp://nowhere")
    follow(page.get_by_role("button", name="Add it"))
    found = look_at(page, "the form with a fault")
    page.get_by_label("Addresses to come back to").fill("https://tasks.example/signed-in")
    follow(page.get_by_role("button", name="Add it"))
    client_id = page.locator("#client-id").text_content()
    found += look_at(page, "the secret")
    follow(page.get_by_role("link", name="I have copied them"))
    found += look_at(page, "the list")
    follow(page.get_by_role("link", name="Tasks", exact=True))
    found += look_at(page, "one service")
    service = Service(ada.id, client_id or "", None, PUBLIC_ORGANISATION_ID)
    page.goto(address_of(service))
    found += look_at(page, "the question")
    page.goto(address_of(service, prompt="login"))
    found += look_at(page, "sign in again")
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        known = session.scalars(select(SignInClient)).one()
        admit(session, client_id=known.id, person_id=ada.id, scope="openid profile email", at=clock.now())
    page.goto("/account/services/")
    expect(page.get_by_role("button", name="Take back what Tasks may learn")).to_be_visible()
    found += look_at(page, "services that know you")

    assert not found
