"""The way of an item of the new type: published, practised, sat, scored, explained; in a tree that has the type."""

import json
from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from click.testing import CliRunner

from assessments.domain.item_types import ITEM_TYPES
from assessments.models.items import Difficulty, ItemUse
from assessments.operations.publishing import Draft, publish_items
from assessments.operations.publishing_tests import publish_test
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.people import make_person, sign_in
from wsgi import cli

CONTENT = {"prompt": "Which is no ship?", "words": ["schooner", "barque", "quay"]}


def draft(use: ItemUse) -> Draft:
    return Draft(
        identifier=f"ship-{use}",
        use=use,
        type="odd-one-out",
        skill="words",
        difficulty=Difficulty.EASY,
        content=CONTENT,
        key={"word": "quay"},
        rationale="A quay is where ships lie.",
        sources=[{"author": "A. Sailor", "title": "Ships", "year": 1990}],
        temptations={"schooner": "A ship.", "barque": "A ship."},
    )


@pytest.fixture
def person(client, database):
    now = clock.now()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        publish_items(session, bank="ships", drafts=[draft(ItemUse.PRACTICE), draft(ItemUse.TEST)], at=now)
        section = {"title": "Words", "skill": "words", "type": "odd-one-out", "count": 1, "difficulty": None}
        document = {
            "skills": [{"id": "words", "title": "Words", "summary": "Of words."}],
            "sections": [section],
            "retake": {"tries": 3, "window_days": 90, "cool_down_hours": 0},
            "time_limit": {"minutes": 30, "basis": "none"},
            "cut_score": {"score": 0.5, "method": "given", "panel": "none", "ratings": {}},
        }
        publish_test(
            session,
            slug="ships",
            title="Ships",
            summary="Of ships.",
            limit=timedelta(minutes=30),
            cut_score=Fraction(1, 2),
            document=document,
            at=now,
        )
        person = make_person(session, roles=(Role.CANDIDATE, Role.AUTHOR))
    sign_in(client, person)
    return person


def test_it_is_practised_with_feedback(client, person):
    form = {"p-ship-practice-word": "quay", "try_key": str(uuid4())}

    box = client.post("/practice/ship-practice", data=form, headers={"X-Fragment": "1"}).text

    assert "100 %" in box
    assert "A quay is where ships lie." in box


def test_it_is_sat_scored_and_explained(client, person, database):
    attempt = client.post("/tests/ships/attempts").location
    page = client.get(attempt).text
    saved = client.put(f"{attempt}responses/1", data={"r1-word": "quay", "r1-sequence": "1"})
    refused = client.put(f"{attempt}responses/1", data={"r1-word": "pebble", "r1-sequence": "2"})
    client.post(f"{attempt}submit")
    result = client.get(f"{attempt}result").text

    assert "Which is no ship?" in page
    assert saved.get_json()["is_answered"]
    assert refused.status_code == 422
    assert "You passed" in result
    assert "The odd word was found" in result


def test_its_formula_is_published(client, person):
    assert "1 for the word that does not belong, else 0." in client.get("/scoring/odd-one-out").text


def test_authors_can_make_one(client, person):
    assert "Odd one out" in client.get("/authoring/items/new").text


@pytest.fixture
def items(app, monkeypatch):
    """Run a command of `assay items` on the application under test."""
    monkeypatch.setattr("wsgi.create_app", lambda: app)

    def run(*arguments: object) -> str:
        result = CliRunner().invoke(cli, ["items", *map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_it_is_exported_and_imported(items, person, tmp_path):
    file = tmp_path / "items.jsonl"

    items("export", "jsonl", "--bank", "ships", "--output", file)
    again = items("import", "jsonl", file, "--bank", "ships", "--dry-run")

    assert {json.loads(line)["type"] for line in file.read_text().splitlines()} == {"odd-one-out"}
    assert "2 rows read, 0 made, 2 unchanged, 0 refused" in again


def test_it_is_listed(items):
    assert "odd-one-out" in ITEM_TYPES
    assert "odd-one-out" in items("types")
