"""Managers make tiers, try out what they ask for, and change it with a reason and a time of grace."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from certificates.domain.requirement_json import parse_requirement
from certificates.models.tiers import Tier, TierVersion
from certificates.operations.standings import follow
from certificates.operations.tiers import TierTerms, make_tier, publish_tier_version
from lms import clock
from lms.errors import Conflict
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, make_office, qualify
from tests.certificates.offices import FERRIES, LAW, publish, tier_of
from tests.people import make_person, sign_in

TERMS = TierTerms("Night shift", "General review", "Checks at night.", ("en",), 50, 70, "EUR", "hour")
TYPED = {
    "title": "Night shift",
    "slug": "night-shift",
    "domain": "General review",
    "summary": "Checks at night.",
    "languages": "en, pt-BR",
    "pay_low": "50",
    "pay_high": "70",
    "currency": "eur",
    "per": "hour",
}
ROOT = {"kind:": "all_of", "count:": ""}
ONE = ROOT | {"kind:0": "achievement", "achievement:0": f"public/{BANK}", "days:0": ""}


@pytest.fixture
def office(database):
    """Two who passed the ferry test, one who did not, and the tiers of the ladder."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        passed = [qualify(session, name=name) for name in ("Ada Passed", "Bob Passed")]
        failed = qualify(session, name="Cleo Failed", right=2)
        for person_id in (*passed, failed):
            follow(session, person_id=person_id, at=AT)
    return passed, failed


@pytest.fixture
def manager(database, client):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, name="Mona Manager", roles=(Role.CANDIDATE, Role.MANAGER))
    sign_in(client, person)
    return person


def fields_of(page):
    """What a browser would send back of a page's form: hidden, typed and chosen."""
    form = page[page.index('<form method="post" novalidate') : page.rindex("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[unescape(name[1])] = unescape((re.search(r'value="([^"]*)"', tag) or ["", ""])[1])
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = unescape(text)
    return found


def test_a_tier_is_made_and_announced_until_it_asks_for_something(client, database, manager):
    answer = client.post("/manage/tiers/new", data=TYPED)

    assert (answer.status_code, answer.location) == (303, "/manage/tiers/night-shift/requirement")
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        tier = session.scalars(select(Tier)).one()
    assert (tier.title, tier.currency, tier.languages) == ("Night shift", "EUR", ["en", "pt-BR"])
    assert (tier.is_announced, tier.made_by) == (True, manager.id)
    assert "It asks for nothing yet" in client.get("/manage/tiers/").text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", " ", "Give the tier a name."),
        ("slug", "Night shift", "Use small letters"),
        ("currency", "euro", "Enter the three letters"),
        ("pay_low", "fifty", "Enter a whole number"),
        ("pay_high", "40", "The upper end is not below the lower one."),
        ("languages", "en; fr", "Enter language tags"),
        ("per", "century", "Not a valid choice"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(client, manager, field, typed, said):
    answer = client.post("/manage/tiers/new", data=TYPED | {field: typed})

    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert 'value="General review"' in answer.text


def test_a_taken_slug_is_refused(client, session, manager):
    make_tier(session, slug="night-shift", terms=TERMS, actor_id=manager.id, at=AT)
    with pytest.raises(Conflict, match="short name"):
        make_tier(session, slug="night-shift", terms=TERMS, actor_id=manager.id, at=AT)


def test_the_form_of_a_tier_changes_what_it_says_and_not_what_it_asks_for(client, database, office, manager):
    answer = client.post("/manage/tiers/generalist/", data=TYPED | {"title": "Day shift"})

    assert answer.status_code == 303
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        tier = tier_of(session, "generalist")
    assert (tier.title, tier.terms.number) == ("Day shift", 1)


def test_buttons_build_the_tree_and_lose_nothing_that_was_typed(client, office, manager):
    address = "/manage/tiers/generalist/requirement"
    fields = fields_of(client.get(address).text)
    assert fields["achievement:0"] == f"public/{BANK}"

    fields = fields_of(client.post(address, data=fields | {"days:0": "many", "do": "add-group:"}).text)
    assert (fields["days:0"], fields["kind:1"]) == ("many", "any_of")
    fields = fields_of(client.post(address, data=fields | {"do": "add-achievement:1"}).text)
    chosen = {"achievement:1.0": "public/harbour-law", "do": "add-quality:1"}
    fields = fields_of(client.post(address, data=fields | chosen).text)
    fields = fields_of(client.post(address, data=fields | {"floor:1.1": "85", "tasks:1.1": "50", "do": "wrap:0"}).text)
    assert fields["days:0.0"] == "many"
    page = client.post(address, data=fields | {"do": "look"})
    assert page.status_code == 422
    assert "Enter a whole number of days" in page.text

    page = client.post(address, data=fields | {"days:0.0": "365", "do": "look"}).text
    assert "not older than 365 days" in page
    assert "work quality of at least 85 % over 50 tasks" in page
    fields = fields_of(client.post(address, data=fields_of(page) | {"do": "remove:1"}).text)
    assert "kind:1" not in fields


def test_a_dry_run_tells_who_would_lose_and_writes_nothing(client, database, office, manager):
    fields = ONE | {"kind:1": "achievement", "achievement:1": "public/harbour-law", "days:1": ""}

    page = client.post("/manage/tiers/generalist/requirement", data=fields | {"do": "look"}).text

    assert "Ada Passed" in page
    assert "Bob Passed" in page
    assert "Cleo Failed" not in page
    assert "The certificate “Harbour Law Reviewer” is not held yet." in page
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert tier_of(session, "generalist").terms.number == 1


def test_only_what_was_tried_out_is_published(client, database, office, manager):
    address = "/manage/tiers/generalist/requirement"
    fields = ONE | {"achievement:0": "public/harbour-law", "based_on": "1", "reason": "Ships sank.", "grace_days": "30"}

    seen = client.post(address, data=fields | {"do": "publish"})
    assert "What the change would do" in seen.text
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert tier_of(session, "generalist").terms.number == 1
    published = client.post(address, data=fields_of(seen.text) | {"do": "publish"})

    assert published.status_code == 303
    page = client.get("/manage/tiers/generalist/").text
    assert "Ships sank." in page
    assert "Mona Manager" in page
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        versions = session.scalars(select(TierVersion).where(TierVersion.reason == "Ships sank.")).all()
    assert [(one.number, one.is_current, one.created_by) for one in versions] == [(2, True, manager.id)]
    assert versions[0].grace_until - versions[0].created_at == timedelta(days=30)
    assert versions[0].requirement == LAW


@pytest.mark.parametrize(
    ("reason", "days", "said"), [("", "30", "Say why"), ("Ships sank.", "a month", "Enter a whole number")]
)
def test_reason_and_grace_are_asked_for_at_their_fields(client, office, manager, reason, days, said):
    address = "/manage/tiers/generalist/requirement"
    fields = fields_of(client.post(address, data=ONE | {"achievement:0": "public/harbour-law", "do": "look"}).text)

    answer = client.post(address, data=fields | {"reason": reason, "grace_days": days, "do": "publish"})

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{days}"' in answer.text


def test_of_two_managers_the_slower_one_is_told(client, database, office, manager):
    address = "/manage/tiers/generalist/requirement"
    fields = fields_of(client.get(address).text)
    seen = fields_of(client.post(address, data=fields | {"achievement:0": "public/harbour-law", "do": "look"}).text)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        publish(session, "generalist", {"kind": "any_of", "parts": [FERRIES, LAW]}, actor_id=manager.id)

    answer = client.post(address, data=seen | {"reason": "Ships sank.", "do": "publish"})

    assert answer.status_code == 409
    assert "Somebody else has changed this tier" in answer.text


def test_of_two_versions_at_once_one_is_published(database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        actor_id = make_person(session).id
        tier_id = tier_of(session, "generalist").id

    def try_it(requirement):
        try:
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                return publish_tier_version(
                    session,
                    tier_id=tier_id,
                    requirement=parse_requirement(requirement),
                    based_on=1,
                    reason="More is needed.",
                    grace_days=0,
                    actor_id=actor_id,
                    at=clock.now(),
                )
        except Conflict:
            return None

    with ThreadPoolExecutor(2) as threads:
        numbers = list(threads.map(try_it, [LAW, {"kind": "all_of", "parts": [LAW, FERRIES]}]))

    assert sorted(numbers, key=str) == [2, None]


def test_an_auditor_sees_tiers_and_changes_none(client, database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        auditor = make_person(session, roles=(Role.AUDITOR,))
    sign_in(client, auditor)

    page = client.get("/manage/tiers/generalist/")

    assert page.status_code == 200
    assert "Change what it asks for" not in page.text
    assert client.post("/manage/tiers/generalist/requirement", data=ONE | {"do": "look"}).status_code == 403
    assert client.post("/manage/tiers/new", data=TYPED).status_code == 403


def test_there_is_no_page_for_a_tier_that_is_not_here(client, manager):
    for path in ("/manage/tiers/none/", "/manage/tiers/none/requirement"):
        assert client.get(path).status_code == 404
        assert client.post(path, data=ONE | TYPED).status_code == 404
