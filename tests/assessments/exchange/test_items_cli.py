"""`assay items`: types, formats, import and export from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from assessments.models.items import AnswerKey, Item
from lms.audit.models import AuditEvent
from lms.db.session import Database
from lms.errors import Invalid, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.exchange.made_up_data import CLAIM, NAMES, sample_rows, write_rows
from wsgi import cli

ENTRY = {
    "id": "q-1",
    "type": "choice",
    "use": "practice",
    "skill": "reading",
    "difficulty": "easy",
    "content": {"prompt": "Which?", "options": [{"id": "a", "text": "This"}, {"id": "b", "text": "That"}]},
    "key": {"choices": ["a"]},
    "rationale": "Because.",
    "temptations": {"b": "It sounds right."},
    "sources": [{"author": "Ada", "title": "A book", "year": 1999}],
}


@pytest.fixture
def items(app: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command of `assay items` on the application under test."""
    monkeypatch.setattr("wsgi.create_app", lambda: app)

    def run(*arguments: object, status: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["items", *map(str, arguments)], catch_exceptions=status != 0)
        assert result.exit_code == status, result.output
        return result

    return run


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    return write_rows(tmp_path, "factcheck-gpt", [CLAIM, CLAIM | {"label": "maybe"}, CLAIM | {"claim": "So?"}])


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(ENTRY | {"id": f"q-{n}"}) + "\n" for n in (1, 2)))
    return path


def count(database: Database, table: type[Any] = Item) -> int | None:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_types_are_listed_with_title_and_task(items):
    lines = items("types").output.splitlines()

    assert any(line.split() == ["choice", *line.split()[1:]] and "Choose the right option" in line for line in lines)


def test_formats_are_listed_with_what_they_take(items):
    output = items("formats").output

    assert all(name in output for name in NAMES)
    assert "takes TruthfulQA.csv" in output
    assert "takes TruthfulQA.csv" in items("import", "--help").output


def test_a_data_set_is_imported_and_every_row_accounted_for(items, database: Database, claims: Path):
    result = items("import", "factcheck-gpt", claims)

    assert result.stdout.startswith("3 rows read, 2 made, 0 unchanged, 1 refused.\nRefused:\n")
    assert "1  label should be true, false, not_enough_evidence, got “maybe”" in result.stdout
    assert "row 2 (line 2)" in result.stdout
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert set(session.execute(select(Item.bank, Item.skill))) == {("factcheck-gpt", "factcheck-gpt")}


def test_progress_is_shown_on_the_error_stream(items, claims: Path):
    result = items("import", "factcheck-gpt", claims)

    assert "Reading: 3 rows" in result.stderr
    assert "Storing: 2 rows" in result.stderr
    assert "Reading" not in result.stdout


def test_bank_skill_and_difficulty_can_be_said(items, database: Database, claims: Path):
    items("import", "factcheck-gpt", claims, "--bank", "claims", "--skill", "checking", "--difficulty", "hard")

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert set(session.execute(select(Item.bank, Item.skill, Item.difficulty))) == {("claims", "checking", "hard")}


def test_a_second_import_makes_nothing(items, database: Database, claims: Path):
    items("import", "factcheck-gpt", claims)

    assert "3 rows read, 0 made, 2 unchanged, 1 refused." in items("import", "factcheck-gpt", claims).stdout
    assert (count(database), count(database, AnswerKey)) == (2, 2)


def test_a_dry_run_stores_nothing(items, database: Database, claims: Path):
    result = items("import", "factcheck-gpt", claims, "--dry-run")

    assert "3 rows read, 2 made, 0 unchanged, 1 refused." in result.stdout
    assert "nothing was stored" in result.stdout
    assert count(database) == 0


def test_a_fault_in_a_file_of_items_refuses_it_with_status_1(items, database: Database, entries: Path):
    entries.write_text(entries.read_text() + json.dumps(ENTRY | {"id": "q-3", "key": {"choices": ["z"]}}) + "\n")

    result = items("import", "jsonl", entries, status=1)

    assert "3 rows read, 0 made, 0 unchanged, 1 refused." in result.stdout
    assert "Nothing was stored" in result.stdout
    assert "unknown options z" in result.stdout
    assert count(database) == 0


def test_like_reasons_are_counted_and_the_first_places_named(items, tmp_path: Path):
    path = write_rows(tmp_path, "factcheck-gpt", [CLAIM | {"label": "maybe", "claim": f"{n}"} for n in range(5)])

    output = items("import", "factcheck-gpt", path).stdout

    assert "       5  label should be" in output
    assert "row 1 (line 1); row 2 (line 2); row 3 (line 3) and 2 more" in output


def test_what_cannot_be_read_is_told_in_a_sentence(items, tmp_path: Path):
    path = tmp_path / "rows.json"
    path.write_text('{"no": "array"}')

    result = items("import", "llmbar", path, status=1)

    assert isinstance(result.exception, Invalid)
    assert str(result.exception).startswith("the file cannot be read as llmbar: it is not the JSON")
    assert "is not one of" in items("import", "nonsense", path, status=2).output
    assert "does not exist" in items("import", "llmbar", tmp_path / "nowhere", status=2).output


def test_what_is_exported_comes_back_unchanged(items, database: Database, entries: Path, tmp_path: Path):
    items("import", "jsonl", entries, "--bank", "own")
    file = tmp_path / "out.jsonl"

    result = items("export", "jsonl", "--bank", "own", "--output", file)

    assert "2 items written, 0 left out." in result.stderr
    assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == ["q-1", "q-2"]
    assert "2 rows read, 0 made, 2 unchanged" in items("import", "jsonl", file, "--bank", "own").stdout
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        actions = list(session.scalars(select(AuditEvent.action)))
    assert sorted(actions) == ["items.exported", "items.imported", "items.imported"]


def test_an_export_names_what_a_format_cannot_hold(items, tmp_path: Path):
    items("import", "usr", write_rows(tmp_path, "usr", sample_rows("usr")))

    result = items("export", "csv")

    assert "0 items written, 1 left out." in result.stderr
    assert "rubric-score" in result.stderr


def test_an_empty_bank_is_not_exported(items):
    assert isinstance(items("export", "jsonl", "--bank", "nothing", status=1).exception, NotFound)
