"""Importing: rows add up, a second time changes nothing, a fault stores nothing, identifiers have one owner."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.adapters.exchange import Format, Omission, ReadItem, Refusal, UnreadableFile
from assessments.models.authoring import DraftState, ItemDraft
from assessments.models.imports import ImportState
from assessments.models.items import AnswerKey, Difficulty, Item, ItemState, ItemUse, ItemVersion
from assessments.operations import importing
from assessments.operations.imported_drafts import Defaults
from assessments.operations.importing import ImportReport, import_items
from lms.audit.models import AuditEvent
from lms.db.scope import organisation_of
from lms.errors import Invalid, TooLarge
from tests.people import make_person

NOW = datetime(2030, 1, 1, tzinfo=UTC)
CONTENT = {"prompt": "Which?", "options": [{"id": "a", "text": "This"}, {"id": "b", "text": "That"}]}
DEFAULTS = Defaults("reading")


def item(row: int, identifier: str = "", **changes: Any) -> ReadItem:
    values: dict[str, Any] = {
        "row": row,
        "where": f"line {row}",
        "identifier": identifier or f"q-{row}",
        "type": "choice",
        "content": CONTENT,
        "key": {"choices": ["a"]},
        "rationale": "Because.",
    }
    return ReadItem(**(values | changes))


def make_format(*entries: ReadItem | Refusal | Omission, is_data_set: bool = False) -> Format:
    return Format("made-up", "Made up", (), lambda _path: iter(entries), is_data_set=is_data_set)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "rows.txt"
    file.write_text("rows")
    return file


def run(session: Session, path: Path, *entries: Any, is_data_set: bool = False, **options: Any) -> ImportReport:
    made_up = make_format(*entries, is_data_set=is_data_set)
    arguments = {"bank": "made-up", "defaults": DEFAULTS, "at": NOW} | options
    report = import_items(session, format=made_up, path=path, **arguments)
    assert report.is_refused or report.rows_read == report.made + report.unchanged + report.refused
    return report


def counts(session: Session) -> list[int | None]:
    session.flush()
    return [session.scalar(select(func.count()).select_from(table)) for table in (Item, ItemVersion, AnswerKey)]


def test_items_are_made_live_with_what_the_file_and_the_defaults_say(session: Session, path: Path):
    report = run(session, path, item(1), item(2, use="test", skill="writing", difficulty="hard"))

    first, second = session.scalars(select(Item).order_by(Item.identifier))
    assert (report.made, report.unchanged, report.refused) == (2, 0, 0)
    assert (first.bank, first.state, first.use) == ("made-up", ItemState.LIVE, ItemUse.PRACTICE)
    assert (first.skill, first.difficulty) == ("reading", Difficulty.MEDIUM)
    assert (second.use, second.skill, second.difficulty) == (ItemUse.TEST, "writing", Difficulty.HARD)


def test_a_second_import_makes_nothing(session: Session, path: Path):
    run(session, path, item(1), item(2))
    before = counts(session)

    report = run(session, path, item(1), item(2))

    assert (report.made, report.unchanged) == (0, 2)
    assert counts(session) == before == [2, 2, 2]


def test_a_changed_key_or_content_makes_a_new_version_and_leaves_the_old(session: Session, path: Path):
    run(session, path, item(1), item(2), item(3))

    report = run(session, path, item(1), item(2, key={"choices": ["b"]}), item(3, content=CONTENT | {"prompt": "Who?"}))

    assert (report.made, report.unchanged) == (2, 1)
    assert counts(session) == [3, 4, 5]


def test_an_import_retires_nothing_that_it_does_not_name(session: Session, path: Path):
    run(session, path, item(1), item(2))
    run(session, path, item(1))

    assert set(session.scalars(select(Item.state))) == {ItemState.LIVE}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": "riddle"}, "unknown item type"),
        ({"content": {"prompt": "Which?"}}, "content: options is missing"),
        ({"content": CONTENT | {"colour": 1}}, "content has no field colour"),
        ({"key": {"choices": ["z"]}}, "the key does not fit: key names unknown options z"),
        ({"key": {"choices": ["a", "b"]}}, "ticks every option"),
        ({"identifier": "Not This"}, "identifier should be lower case"),
        ({"use": "fun"}, "item: use"),
        ({"skill": "Two words"}, "skill should be lower case"),
        ({"sources": ({"title": "No author"},)}, "author is missing"),
        ({"provenance": {"experts": 0}}, "given_by is missing"),
        ({"rationale": "\x00"}, "NUL"),
        ({"content": CONTENT | {"prompt": "Half \ud800 a pair"}}, "content: prompt"),
        ({"tags": ("UPPER",)}, "tags.0"),
    ],
)
def test_what_a_catalogue_would_refuse_is_refused_with_its_reason(
    session: Session, path: Path, changes: dict[str, Any], reason: str
):
    report = run(session, path, item(1, **changes))

    assert report.is_refused
    assert reason in report.refusals[0].reason
    assert (report.refusals[0].row, report.refusals[0].where) == (1, "line 1")


def test_one_fault_refuses_a_whole_file_of_items(session: Session, path: Path):
    report = run(session, path, item(1), Refusal(2, "line 2", "broken"), item(3))

    assert report.is_refused
    assert (report.rows_read, report.made, report.refused) == (3, 0, 1)
    assert counts(session) == [0, 0, 0]


def test_a_data_set_keeps_its_sound_rows(session: Session, path: Path):
    rows = [item(1), Refusal(2, "line 2", "broken"), item(3, type="riddle"), item(4)]

    report = run(session, path, *rows, is_data_set=True)

    assert (report.rows_read, report.made, report.refused) == (4, 2, 2)
    assert [refusal.row for refusal in report.refusals] == [2, 3]


def test_omissions_are_told_of_the_items_that_were_made(session: Session, path: Path):
    rows = [item(1), Omission(1, "line 1", "its picture"), item(2, type="riddle"), Omission(2, "line 2", "its sound")]

    report = run(session, path, *rows, is_data_set=True)

    assert [omission.reason for omission in report.omissions] == ["its picture"]
    assert report.omitted == 1


def test_an_identifier_stands_once_in_a_file(session: Session, path: Path):
    report = run(session, path, item(1, "same"), item(2, "same"), is_data_set=True)

    assert (report.made, report.refused) == (1, 1)
    assert "row 1 already" in report.refusals[0].reason


def test_an_identifier_belongs_to_one_bank(session: Session, path: Path):
    run(session, path, item(1), bank="theirs")

    report = run(session, path, item(1), item(2), is_data_set=True)

    assert (report.made, report.refused) == (1, 1)
    assert "the bank theirs" in report.refusals[0].reason
    assert run(session, path, item(1)).is_refused


def test_an_item_that_somebody_is_editing_is_left_to_them(session: Session, path: Path):
    run(session, path, item(1))
    person = make_person(session)
    session.add(
        ItemDraft(
            organisation_id=organisation_of(session),
            item_id=session.scalars(select(Item.id)).one(),
            state=DraftState.DRAFT,
            revision=1,
            use=ItemUse.PRACTICE,
            skill="reading",
            difficulty=Difficulty.EASY,
            content={},
            key={},
            rationale="",
            sources=[],
            temptations={},
            tags=[],
            edited_by=person.id,
            edited_at=NOW,
        )
    )
    session.flush()

    report = run(session, path, item(1, rationale="Otherwise."))

    assert report.is_refused
    assert "being edited" in report.refusals[0].reason


def test_an_author_imports_drafts_that_wait_for_others(session: Session, path: Path):
    author = make_person(session)

    report = run(session, path, item(1), item(2), as_drafts_by=author.id)
    again = run(session, path, item(1), item(2), as_drafts_by=author.id)
    changed = run(session, path, item(1, rationale="Otherwise."), item(2), as_drafts_by=author.id)

    assert [(each.made, each.unchanged) for each in (report, again, changed)] == [(2, 0), (0, 2), (1, 1)]
    assert counts(session) == [2, 0, 0]
    assert set(session.scalars(select(Item.state))) == {ItemState.DRAFT}
    drafts = session.scalars(select(ItemDraft).order_by(ItemDraft.revision)).all()
    assert [(draft.revision, draft.rationale) for draft in drafts] == [(1, "Because."), (2, "Otherwise.")]
    assert {draft.edited_by for draft in drafts} == {author.id}


def test_an_authors_import_leaves_live_items_live_and_unchanged_ones_alone(session: Session, path: Path):
    run(session, path, item(1), item(2))
    author = make_person(session)

    report = run(session, path, item(1), item(2, key={"choices": ["b"]}), as_drafts_by=author.id)

    assert (report.made, report.unchanged) == (1, 1)
    assert counts(session) == [2, 2, 2]
    assert set(session.scalars(select(Item.state))) == {ItemState.LIVE}
    assert session.scalars(select(ItemDraft)).one().key["choices"] == ["b"]


def test_an_authors_import_leaves_the_drafts_of_others_to_them(session: Session, path: Path):
    run(session, path, item(1), as_drafts_by=make_person(session).id)

    report = run(session, path, item(1), as_drafts_by=make_person(session, email="other@example.org").id)

    assert report.is_refused
    assert "being edited" in report.refusals[0].reason


def test_a_dry_run_counts_and_stores_nothing(session: Session, path: Path):
    run(session, path, item(1))

    report = run(session, path, item(1), item(2), is_dry_run=True)

    assert (report.made, report.unchanged, report.is_dry_run) == (1, 1, True)
    assert counts(session) == [1, 1, 1]
    assert len(list(session.scalars(select(AuditEvent)))) == 1


def test_an_import_is_audited(session: Session, path: Path):
    run(session, path, item(1), actor="somebody")

    (event,) = session.scalars(select(AuditEvent))
    assert (event.action, event.actor) == ("items.imported", "somebody")
    assert event.details == {"format": "made-up", "bank": "made-up", "made": 1, "unchanged": 0, "refused": 0}


def test_progress_is_told_by_rows_first_of_reading_then_of_storing(
    session: Session, path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(importing, "_BATCH", 2)
    told: list[tuple[ImportState, int]] = []

    run(session, path, item(1), item(2), item(3), progress=lambda state, rows: told.append((state, rows)))

    reading, storing = ImportState.READING, ImportState.STORING
    assert told == [(reading, 1), (reading, 2), (reading, 3), (storing, 2), (storing, 3)]


def test_a_file_that_breaks_off_leaves_nothing_behind(session: Session, path: Path):
    def entries(_path: Path) -> Iterator[ReadItem]:
        yield item(1)
        raise UnreadableFile("it ends in the middle")

    broken = Format("made-up", "Made up", (), entries, is_data_set=True)

    with pytest.raises(Invalid, match="cannot be read as made-up: it ends in the middle"):
        import_items(session, format=broken, path=path, bank="made-up", defaults=DEFAULTS, at=NOW)
    assert counts(session) == [0, 0, 0]


def test_a_huge_file_is_refused_before_it_is_read(session: Session, path: Path):
    with path.open("wb") as file:
        file.truncate(100_000_001)

    def never(_path: Path) -> Iterable[Any]:
        raise AssertionError("it was read")

    with pytest.raises(TooLarge, match="100,000,001 bytes"):
        import_items(
            session,
            format=Format("made-up", "Made up", (), never),  # type: ignore[arg-type]  # it must not be called
            path=path,
            bank="made-up",
            defaults=DEFAULTS,
            at=NOW,
        )


def test_endless_rows_are_refused(session: Session, path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "MOST_ROWS", 2)

    with pytest.raises(TooLarge, match="more than 2 rows"):
        run(session, path, item(1), item(2), item(3))


def test_only_the_first_thousand_reasons_are_repeated_and_all_are_counted(session: Session, path: Path):
    report = run(session, path, *(Refusal(row, "x", "broken") for row in range(1, 1502)), is_data_set=True)

    assert (report.rows_read, report.refused, len(report.refusals)) == (1501, 1501, 1000)


@pytest.mark.parametrize("bank", ["", "Two words", "x" * 61, "a\nb"])
def test_a_bank_has_a_plain_name(session: Session, path: Path, bank: str):
    with pytest.raises(Invalid, match="bank"):
        run(session, path, item(1), bank=bank)
