"""The overview counts people on their way; the page of a candidate shows what they agreed to, and nothing else."""

import csv
import io
from collections import OrderedDict
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from certificates.domain.shares import quartile_places, share_of
from certificates.models.certificates import Certificate
from certificates.operations.standings import follow
from certificates.queries.overview import Shown, count_expiring, count_stages, list_pass_rates, list_times
from certificates.web.manager import overview_figures
from courses.operations.cohorts import CohortTerms, add_member, make_cohort
from lms import clock
from lms.accounts.models import Membership
from lms.members.consents import give
from lms.members.models import ConsentScope, Invitation
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, make_office, qualify
from tests.people import make_person, sign_in

JOINED = AT - timedelta(days=3)


@pytest.fixture
def office(session):
    """Ada and Bob passed, Cleo did not, Dora only joined, Eve was only invited."""
    make_office(session)
    people = {name: qualify(session, name=name) for name in ("Ada", "Bob")}
    people["Cleo"] = qualify(session, name="Cleo", right=2)
    people["Dora"] = make_person(session, name="Dora").id
    session.execute(update(Membership).values(granted_at=JOINED))
    make_cohort(
        session,
        slug="spring",
        terms=CohortTerms("Spring", JOINED, AT + timedelta(days=90)),
        actor_id=people["Ada"],
        at=AT,
    )
    invite(session, "eve@example.org", {"cohort": "spring"})
    for person_id in people.values():
        follow(session, person_id=person_id, at=AT)
    return people


def invite(session, email, labels):
    session.add(
        Invitation(
            organisation_id=PUBLIC_ORGANISATION_ID,
            email=email,
            role=Role.CANDIDATE,
            labels=labels,
            token_hash=email,
            invited_at=AT,
            expires_at=AT + timedelta(days=14),
        )
    )
    session.flush()


def cohort_of(session, *people):
    cohort_id = make_cohort(
        session, slug="few", terms=CohortTerms("Few", JOINED, AT + timedelta(days=9)), actor_id=people[0], at=AT
    )
    for person_id in people:
        add_member(session, cohort_id=cohort_id, person_id=person_id, actor_id=person_id, at=AT)
    return cohort_id, "few"


@pytest.fixture
def manager(session, client, office):
    person = make_person(session, name="Mona Manager", roles=(Role.MANAGER,))
    session.commit()
    sign_in(client, person)
    return person


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_interval_holds_the_share_and_stays_within_bounds(part, more):
    share = share_of(part, part + more)

    assert 0 <= share.low <= share.high <= 1
    assert part + more == 0 or share.low <= share.value <= share.high


def test_more_people_make_the_interval_narrower():
    widths = [share_of(count // 2, count).high - share_of(count // 2, count).low for count in (4, 40, 400)]

    assert widths == sorted(widths, reverse=True)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40))
def test_quartiles_are_lengths_that_were_seen_and_split_the_people(days):
    for share, place in zip((0.25, 0.5, 0.75), quartile_places(len(days)), strict=True):
        length = sorted(days)[place - 1]
        assert sum(one <= length for one in days) >= share * len(days)
        assert sum(one < length for one in days) < share * len(days)


def test_the_stages_count_people(session, office):
    assert count_stages(session, Shown()) == {
        "invited": 5,
        "joined": 4,
        "started": 3,
        "attempted": 3,
        "passed": 2,
        "certified": 2,
        "open": 2,
    }


def test_a_cohort_counts_its_own(session, office):
    cohort = cohort_of(session, office["Ada"], office["Cleo"])
    invite(session, "fay@example.org", {"cohort": "few"})
    invite(session, "gus@example.org", {"cohort": str(cohort[0])})

    stages = count_stages(session, Shown(cohort=cohort))

    assert (stages["invited"], stages["joined"], stages["attempted"], stages["open"]) == (4, 2, 2, 1)


def test_days_of_joining_are_looked_at(session, office):
    assert count_stages(session, Shown(joined_from=AT + timedelta(days=1)))["joined"] == 0
    assert count_stages(session, Shown(joined_from=JOINED, joined_until=AT))["joined"] == 4
    assert count_stages(session, Shown(joined_until=JOINED))["joined"] == 0


def test_pass_rates_count_first_sittings_with_a_told_result(session, office):
    [rate] = list_pass_rates(session, Shown())

    assert (rate.slug, rate.share.part, rate.share.whole) == (BANK, 2, 3)


def test_the_time_to_qualify_runs_from_joining_to_the_first_certificate(session, office):
    [time] = list_times(session, Shown())

    assert time.quartiles.count == 2
    assert timedelta(days=3) <= time.quartiles.median < timedelta(days=4)


def test_what_expires_is_counted_by_week(session, office):
    now = clock.now()
    session.execute(
        update(Certificate).where(Certificate.person_id == office["Ada"]).values(valid_until=now + timedelta(days=8))
    )

    weeks = count_expiring(session, Shown(), at=now)

    assert [week.expiring for week in weeks] == [0, 1] + [0] * 11


def test_the_page_shows_pictures_beside_their_tables(client, manager):
    page = client.get("/manage/overview/").text

    for told in ("Invited", "Pass rates", "66 %", "Time to qualify", "coming 91 days", "20 % to 93 %"):
        assert told in page
    assert page.count("<svg") >= 4


@pytest.mark.parametrize("table", ["funnel", "pass_rates", "times", "expiring"])
def test_each_table_comes_as_a_file(client, manager, table):
    answer = client.get(f"/manage/overview/{table}.csv")

    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) > 1
    assert all(len(row) == len(rows[0]) for row in rows)


def test_figures_of_many_people_are_counted_once_a_minute(app, database, client, manager, monkeypatch):
    def joined():
        told = client.get("/manage/overview/funnel.csv").text
        assert "As of" in client.get("/manage/overview/").text
        return int(told.partition("joined,")[2].split()[0])

    monkeypatch.setattr(overview_figures, "MANY", 1)
    monkeypatch.setitem(app.extensions, "assay.overview_figures", OrderedDict())
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    before = joined()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_person(session, name="Fay")

    assert joined() == before
    assert "joined,0" in client.get("/manage/overview/funnel.csv?until=2001-01-01").text  # other filters, other figures
    monkeypatch.setattr(clock, "now", lambda: now + overview_figures.KEPT_FOR)
    assert joined() == before + 1


def test_figures_of_few_people_are_always_those_of_now(database, client, manager):
    before = client.get("/manage/overview/funnel.csv").text
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_person(session, name="Fay")

    assert client.get("/manage/overview/funnel.csv").text != before


def test_a_day_that_is_none_is_told_at_its_field(client, manager):
    answer = client.get("/manage/overview/?since=yesterday")

    assert answer.status_code == 422
    assert "Give a day, as in 2026-03-31." in answer.text
    assert 'value="yesterday"' in answer.text


def test_what_is_not_here_cannot_be_filtered_by(client, manager):
    assert client.get("/manage/overview/?cohort=none").status_code == 404
    assert client.get("/manage/overview/?programme=none").status_code == 404


def test_a_candidate_is_shown_as_far_as_they_agreed(client, database, office, manager):
    address = f"/manage/candidates/{office['Ada']}"
    before = client.get(address).text
    assert before.count("has not agreed that the organisation sees this") == 3  # results, certificates, quality
    assert "Ferry Fact Reviewer</th>" not in before
    assert "attempt 1" not in before
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        give(session, person_id=office["Ada"], scopes=[ConsentScope.RESULTS, ConsentScope.CERTIFICATES], at=AT)

    after = client.get(address).text

    assert after.count("has not agreed that the organisation sees this") == 1
    assert "attempt 1" in after
    assert "Ferry Fact Reviewer" in after
    assert "The certificate “Harbour Law Reviewer” is not held yet." in after


def test_a_candidate_is_found_by_name(client, office, manager):
    page = client.get("/manage/candidates/?q=ada").text

    assert f'href="/manage/candidates/{office["Ada"]}"' in page
    assert str(office["Bob"]) not in page
    assert "Nobody here" in client.get("/manage/candidates/?q=zoe").text


def test_somebody_who_is_not_here_has_no_page(client, database, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        stranger = make_person(session, roles=()).id

    assert client.get(f"/manage/candidates/{stranger}").status_code == 404


def test_candidates_do_not_see_the_overview_and_auditors_do(client, session, office):
    auditor, candidate = make_person(session, roles=(Role.AUDITOR,)), make_person(session)
    session.commit()
    sign_in(client, candidate)
    assert client.get("/manage/overview/").status_code == 403
    client.post("/sign-out")
    sign_in(client, auditor)

    assert client.get("/manage/overview/").status_code == 200
