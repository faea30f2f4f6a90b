"""What people receive before a try, or before a release, does not depend on the key: swap it, compare the bytes."""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile, is_zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.domain.calibration import Standard
from assessments.domain.item_types import ITEM_TYPES
from assessments.models.items import Difficulty, ItemUse
from assessments.operations.publishing import Draft, publish_items
from assessments.operations.publishing_calibrations import publish_calibration
from assessments.operations.publishing_tests import publish_test
from assessments.web.practice import render_practice
from lms.accounts.models import Person
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION
from tests.assessments.any_type import swappable_items
from tests.assessments.calibrations import form_of, make_calibration
from tests.assessments.factories import BANK, make_bank, make_test
from tests.databases import empty
from tests.people import make_person, sign_in

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CALIBRATION = f"/calibrations/{BANK}/"
GOLD = CALIBRATION + "rounds/1/items/1"
Received = tuple[int, dict[str, str], str]  # status, headers, body


def publish_all(session: Any, name: str, content: Any, key: Any, secret: str) -> Person:
    """A test, a calibration and a practice item of one type; the secret stands in all that explains the key."""
    said: dict[str, Any] = {
        "type": name,
        "skill": "skill",
        "difficulty": Difficulty.MEDIUM,
        "content": content.model_dump(mode="json"),
        "key": key.model_dump(mode="json"),
        "rationale": f"{secret} because of this.",
        "sources": [{"author": secret, "title": secret, "year": 1999}],
        "temptations": {secret: secret},
        "provenance": {"given_by": secret, "experts": 5},
    }
    drafts = [Draft("tested", ItemUse.TEST, **said), Draft("practised", ItemUse.PRACTICE, **said)]
    publish_items(session, bank=BANK, drafts=drafts, at=AT)
    standard = Standard(Fraction(1, 2), 1)
    publish_calibration(session, slug=BANK, title="C", summary="S", standard=standard, items=["practised"])
    terms: dict[str, Any] = {
        "skills": [{"id": "skill", "title": "Skill", "summary": "A skill."}],
        "sections": [{"title": "All", "skill": "skill", "type": name, "count": 1, "difficulty": None}],
        "retake": {"tries": 3, "window_days": 90, "cool_down_hours": 24},
    }
    publish_test(
        session,
        slug=BANK,
        title="T",
        summary="S",
        limit=timedelta(minutes=30),
        cut_score=Fraction(1, 2),
        document=terms,
        at=AT,
    )
    return make_person(session, email="ada@example.org")


def qualify(client: FlaskClient, response: Any) -> list[Any]:
    """Everything that a sitting fetches, up to its submit."""
    started = client.post(f"/tests/{BANK}/attempts")
    attempt_id = UUID(started.location.split("/")[2])
    address = f"/attempts/{attempt_id}/responses/1"
    raw = response.model_dump(mode="json")
    saves = [
        client.put(address, json={"response": raw, "sequence": 2}),
        client.put(address, json={"response": {}, "sequence": 1}),
        client.put(address, json={"response": {"unknown": 1}, "sequence": 3}),
    ]
    assert [save.status_code for save in saves] == [200, 409, 422]
    pages = [client.get(f"/attempts/{attempt_id}/{page}") for page in ("", "review", "result")]
    return [client.get(f"/tests/{BANK}/"), started, *saves, *pages]


def calibrate(client: FlaskClient) -> list[Any]:
    """Everything that is fetched of a gold item before its try."""
    answers = [client.get(CALIBRATION), client.post(CALIBRATION + "rounds"), client.get(GOLD), client.get(CALIBRATION)]
    assert [answer.status_code for answer in answers] == [200, 303, 200, 200]
    return answers


def practise(app: Flask, person: Person) -> str:
    """The box of a practice item in a lesson before any try."""
    with app.test_request_context(), app.extensions[EXTENSION].reading(PUBLIC_ORGANISATION_ID) as session:
        boxes = render_practice(session, ["practised"], person_id=person.id, return_path="/a-lesson")
    return str(boxes["practised"])


def received(app: Flask, name: str, content: Any, key: Any, response: Any, secret: str) -> list[Received | str]:
    """All that one person gets to see of an item in all three behaviours, with nonces masked."""
    empty(app.extensions[EXTENSION].engine)
    with app.extensions[EXTENSION].transaction(PUBLIC_ORGANISATION_ID) as session:
        person = publish_all(session, name, content, key, secret)
    client = app.test_client()
    sign_in(client, person)
    answers = [*calibrate(client), *qualify(client, response)]
    box = masked(practise(app, person))
    assert "<form" in box
    assert not [text for text in (box, *(answer.text for answer in answers)) if secret in text]
    return [box, *((a.status_code, masked_headers(a.headers), masked(a.text)) for a in answers)]


def masked(text: str) -> str:
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)
    text = re.sub(r'data-seconds-left="\d+"', "SECONDS", text)
    text = re.sub(r'(csrf[_-]token"[^>]*(?:value|content)=")[^"]+', r"\1TOKEN", text)
    text = re.sub(r"<time[^>]*>[^<]*</time>", "TIME", text)
    return re.sub(r'(name="(?:next|return_path)"[^>]*value=")[^"]+', r"\1NEXT", text)


def masked_headers(headers: Any) -> dict[str, str]:
    kept = {name: masked(value) for name, value in headers.items()}
    return {name: value for name, value in kept.items() if name not in {"Set-Cookie", "Date", "Content-Length"}}


@pytest.mark.parametrize("name", ITEM_TYPES)
@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(data=st.data())
def test_swapping_the_key_changes_no_byte_before_a_try_or_a_release(app, name, data):
    content, key, other, response = data.draw(swappable_items(name))

    first = received(app, name, content, key, response, "FIRST-SECRET")
    second = received(app, name, content, other, response, "OTHER-SECRET")

    assert first == second


@pytest.mark.parametrize("name", ITEM_TYPES)
def test_after_the_try_key_and_reasons_are_told(app, database, name):
    example = ITEM_TYPES[name].examples[0]
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = publish_all(session, name, example.content, example.key, "THE-SECRET")
    client = app.test_client()
    sign_in(client, person)
    before = calibrate(client)

    told = client.post(GOLD, data=form_of(before[2].text), follow_redirects=True)

    assert told.status_code == 200
    assert "THE-SECRET because of this." in told.text
    assert "THE-SECRET" not in "".join(page.text for page in before)


def uncompressed(answer: bytes) -> bytes:
    """An answer as it is; of an archive, all that is in it."""
    if not is_zipfile(BytesIO(answer)):
        return answer
    with ZipFile(BytesIO(answer)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("signed_in", [True, False])
def test_no_secret_of_an_item_is_in_a_page_before_release(app, client, database, signed_in):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        make_calibration(session)
        person = make_person(session)
    if signed_in:
        sign_in(client, person)
        client.post(f"/tests/{BANK}/attempts")
        client.post(CALIBRATION + "rounds")
    addresses = [rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    for address in [*addresses, f"/tests/{BANK}/", CALIBRATION, GOLD]:
        assert b"CANARY" not in uncompressed(client.get(address).data), address
