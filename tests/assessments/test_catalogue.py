"""The checker names every fault of items and tests with file and line; loading is idempotent."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assessments.models import tests as test_models
from assessments.models.items import AnswerKey, Item, ItemState, ItemVersion
from assessments.operations.catalogue import check_catalogue, load_catalogue
from assessments.operations.publishing import publish_items, publish_version
from lms.catalogue.findings import Findings
from lms.catalogue.readers import Catalogue, open_catalogue
from lms.errors import Invalid
from tests.assessments.factories import make_draft
from tests.people import make_person

SHIPPED = Path(__file__).parents[2] / "courses" / "catalogue" / "fact-versus-fiction"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def track(tmp_path) -> Path:
    """A copy of the shipped track, to be spoiled."""
    folder = tmp_path / "fact-versus-fiction"
    shutil.copytree(SHIPPED, folder)
    return folder


def spoil(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence of a text; the line on which it stood."""
    text = path.read_text()
    assert old in text, old
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def faults(track: Path) -> list[str]:
    findings = Findings()
    check_catalogue(Catalogue(None, (track,)), findings)
    return [str(finding).removeprefix(f"{track}/") for finding in findings.sorted()]


def test_the_shipped_track_has_no_fault_and_no_simple_strategy_passes():
    findings = Findings()

    report = check_catalogue(Catalogue(None, (SHIPPED,)), findings)

    assert findings.sorted() == []
    assert any("the best of each type together" in line for line in report)
    assert any("always the longest option" in line for line in report)


def test_broken_yaml_is_named_with_its_line(track):
    line = spoil(track / "items" / "choice.yaml", "  skill: claim-splitting", "  skill: [claim-splitting")

    found = [fault for fault in faults(track) if fault.startswith("items/choice.yaml")]

    assert len(found) == 1
    assert "broken YAML" in found[0]
    assert abs(int(found[0].split(":")[1]) - line) <= 2


def test_a_duplicate_yaml_key_is_named(track):
    line = spoil(track / "items" / "choice.yaml", "  use: test\n", "  use: test\n  use: test\n")

    found = next(fault for fault in faults(track) if fault.startswith("items/choice.yaml"))

    assert "duplicate key" in found
    assert int(found.split(":")[1]) == line + 1


def test_an_id_used_twice_is_named_with_its_first_place(track):
    line = spoil(track / "items" / "choice.yaml", "id: fvf-split-02", "id: fvf-split-01")

    assert any(f"items/choice.yaml:{line}: id fvf-split-01 is used twice" in fault for fault in faults(track))


def test_a_missing_key_is_named(track):
    text = (track / "items" / "choice.yaml").read_text()
    start = text.index("  key:")
    (track / "items" / "choice.yaml").write_text(text[:start] + text[text.index("  rationale:", start) :])

    assert any("key is missing" in fault for fault in faults(track))


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("items/choice.yaml", "difficulty: easy", "difficulty: trivial", "difficulty: input should be"),
        ("items/choice.yaml", "type: choice", "type: riddle", "unknown type 'riddle'"),
        ("items/choice.yaml", "  use: test", "  use: test\n  colour: red", "colour is not a known field"),
        ("items/choice.yaml", "skill: claim-splitting", "skill: juggling", "skill juggling is not in test.yaml"),
        ("items/claim-verdict.yaml", "label: supported", "label: true", "key.label"),
        ("items/span-highlight.yaml", "- {quote:", "- {occurrence: 9, quote:", "does not stand 9 times"),
        ("test.yaml", "score: 0.69", "score: 0.5", "is not the mean of the ratings"),
        ("test.yaml", "count: 3", "count: 40", "the pool is too small"),
        ("test.yaml", "minutes: 75", "minutes: long", "time_limit.minutes"),
        ("test.yaml", "fvf-split-01:", "fvf-unknown-01:", "rating for fvf-unknown-01, which is no test item"),
        ("test.yaml", "retake:", "must_include:\n  - fvf-claim-99\nretake:", "must_include: fvf-claim-99 is not among"),
        ("test.yaml", "retake:", "never_together: [[fvf-claim-01]]\nretake:", "never_together.0"),
        (
            "test.yaml",
            "retake:",
            "must_include: [fvf-claim-01, fvf-claim-02]\nnever_together: [[fvf-claim-02, fvf-claim-01]]\nretake:",
            "never_together: fvf-claim-01 and fvf-claim-02 stand in must_include",
        ),
        (
            "test.yaml",
            "retake:",
            "never_together: [[fvf-conf-01, fvf-conf-02, fvf-conf-03, fvf-conf-04]]\nretake:",
            "never_together: no form is possible",
        ),
        ("test.yaml", "retake:", "exposure: {cap: 0.6}\nretake:", "exposure: a cap of 0.6 cannot be kept"),
        ("test.yaml", "retake:", "exposure: {overlap: 0.5}\nretake:", "with this pool it is 56.9% at the least"),
        ("test.yaml", "retake:", "exposure: {}\nretake:", "expected cap, overlap or both"),
        ("guide.yaml", "id: wrong-number", "id: odd-number", "wrong-number is not in guide.yaml"),
    ],
)
def test_a_fault_is_named_at_its_line_with_what_was_expected(track, file, old, new, message):
    line = spoil(track / file, old, new)

    found = faults(track)

    assert any(message in fault for fault in found), found
    if file != "guide.yaml":
        near = [int(f.split(":")[1]) for f in found if f.startswith(file) and message in f]
        assert any(abs(number - line) <= 60 for number in near) or "skill juggling" in message


def test_what_forms_hold_is_named_at_the_very_line(track):
    line = spoil(track / "test.yaml", "retake:", "must_include:\n  - fvf-claim-01\n  - fvf-nothing\nretake:")

    assert (
        f"test.yaml:{line + 2}: must_include: fvf-nothing is not among the items that forms are drawn from"
        in faults(track)
    )


def test_terms_that_do_not_use_what_came_later_are_the_version_that_they_were(session, track):
    spoil(track / "test.yaml", "renewal:\n  percent: 50\n", "")
    load_catalogue(session, Catalogue(None, (track,)), AT)
    document = session.scalars(select(test_models.TestVersion.document)).one()
    spoil(track / "test.yaml", "retake:", "must_include: [fvf-claim-01]\nexposure: {cap: 0.8}\nretake:")
    load_catalogue(session, Catalogue(None, (track,)), AT)
    changed = session.scalars(select(test_models.TestVersion.document).where(test_models.TestVersion.is_current)).one()

    assert not {"must_include", "never_together", "exposure", "renewal"} & document.keys()
    assert changed["must_include"] == ["fvf-claim-01"]
    assert changed["exposure"] == {"cap": 0.8, "overlap": None}
    assert "never_together" not in changed


def test_all_faults_are_told_not_the_first_alone(track):
    spoil(track / "items" / "choice.yaml", "difficulty: easy", "difficulty: trivial")
    spoil(track / "items" / "claim-verdict.yaml", "  rationale:", "  reason:")

    found = faults(track)

    assert any("difficulty" in fault for fault in found)
    assert any("rationale is missing" in fault for fault in found)


def test_a_test_that_a_simple_strategy_passes_is_refused(track):
    text = (track / "items" / "choice.yaml").read_text()
    for letter in "abcde":
        text = text.replace(f"choices: [{letter}]", "choices: [a]")
    (track / "items" / "choice.yaml").write_text(text)

    found = faults(track)

    assert any("a simple strategy passes on choice items: always the first option" in fault for fault in found)


def test_what_is_no_track_is_refused(tmp_path):
    with pytest.raises(Invalid, match="is not a folder"):
        open_catalogue(tmp_path / "nowhere")
    with pytest.raises(Invalid, match="holds no track"):
        open_catalogue(tmp_path)


def test_a_missing_file_and_one_that_is_not_text_are_named(track):
    (track / "test.yaml").unlink()
    (track / "items" / "noise.yaml").write_bytes(b"\xff\xfe\x00\x81")

    found = faults(track)

    assert "test.yaml:1: the file is missing" in found
    assert any(fault.startswith("items/noise.yaml:1: the file is not UTF-8") for fault in found)


def count(session, table, **equal):
    return session.scalar(select(func.count()).select_from(table).filter_by(**equal))


def test_loading_twice_changes_nothing(session, track):
    catalogue = Catalogue(None, (track,))

    first = load_catalogue(session, catalogue, AT)
    second = load_catalogue(session, catalogue, AT)

    items = count(session, Item)
    assert items >= 60
    assert f"{items} new versions" in first[0]
    assert "(0 new versions, 0 new keys, 0 retired), test unchanged" in second[0]
    assert count(session, ItemVersion) == count(session, AnswerKey) == items


def test_changed_content_makes_a_version_and_a_changed_key_makes_a_key(session, track):
    catalogue = Catalogue(None, (track,))
    load_catalogue(session, catalogue, AT)
    items = count(session, Item)
    spoil(track / "items" / "choice.yaml", "rationale: >-\n", "rationale: >-\n    Changed.\n")
    spoil(track / "items" / "claim-verdict.yaml", "    claim: >-\n", "    claim: >-\n      It is said that\n")

    report = load_catalogue(session, catalogue, AT)[0]

    assert "(1 new versions, 2 new keys, 0 retired)" in report
    assert count(session, ItemVersion, is_current=True) == items
    assert count(session, ItemVersion) == items + 1


def test_a_faulty_track_is_not_loaded_by_half(session, track):
    load_catalogue(session, Catalogue(None, (track,)), AT)
    spoil(track / "items" / "choice.yaml", "difficulty: easy", "difficulty: trivial")

    with pytest.raises(Invalid, match="cannot be loaded"):
        load_catalogue(session, Catalogue(None, (track,)), AT)

    assert count(session, Item, state=ItemState.RETIRED) == 0


def test_an_item_that_is_taken_out_is_retired_and_comes_back_as_it_was(session):
    drafts = [make_draft("one"), make_draft("two")]
    publish_items(session, bank="b", drafts=drafts, at=AT)

    assert publish_items(session, bank="b", drafts=drafts[:1], at=AT).retired == 1
    assert count(session, Item, state=ItemState.RETIRED) == 1

    again = publish_items(session, bank="b", drafts=drafts, at=AT)
    assert (again.new_versions, again.new_keys) == (0, 0)
    assert count(session, Item, state=ItemState.RETIRED) == 0


def test_a_test_that_returns_to_older_terms_has_them_again(session, track):
    catalogue = Catalogue(None, (track,))
    load_catalogue(session, catalogue, AT)
    spoil(track / "test.yaml", "tries: 3", "tries: 4")
    assert "test new version" in load_catalogue(session, catalogue, AT)[0]

    spoil(track / "test.yaml", "tries: 4", "tries: 3")
    load_catalogue(session, catalogue, AT)

    assert count(session, test_models.TestVersion) == 4  # each with the terms of its renewal
    current = session.scalars(select(test_models.TestVersion).where(test_models.TestVersion.is_current)).one()
    assert current.number == 1


def test_what_authors_made_of_an_item_is_not_undone_by_loading_the_files_again(session):
    at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    publish_items(session, bank="b", drafts=[make_draft("item-1")], at=at)
    item = session.scalars(select(Item)).one()
    author, reviewer = make_person(session), make_person(session)
    mended = make_draft("item-1", key={"choices": ["a"]})
    publish_version(session, item, mended, at=at, created_by=author.id, approved_by=reviewer.id)

    again = publish_items(session, bank="b", drafts=[make_draft("item-1")], at=at)

    assert (again.new_versions, again.new_keys) == (0, 0)
    key = session.scalars(select(AnswerKey).where(AnswerKey.is_current)).one()
    assert (key.key, key.created_by) == ({"choices": ["a"]}, author.id)
    newer = publish_items(session, bank="b", drafts=[make_draft("item-1", key={"choices": ["c"]})], at=at)
    assert newer.new_keys == 1
