"""A tier is withdrawn with a reason, closes to everybody, and can be offered again; files do not undo that."""

from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from sqlalchemy import select

from certificates.domain.entitlements import Outcome
from certificates.domain.requirement_json import parse_requirement
from certificates.events import TierStandingChanged
from certificates.models.entitlements import TierStanding
from certificates.operations.programmes import ProgrammeTerms, make_programme
from certificates.operations.publishing import publish_tiers
from certificates.operations.tier_notices import NOTICE_TOPIC
from certificates.operations.tier_withdrawals import REINSTATED, reinstate_tier, withdraw_tier
from certificates.operations.tiers import TierTerms, change_tier, publish_tier_version
from certificates.queries.programmes import get_programme
from certificates.queries.tier_withdrawals import WITHDRAWN, find_withdrawn
from certificates.queries.tiers import list_tiers
from lms import clock
from lms.audit.models import AuditEvent
from lms.errors import Conflict, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.api_keys import caller_with, make_api_key
from tests.assessments.factories import BANK
from tests.certificates.factories import deliver_all, make_tier_draft
from tests.certificates.offices import (
    LAW,
    add_manager,
    addresses_of,
    deliver_topic,
    id_of,
    mailed_to,
    open_office,
    tier_of,
)
from tests.certificates.vendors import join, make_public_catalogue, make_qualified, make_tier, make_vendor
from tests.people import make_person, sign_in

TERMS = TierTerms("Night shift", "General review", "Checks at night.", ("en",), 50, 70, "EUR", "hour")
PAGE, DOING = "/manage/tiers/generalist/", "/manage/tiers/generalist/withdrawal"
AGAIN = "/manage/tiers/generalist/reinstatement"
REASON = "Nobody asks for this work any more."


@pytest.fixture
def people(database):
    return open_office(database, "Ada Passed", "Bob Passed")


@pytest.fixture
def manager(database, client):
    person = add_manager(database)
    sign_in(client, person)
    return person


@pytest.fixture
def heard(app):
    """What was announced about `generalist`, in its order."""
    found, subscriptions = [], app.extensions["assay.subscriptions"]

    def hear(_session, fact):
        if fact.tier_slug == "generalist":
            found.append((fact.was, fact.now))

    subscriptions.subscribe(TierStandingChanged, hear)
    yield found
    subscriptions.heard_by(TierStandingChanged).remove(hear)


def withdraw(session, manager, slug="generalist"):
    at = clock.now()
    withdraw_tier(session, tier_id=id_of(session, slug), reason=REASON, actor_id=manager.id, at=at)


def acts(database, action):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalars(select(AuditEvent).where(AuditEvent.action == action)).all()


def outcomes(database):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        found = session.scalars(select(TierStanding.outcome).where(TierStanding.tier_id == id_of(session)))
        return list(found)


def test_the_page_before_says_to_how_many_the_tier_is_open(client, people, manager):
    assert DOING in client.get(PAGE).text

    page = client.get(DOING).text

    assert "<dd>2</dd>" in page
    assert "Withdraw it from 2 people" in page


def test_a_withdrawn_tier_closes_to_everybody_and_all_of_them_are_told(app, client, database, people, manager, heard):
    answer = client.post(DOING, data={"reason": REASON})

    assert (answer.status_code, answer.location) == (303, PAGE)
    page = unescape(client.get(PAGE).text)
    assert "2 people are told by mail." in page
    assert REASON in page
    assert "Mona Manager" in page
    [act] = acts(database, WITHDRAWN)
    assert (act.actor, act.details) == (str(manager.id), {"tier": "generalist", "reason": REASON, "open_to": 2})
    assert "Generalist" not in client.get("/tiers/").text
    deliver_topic(app, database, NOTICE_TOPIC)
    assert mailed_to(database, "is no longer offered") == addresses_of(database, people)
    deliver_all(app)
    assert heard[-2:] == [(Outcome.ALLOW, Outcome.DENY)] * 2
    assert outcomes(database) == [Outcome.DENY] * 2


def test_a_tier_that_is_offered_again_opens_to_whoever_meets_it_and_they_are_told(
    app, client, database, people, manager, heard
):
    client.post(DOING, data={"reason": REASON})
    deliver_all(app)

    answer = client.post(AGAIN, data={"reason": "There is work of this kind again."})

    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Change what it asks for" in client.get(PAGE).text
    assert "Generalist" in client.get("/tiers/").text
    [act] = acts(database, REINSTATED)
    assert (act.actor, act.details["reason"]) == (str(manager.id), "There is work of this kind again.")
    deliver_topic(app, database, NOTICE_TOPIC)
    assert mailed_to(database, "is offered again") == addresses_of(database, people)
    deliver_all(app)
    assert heard[-2:] == [(Outcome.DENY, Outcome.ALLOW)] * 2
    assert outcomes(database) == [Outcome.ALLOW] * 2


@pytest.mark.parametrize("reason", ["", "   too short   ", "x" * 1001])
def test_a_reason_of_some_length_is_asked_for_and_what_was_typed_is_kept(client, database, people, manager, reason):
    answer = client.post(DOING, data={"reason": reason})
    assert answer.status_code == 422
    assert "Say why in 20 to 1000 characters" in answer.text
    assert reason in answer.text
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        assert find_withdrawn(session, "generalist") is None
        withdraw(session, manager)

    answer = client.post(AGAIN, data={"reason": reason})

    assert answer.status_code == 422
    assert "Say why in 20 to 1000 characters" in answer.text
    assert reason in answer.text


def test_a_withdrawn_tier_stands_in_the_list_of_managers_and_is_neither_changed_nor_withdrawn_again(
    client, database, people, manager
):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        withdraw(session, manager)

    listed = client.get("/manage/tiers/").text

    assert listed.index("Withdrawn") < listed.index("Generalist")
    for path in ("/manage/tiers/generalist/requirement", DOING):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"reason": REASON, "do": "look"}).status_code == 404
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        tier_id = id_of(session)
        with pytest.raises(Conflict):
            withdraw_tier(session, tier_id=tier_id, reason=REASON, actor_id=manager.id, at=clock.now())
        with pytest.raises(NotFound):
            change_tier(session, tier_id=tier_id, terms=TERMS, actor_id=manager.id, at=clock.now())


def test_a_tier_that_is_offered_is_not_offered_again(client, database, people, manager):
    assert client.post(AGAIN, data={"reason": REASON}).status_code == 404
    with pytest.raises(Conflict), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        reinstate_tier(session, tier_id=id_of(session), reason=REASON, actor_id=manager.id, at=clock.now())
    with pytest.raises(NotFound), database.transaction(make_vendor(database)) as session:
        withdraw_tier(session, tier_id=tier_of_public(database), reason=REASON, actor_id=manager.id, at=clock.now())


def tier_of_public(database):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return id_of(session)


def test_a_version_is_not_put_in_force_while_somebody_else_withdraws_the_tier(database, people, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        shown = tier_of(session)
        withdraw(session, manager)

    with pytest.raises(Conflict, match="withdrawn"), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        publish_tier_version(
            session,
            tier_id=shown.id,
            requirement=parse_requirement(LAW),
            based_on=1,
            reason=REASON,
            grace_days=0,
            actor_id=manager.id,
            at=clock.now(),
        )


def test_of_eight_who_withdraw_at_once_one_does(database, people, manager):
    def attempt(_number):
        try:
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                withdraw(session, manager)
        except Conflict:
            return 0
        return 1

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1
    assert len(acts(database, WITHDRAWN)) == 1


def test_files_that_are_loaded_again_do_not_bring_back_what_people_withdrew(database, people, manager):
    drafts = [make_tier_draft("generalist", BANK), make_tier_draft("pilot", BANK)]
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        withdraw(session, manager)
        publish_tiers(session, drafts=drafts, at=clock.now())
        assert [tier.slug for tier in list_tiers(session)] == ["pilot"]


def test_files_leave_alone_what_people_brought_back(database, people, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        publish_tiers(session, drafts=[], at=clock.now())
        assert list_tiers(session) == ()
        reinstate_tier(session, tier_id=id_of(session), reason=REASON, actor_id=manager.id, at=clock.now())
        assert publish_tiers(session, drafts=[], at=clock.now()) == 0
        assert [tier.slug for tier in list_tiers(session)] == ["generalist"]


def test_a_tier_that_comes_back_with_the_files_opens_again(app, database, people, heard):
    for drafts in ([], [make_tier_draft("generalist", BANK)]):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            publish_tiers(session, drafts=drafts, at=clock.now())
        deliver_all(app)

    assert heard[-4:] == [(Outcome.ALLOW, Outcome.DENY)] * 2 + [(Outcome.DENY, Outcome.ALLOW)] * 2
    assert [act.actor for act in acts(database, WITHDRAWN)] == ["catalogue"] * 3


def test_a_check_answers_that_there_is_no_such_tier(app, database):
    make_public_catalogue(database)
    vendor = make_vendor(database)
    with database.transaction(vendor) as session:
        tier_id = make_tier(session)
    person_id = join(database, vendor, make_qualified(database))
    api = caller_with(app, make_api_key(database, organisation_id=vendor).secret)
    asked = {"subject": str(person_id), "tier": "boats", "action": "work"}
    assert api.post("/api/v1/entitlements/check", json=asked).get_json()["outcome"] == "allow"

    with database.transaction(vendor) as session:
        withdraw_tier(session, tier_id=tier_id, reason=REASON, actor_id=None, at=clock.now())
    answer = api.post("/api/v1/entitlements/check", json=asked)

    assert answer.status_code == 404
    assert answer.get_json()["type"].endswith("#unknown-tier")
    assert api.get("/api/v1/tiers/boats").status_code == 404


def test_a_programme_leads_to_a_withdrawn_tier_no_more(client, database, people, manager):
    terms = ProgrammeTerms(title="Ferry checkers", summary="", test_slug=BANK, tier_slug="generalist", cohorts=())
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_programme(session, slug="ferry-checkers", terms=terms, actor_id=manager.id, at=clock.now())
    assert "The programme “Ferry checkers” leads to it" in client.get(DOING).text

    client.post(DOING, data={"reason": REASON})
    assert tier_of_programme(database) is None
    client.post(AGAIN, data={"reason": REASON})

    assert tier_of_programme(database) == "generalist"


def tier_of_programme(database):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return get_programme(session, "ferry-checkers").tier_slug


def test_an_auditor_reads_all_of_it_and_changes_nothing(client, database, people):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        auditor, manager = make_person(session, roles=(Role.AUDITOR,)), make_person(session)
    sign_in(client, auditor)
    assert "<textarea" not in client.get(DOING).text
    assert client.post(DOING, data={"reason": REASON}).status_code == 403

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        withdraw(session, manager)

    assert "<textarea" not in client.get(PAGE).text
    assert client.post(AGAIN, data={"reason": REASON}).status_code == 403
