"""The managers' pages of exposure, and the command that simulates many forms."""

from datetime import timedelta
from pathlib import Path

import pytest

from assessments.adapters.catalogue import read_track
from assessments.cli.forms import forms
from assessments.domain.exposure import measure_use
from assessments.domain.forms import PoolItem
from assessments.domain.simulated_forms import simulate_forms
from assessments.models.items import ItemUse
from assessments.operations.counting_exposure import count_forms
from assessments.operations.starting import start_attempt
from lms import clock
from lms.catalogue.findings import Findings
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person, sign_in
from tests.statements import counted

CATALOGUE = Path(__file__).parents[2] / "courses" / "catalogue"
PAGE = f"/manage/tests/{BANK}/exposure"


@pytest.fixture
def bank(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now(), per_type=4)
        make_test(session, at=clock.now())


@pytest.fixture
def manager(bank, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, roles=(Role.MANAGER,))
    sign_in(client, person)
    return client


def draw(database, count, *, is_counted=True, ago=timedelta(0), further=None):
    at = clock.now() - ago
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        if further:
            make_test(session, at=at, further=further)
        for number in range(count):
            person = make_person(session)
            start_attempt(session, test_slug=BANK, person_id=person.id, at=at + timedelta(seconds=number), seed=number)
            if is_counted and number % 20 == 19:
                count_forms(session, at=at + timedelta(seconds=number))
        if is_counted:
            count_forms(session, at=at + timedelta(seconds=count))


def test_before_anything_is_counted_the_page_says_so(manager, database):
    draw(database, 2, is_counted=False)
    page = manager.get(PAGE)

    assert page.status_code == 200
    assert "No form of the last 90 days is counted yet" in page.text
    assert "too few forms to judge" in manager.get("/manage/exposure").text


def test_the_page_has_the_figures_their_bounds_and_every_item(manager, database):
    draw(database, 120)
    page = manager.get(PAGE).text

    assert "Every bound holds" in page
    assert "least 50.0 %, bound 55.0 %" in page
    assert "16 of 16 items" in page
    assert page.count('<rect class="bar"') == 16
    assert all(f">{type}-{n}<" in page for type in ("choice", "rubric-score") for n in range(1, 5))
    assert "within its bounds" in manager.get("/manage/exposure").text


def test_few_forms_are_shown_but_not_judged(manager, database):
    draw(database, 3)

    assert "Too few forms to judge" in manager.get(PAGE).text


def test_a_broken_bound_is_named_with_its_items(manager, database):
    draw(database, 120, further={"exposure": {"cap": 0.4, "overlap": 0.45}})
    page = manager.get(PAGE).text

    assert "A bound is broken" in page
    assert "40.0 % is allowed" in page
    assert "45.0 % is allowed" in page
    assert "places an item at its cap was drawn" in page
    assert "beyond a bound" in manager.get("/manage/exposure").text


def test_a_span_leaves_out_what_was_before_it(manager, database):
    draw(database, 5, ago=timedelta(days=20))

    assert "No form of the last 7 days is counted yet" in manager.get(f"{PAGE}?days=7").text
    assert "Too few forms" in manager.get(f"{PAGE}?days=30").text
    assert "Too few forms" in manager.get(f"{PAGE}?days=soon").text


def test_the_page_reads_what_was_rolled_up_and_never_the_forms(manager, database):
    draw(database, 5)
    with counted(database) as sent:
        manager.get(PAGE)

    assert len(sent) <= 10
    assert not any("form_item" in statement for statement in sent)


def test_only_managers_see_it_and_an_unknown_test_is_not_found(manager, database, app):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        candidate = make_person(session)
    other = app.test_client()
    assert other.get(PAGE).status_code == 303
    sign_in(other, candidate)

    assert other.get(PAGE).status_code == 403
    assert other.get("/manage/exposure").status_code == 403
    assert manager.get("/manage/tests/nothing/exposure").status_code == 404


def test_the_command_draws_many_forms_and_holds_them_against_the_bounds(bank, app, database):
    result = app.test_cli_runner().invoke(forms, ["simulate", BANK, "--forms", "300"], obj=app)
    again = app.test_cli_runner().invoke(forms, ["simulate", BANK, "--forms", "300"], obj=app)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_test(session, at=clock.now(), further={"exposure": {"cap": 0.3, "overlap": 0.4}})
    broken = app.test_cli_runner().invoke(forms, ["simulate", BANK, "--forms", "300"], obj=app)

    assert result.exit_code == 0
    assert "300 forms of 8 out of 16 items" in result.stdout
    assert "Every bound holds." in result.stdout
    assert again.stdout == result.stdout
    assert broken.exit_code == 1
    assert "Beyond its cap: " in broken.stdout
    assert "40.0% is allowed" in broken.stdout


def test_the_shipped_pool_keeps_its_bounds_for_people_who_come_back_too():
    items, test = read_track(CATALOGUE / "fact-versus-fiction", Findings())
    pool = [
        PoolItem(each.entry.id, each.skill, each.type, each.entry.difficulty)
        for each in items.values()
        if each.use is ItemUse.TEST
    ]
    for done in simulate_forms(test.blueprint, pool, forms=1500, tries=test.retake.tries, seed=7):
        final = done
    use = measure_use(test.blueprint, pool, final.exposure)

    assert final.returned > 300
    assert use.is_within
    assert use.shown_share == 1
    assert use.overlap < 1.01 * use.least_overlap
