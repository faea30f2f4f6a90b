"""A manager designs the organisation's certificates and brings those that are out into the new design."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect
from sqlalchemy import select, update

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.reissues import ReissueRun, RunState
from certificates.operations.reissuing import carry_on
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.certificates.factories import AT, BASE_URL
from tests.certificates.many import make_certificates
from tests.pages import follow, look_at
from tests.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.journey]
DESIGN = "/manage/certificates/design/"


def make_logo() -> dict[str, object]:
    """A logo as a browser uploads it."""
    picture = Image.new("RGBA", (600, 160))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((10, 10, 150, 150), fill="#234567")
    draw.rectangle((180, 50, 590, 110), fill="#234567")
    written = BytesIO()
    picture.save(written, "PNG")
    return {"name": "logo.png", "mimeType": "image/png", "buffer": written.getvalue()}


@pytest.fixture
def manager(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_certificates(session, 12, issued_at=AT - timedelta(days=100))
        return make_person(session, name="Grace", roles=(Role.CANDIDATE, Role.MANAGER))


def carry_on_once(database, limit):
    """What the worker does when the message of a run comes."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        [run_id] = session.scalars(select(ReissueRun.id).where(ReissueRun.state == RunState.RUNNING))
        return carry_on(session, run_id=run_id, base_url=BASE_URL, at=clock.now(), limit=limit)


def fill_in(page, *, accent):
    page.get_by_label("Name on the certificate").fill("Harbour Academy")
    page.get_by_label("Accent colour", exact=True).fill(accent)
    page.get_by_role("radio", name="US Letter").check()
    page.get_by_role("radio", name="Across").check()
    first = page.get_by_role("group", name="Signatory 1")
    first.get_by_label("Name").fill("Grace Hopper")
    first.get_by_label("Role").fill("Head of Qualification")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_manager_designs_and_follows_a_run(database, sit_down, manager, scripts):
    page = sit_down(manager, scripts=scripts)
    page.goto("/manage/")
    follow(page.get_by_role("link", name="Design of certificates"))

    fill_in(page, accent="#e8c84a")
    follow(page.get_by_role("button", name="Save as the new design"))
    expect(page.get_by_text("1 field needs mending.")).to_be_visible()
    expect(page.get_by_text("too light to read")).to_be_visible()
    expect(page.get_by_label("Name on the certificate")).to_have_value("Harbour Academy")
    expect(page.get_by_label("Accent colour", exact=True)).to_have_value("#e8c84a")
    expect(page.get_by_role("radio", name="US Letter")).to_be_checked()

    page.get_by_label("Accent colour", exact=True).fill("#234567")
    follow(page.get_by_role("button", name="Show it as a sketch"))
    expect(page.get_by_text("It is not saved yet.")).to_be_visible()
    expect(page.get_by_role("img", name="Sketch of a certificate")).to_be_visible()
    page.get_by_label("Logo", exact=True).set_input_files(make_logo())
    follow(page.get_by_role("button", name="Save as the new design"))
    expect(page.get_by_text("Saved. Certificates that are issued from now on look like this.")).to_be_visible()
    expect(page.get_by_role("link", name="Version 1")).to_be_visible()

    follow(page.get_by_role("button", name="Bring 12 certificates into the saved design"))
    expect(page.get_by_text("0 of 12 certificates gone through")).to_be_visible()
    carry_on_once(database, 5)
    expect(page.get_by_text("5 of 12 certificates gone through")).to_be_visible()
    follow(page.get_by_role("button", name="Stop the run"))
    expect(page.get_by_text("Stopped by a person.")).to_be_visible()
    follow(page.get_by_role("button", name="Resume the run"))
    carry_on_once(database, 50)
    expect(page.get_by_text("12 of 12 certificates gone through")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(database, sit_down, manager, scheme):
    page = sit_down(manager, color_scheme=scheme, viewport={"width": 390, "height": 844})
    page.goto(DESIGN)
    found = look_at(page, "the house's design")
    fill_in(page, accent="#e8c84a")
    page.get_by_label("Logo", exact=True).set_input_files(make_logo())
    follow(page.get_by_role("button", name="Save as the new design"))
    expect(page.get_by_text("1 field needs mending.")).to_be_visible()
    found += look_at(page, "a design with errors")
    page.get_by_label("Accent colour", exact=True).fill("#234567")
    page.get_by_label("Logo", exact=True).set_input_files(make_logo())
    follow(page.get_by_role("button", name="Save as the new design"))
    found += look_at(page, "a saved design")
    follow(page.get_by_role("link", name="Version 1"))
    found += look_at(page, "a version")
    page.goto("/manage/certificates/runs/")
    page.get_by_label("Renew:").check()
    page.get_by_label("Reason").fill("A new year.")
    follow(page.get_by_role("button", name="See how many it would be"))
    found += look_at(page, "a run that is told")
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        suspended = session.scalars(select(Certificate.id).limit(1)).one()
    follow(page.get_by_role("button", name="Start with 12 certificates"))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(
            update(Certificate)
            .where(Certificate.id == suspended)
            .values(state=CertificateState.SUSPENDED, state_reason="Looked into.")
        )
    found += look_at(page, "a run under way")
    carry_on_once(database, 50)
    expect(page.get_by_text("It is suspended.")).to_be_visible()
    found += look_at(page, "a run that refused")
    page.goto("/manage/certificates/runs/")
    found += look_at(page, "runs so far")
    assert found == [], "\n".join(found)
