"""Decisions about entitlements are kept for as long as the installation says, and then forgotten, some at a time."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from certificates.domain.entitlements import Outcome
from certificates.models.entitlements import EntitlementDecision
from certificates.models.tiers import Tier
from certificates.web import companions
from certificates.web.companions import forgetting, sweep_decisions
from lms import clock
from lms.config import DECISIONS_KEPT_DAYS, read_settings
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import make_ladder
from tests.organisations import make_organisation
from tests.people import make_person

NOW = clock.now()


@pytest.fixture
def decide(database):
    """Record decisions about three people, so many days ago each."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_ladder(session)
        people = [make_person(session).id for _ in range(3)]
        tier_id = session.scalars(select(Tier.id).limit(1)).one()

    def decide(*ages, organisation_id=PUBLIC_ORGANISATION_ID):
        rows = [
            {
                "id": uuid4(),
                "organisation_id": organisation_id,
                "person_id": people[number % 3],
                "tier_id": tier_id,
                "action": "work",
                "outcome": Outcome.ALLOW,
                "missing": [],
                "inputs": {},
                "rule_version": 1,
                "asked_by": "assay",
                "at": NOW - timedelta(days=age),
            }
            for number, age in enumerate(ages)
        ]
        with database.transaction(organisation_id) as session:
            session.execute(insert(EntitlementDecision), rows)

    return decide


@pytest.fixture
def keep(app, monkeypatch):
    """Say for how many days decisions are kept."""

    def keep(days):
        settings = replace(app.extensions["assay.settings"], decisions_kept_days=days)
        monkeypatch.setitem(app.extensions, "assay.settings", settings)

    return keep


def ages_left(database):
    with database.reading() as session:
        return sorted((NOW - at).days for at in session.scalars(select(EntitlementDecision.at)))


def test_what_is_older_than_three_years_is_forgotten_in_every_organisation(app, database, decide):
    decide(1, 1094, 1096, 4000)
    decide(2, 1097, organisation_id=make_organisation(database, name="North Star").id)

    forgetting(app).run()

    assert ages_left(database) == [1, 2, 1094]


def test_an_installation_may_keep_them_shorter_or_for_ever(app, database, decide, keep):
    decide(1, 20, 4000)

    keep(0)
    sweep_decisions(app)
    assert ages_left(database) == [1, 20, 4000]

    keep(10)
    sweep_decisions(app)
    assert ages_left(database) == [1]


@pytest.mark.parametrize("at_once", [1, 2, 3, 50])
def test_however_many_go_at_once_all_of_them_go_and_no_other(app, database, decide, monkeypatch, at_once):
    monkeypatch.setattr(companions, "AT_ONCE", at_once)
    decide(*[1, 2000, 3000] * 2, *[5, 2000] * 4)

    sweep_decisions(app)

    assert ages_left(database) == [1, 1, 5, 5, 5, 5]


def test_a_sweep_ends_after_so_many_and_the_next_goes_on(app, database, decide, monkeypatch):
    monkeypatch.setattr(companions, "AT_ONCE", 2)
    monkeypatch.setattr(companions, "MOST_TRANSACTIONS", 2)
    decide(*[2000] * 7)

    left = []
    for _sweep in range(3):
        sweep_decisions(app)
        left.append(len(ages_left(database)))

    assert left == [3, 0, 0]


def test_three_years_unless_the_environment_says_otherwise(tmp_path):
    def kept(**environment):
        return read_settings({"DATA_DIR": str(tmp_path), **environment}).decisions_kept_days

    assert (kept(), kept(DECISIONS_KEPT_DAYS="")) == (DECISIONS_KEPT_DAYS, DECISIONS_KEPT_DAYS)
    assert (kept(DECISIONS_KEPT_DAYS="0"), kept(DECISIONS_KEPT_DAYS="30")) == (0, 30)


@given(st.text(max_size=6).filter(lambda text: text.strip() and not text.strip().isdigit()) | st.just("36501"))
def test_a_number_of_days_that_is_none_is_told_at_the_start(tmp_path_factory, text):
    with pytest.raises(ValueError, match="DECISIONS_KEPT_DAYS"):
        read_settings({"DATA_DIR": str(tmp_path_factory.getbasetemp()), "DECISIONS_KEPT_DAYS": text})
