"""Importing in the browser: files become drafts, large ones in the worker, and every row is accounted for."""

import json
from io import BytesIO

import pytest
from sqlalchemy import func, select

from assessments.models.authoring import ItemDraft
from assessments.models.imports import ImportState, ItemImport
from assessments.models.items import Item, ItemState
from assessments.operations import import_jobs
from assessments.operations.import_jobs import StillRunning, run_import
from assessments.web.author.imports import FOLDER
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.outbox.models import OutboxMessage
from tests.people import make_person, sign_in


def entry(number: int, **changes: object) -> dict[str, object]:
    return {
        "id": f"item-{number}",
        "type": "choice",
        "use": "practice",
        "skill": "reading",
        "difficulty": "easy",
        "content": {"prompt": f"Which is number {number}?", "options": [{"id": x, "text": x} for x in "abc"]},
        "key": {"choices": ["a"]},
        "rationale": "Because.",
        "temptations": {"b": "It looks right.", "c": "So does this."},
        "sources": [{"author": "Somebody", "title": "Something", "year": 2020}],
        **changes,
    }


def lines(*entries: dict[str, object]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in entries).encode()


@pytest.fixture
def author(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, roles=(Role.CANDIDATE, Role.AUTHOR))
    sign_in(client, person)
    return client


def send(client, data: bytes, *, do: str = "import", name: str = "items.jsonl", **fields: str):
    form = {"format": "jsonl", "bank": "harbour", "skill": "reading", "do": do, **fields}
    return client.post("/authoring/imports/", data={**form, "file": (BytesIO(data), name)})


def count(database, model) -> int:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalar(select(func.count()).select_from(model))


def the_import(database) -> ItemImport:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalars(select(ItemImport).order_by(ItemImport.requested_at.desc())).first()


def test_a_small_file_becomes_drafts_at_once_and_none_of_them_is_live(author, database):
    answer = send(author, lines(entry(1), entry(2)))
    page = author.get(answer.location).text

    assert answer.status_code == 303
    assert "imported" in page
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert {item.state for item in session.scalars(select(Item))} == {ItemState.DRAFT}
        assert session.scalar(select(func.count()).select_from(ItemDraft)) == 2
    done = the_import(database)
    assert (done.state, done.rows_read, done.made, done.unchanged, done.refused) == (ImportState.DONE, 2, 2, 0, 0)


def test_the_same_file_again_changes_nothing(author, database):
    send(author, lines(entry(1), entry(2)))
    send(author, lines(entry(1), entry(2)))

    done = the_import(database)
    assert (done.state, done.made, done.unchanged) == (ImportState.DONE, 0, 2)
    assert count(database, ItemDraft) == 2


def test_one_faulty_row_refuses_the_file_and_is_named(author, database):
    answer = send(author, lines(entry(1), entry(2, key={"choices": ["z"]}), entry(3)))
    page = author.get(answer.location).text

    assert "Nothing was imported" in page
    assert "line 2" in page
    assert "unknown options z" in page
    assert count(database, Item) == 0


def test_a_file_is_checked_without_storing_anything(author, database):
    answer = send(author, lines(entry(1)), do="try")

    assert "would be made" in author.get(answer.location).text
    assert count(database, Item) == 0


def test_a_large_file_is_left_to_the_worker_which_can_be_run_twice(author, database, data_dir, monkeypatch):
    monkeypatch.setattr("assessments.web.author.imports.IN_THE_WORKER", 10)
    answer = send(author, lines(*(entry(number) for number in range(250))))

    assert "waiting" in author.get(answer.location).text
    wanted = the_import(database)
    with database.reading() as session:
        assert session.scalars(select(OutboxMessage.topic)).all().count(import_jobs.TOPIC) == 1
    for _ in range(2):
        run_import(
            database,
            organisation_id=PUBLIC_ORGANISATION_ID,
            import_id=wanted.id,
            folder=data_dir / FOLDER,
        )
    done = the_import(database)
    assert (done.state, done.rows_read, done.made) == (ImportState.DONE, 250, 250)
    assert not list((data_dir / FOLDER).iterdir())


def test_two_workers_do_not_read_the_same_file_at_once(author, database, data_dir, monkeypatch):
    monkeypatch.setattr("assessments.web.author.imports.IN_THE_WORKER", 10)
    send(author, lines(entry(1)))
    wanted = the_import(database)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        taken = session.get_one(ItemImport, wanted.id)
        taken.state, taken.touched_at = ImportState.READING, clock.now()

    with pytest.raises(StillRunning):
        run_import(database, organisation_id=PUBLIC_ORGANISATION_ID, import_id=wanted.id, folder=data_dir / FOLDER)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"format": "word"}, "Choose the format"),
        ({"bank": "No Bank"}, "name of the bank"),
        ({"skill": ""}, "name of the skill"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(author, fields, said):
    answer = send(author, lines(entry(1)), **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="harbour"' in answer.text or fields.get("bank", "") in answer.text


def test_a_file_beyond_the_limit_is_refused_with_a_reason(author, database, monkeypatch):
    monkeypatch.setattr("assessments.web.author.imports.LARGEST_FILE", 1000)

    answer = send(author, lines(*(entry(number) for number in range(20))))

    assert answer.status_code == 422
    assert "at most so many are taken" in answer.text
    assert count(database, ItemImport) == 0


def test_an_empty_upload_is_refused(author):
    assert send(author, b"").status_code == 422
    assert author.post("/authoring/imports/", data={"format": "jsonl"}).status_code == 422


def test_the_report_alone_is_sent_to_the_script_that_follows_it(author):
    location = send(author, lines(entry(1))).location

    fragment = author.get(location, headers={"X-Fragment": "1"}).text

    assert "<html" not in fragment
    assert "data-is-over" in fragment


def test_candidates_cannot_import(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session)
    sign_in(client, person)

    assert send(client, lines(entry(1))).status_code == 403
    assert client.get("/authoring/imports/").status_code == 403
