"""Somebody renews a certificate that ends soon: from the home to the test, half as long, and to the new certificate."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from lms import clock
from lms.accounts.models import Person
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK, make_bank, make_test
from tests.certificates.factories import AT, NAME, make_ladder, qualify
from tests.pages import follow, look_at

pytestmark = pytest.mark.browser
EARLIER = AT - timedelta(days=600)


@pytest.fixture
def holder(database: Database) -> Person:
    """Somebody whose certificate ends in a month; a renewal has half of the test."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=EARLIER)
        make_test(session, at=EARLIER, further={"renewal": {"percent": 50}})
        make_ladder(session)
        person = session.get_one(Person, qualify(session))
        held = session.scalars(select(Certificate)).one()
        held.issued_at, held.valid_until = EARLIER, clock.now() + timedelta(days=30)
        return person


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_certificate_that_ends_soon_is_renewed_from_the_home(database, sit_down, holder, scripts):
    page = sit_down(holder, scripts=scripts)
    found: list[str] = []

    page.goto("/me/")
    found += look_at(page, "the home with a renewal") if scripts else []
    follow(page.get_by_role("link", name=NAME, exact=True).first)
    expect(page.get_by_text("It ends soon.")).to_be_visible()
    found += look_at(page, "a certificate that ends soon") if scripts else []
    follow(page.get_by_role("link", name="Renew it"))
    expect(page.get_by_text("4 questions in 15 minutes")).to_be_visible()
    found += look_at(page, "a test before its renewal") if scripts else []
    follow(page.get_by_role("button", name="Start the test (15 minutes)"))

    expect(page.get_by_role("heading", name="Ferry facts")).to_be_visible()
    page.goto(f"/tests/{BANK}/")
    expect(page.get_by_role("link", name="Continue the test")).to_be_visible()
    expect(page.get_by_text("15 minutes", exact=True)).to_be_visible()
    assert found == []
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalars(select(Certificate.state)).all() == [CertificateState.VALID]
