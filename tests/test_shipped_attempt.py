"""An attempt at the shipped test, 25 real items: what it costs from its terms to its certificate."""

import gzip
from pathlib import Path
from uuid import UUID

import pytest

from assessments.operations.sheet import read_sheet
from lms import clock
from lms.catalogue.readers import open_catalogue, readers_of
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.people import make_person, sign_in
from tests.statements import counted

TRACK = "fact-versus-fiction"
CATALOGUE = Path(__file__).parents[1] / "courses" / "catalogue"


@pytest.fixture
def candidate(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for reader in readers_of(app):
            reader.load(session, open_catalogue(CATALOGUE), clock.now())
        person = make_person(session)
    sign_in(client, person)
    return client


def start(candidate) -> UUID:
    return UUID(candidate.post(f"/tests/{TRACK}/attempts").location.split("/")[2])


def sheet(database, attempt_id):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return read_sheet(session, attempt_id=attempt_id, actor="test", at=clock.now())


def test_a_passed_attempt_of_25_items_needs_120_statements_at_most(candidate, database):
    with counted(database) as before:
        candidate.get(f"/tests/{TRACK}/")
        attempt_id = start(candidate)
    lines = sheet(database, attempt_id)
    with counted(database) as after:
        for page in range(1, 6):
            assert candidate.get(f"/attempts/{attempt_id}/?page={page}").status_code == 200
            for line in lines[5 * page - 5 : 5 * page]:
                url = f"/attempts/{attempt_id}/responses/{line['position']}"
                assert candidate.put(url, json={"response": line["response"], "sequence": 1}).status_code == 200
        candidate.get(f"/attempts/{attempt_id}/review")
        result = candidate.get(candidate.post(f"/attempts/{attempt_id}/submit").location)

    assert len(lines) == 25
    assert "You passed" in result.text
    assert len(before) + len(after) <= 120


def test_every_page_of_it_is_below_30_kilobytes_compressed(candidate):
    attempt_id = start(candidate)

    pages = [
        candidate.get(f"/attempts/{attempt_id}/?page={page}", headers={"Accept-Encoding": "gzip"})
        for page in range(1, 6)
    ]

    assert all(len(page.data) < 30_000 for page in pages)
    assert all("Question" in gzip.decompress(page.data).decode() for page in pages)
