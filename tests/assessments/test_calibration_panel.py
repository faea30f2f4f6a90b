"""Course and test pages lead to the calibration of the same name, for one statement."""

from pathlib import Path

import pytest

from lms import clock
from lms.catalogue.readers import open_catalogue, readers_of
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.calibrations import URL, make_calibration, try_next
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person, sign_in
from tests.statements import counted

CATALOGUE = Path(__file__).parents[2] / "courses" / "catalogue"


@pytest.fixture
def person(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        make_test(session, at=clock.now())
        make_calibration(session)
        person = make_person(session)
    sign_in(client, person)
    return person


def test_course_and_test_pages_lead_to_it(client, person, database):
    page = client.get(f"/tests/{BANK}/").text

    assert "Calibrate your judgement" in page
    assert f'href="{URL}"' in page


def test_the_page_of_the_shipped_course_leads_to_its_calibration(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for reader in readers_of(app):
            reader.load(session, open_catalogue(CATALOGUE), clock.now())

    page = client.get("/courses/fact-versus-fiction/").text

    assert 'href="/calibrations/fact-versus-fiction/"' in page
    assert "24 items whose answers experts agreed on" in page
    assert "80 % of the points over 12 first tries" in page


def test_a_test_without_a_calibration_says_nothing_of_one(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        make_test(session, at=clock.now())

    assert "Calibrate" not in client.get(f"/tests/{BANK}/").text


def test_the_panel_costs_a_page_one_statement_and_knows_how_far_one_is(app, client, person, database):
    with counted(database) as sent:
        fresh = client.get(f"/tests/{BANK}/").text
    client.post(URL + "rounds")
    begun = client.get(f"/tests/{BANK}/").text
    for number in (1, 2):
        try_next(client, f"{URL}rounds/1/items/{number}")
    reached = client.get(f"/tests/{BANK}/").text

    assert sum("calibration" in statement for statement in sent) == 1
    assert "To the calibration" in fresh
    assert "Go on with the calibration" in begun
    assert "You reached the agreement on" in reached
    assert "To the calibration" in app.test_client().get(f"/tests/{BANK}/").text
