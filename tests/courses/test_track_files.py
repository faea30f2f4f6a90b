"""Faults of a track's lessons are told with file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from courses.operations.catalogue import check_courses
from lms.catalogue.findings import Findings
from lms.catalogue.readers import open_catalogue
from tests.courses.track_folders import spoil, write_track


@pytest.fixture
def track(tmp_path: Path) -> Path:
    return write_track(tmp_path)


def findings_of(track: Path) -> list[str]:
    """What a check tells, with paths relative to the track."""
    findings = Findings()
    check_courses(open_catalogue(track), findings)
    return [f"{finding.path.relative_to(track)}:{finding.line}: {finding.message}" for finding in findings.sorted()]


def test_a_sound_track_has_no_fault_and_is_told_in_a_line(track: Path):
    assert findings_of(track) == []
    assert check_courses(open_catalogue(track), Findings()) == [
        "splitting-claims: 2 lessons of 40 minutes with 6 practice items"
    ]


L1, L2 = "lessons/01-claims.md", "lessons/02-splitting.md"


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("course.yaml", "hours: 2\n", "", "course.yaml:1: hours is missing"),
        ("course.yaml", "hours: 2", "hours: many", "course.yaml:5: hours: input should be a valid number"),
        ("course.yaml", "hours: 2", "hours: 2\ncolour: red", "course.yaml:6: colour is not a known field"),
        ("course.yaml", "language: en", "language: English", "course.yaml:6: language: "),
        (
            "course.yaml",
            "02-splitting]",
            "02-splitting, 03-more]",
            "course.yaml:9: there is no file lessons/03-more.md",
        ),
        ("course.yaml", ", 02-splitting", "", f"{L2}:1: course.yaml does not name this lesson"),
        ("course.yaml", "[01-claims,", "[01-claims, ../x,", "course.yaml:9: lessons.1: string should match"),
        ("course.yaml", "[01-claims,", "[01-claims, 01-claims,", "course.yaml:9: lessons: 01-claims stands more"),
        (L1, "---\ntitle", "title", f"{L1}:1: the front matter is missing"),
        (L1, "minutes: 20\n", "", f"{L1}:1: minutes is missing"),
        (L1, "minutes: 20", "minutes: soon", f"{L1}:3: minutes: input should be a valid integer"),
        (L1, "minutes: 20", "minutes: 20: 5", f"{L1}:3: broken YAML"),
        (L1, "skills: [splitting]", "skills: [splitting, flying]", f"{L1}:4: test.yaml has no skill flying"),
        (L1, "skills: [splitting]", "skills:\n  - splitting\n  - flying", f"{L1}:6: test.yaml has no skill flying"),
        (L1, "practice p-2", "practice p-9", f"{L1}:11: no sound item has the id p-9"),
        (L1, "practice p-2", "practice p-9", "items/choice.yaml:15: no lesson embeds the practice item p-2"),
        (L1, "practice p-2", "practice t-1", f"{L1}:11: the item t-1 is for the test"),
        (L1, "practice p-2", "practice p-1", f"{L1}:11: the practice item p-1 is embedded a second time"),
        (L2, "practice p-5", "practice p-1", f"{L2}:11: the practice item p-1 is embedded a second time"),
        (L1, "::: practice p-2\n:::", "", f"{L1}:1: 2 practice items are embedded; expected at least 3"),
        (L1, "practice p-3\n:::", "practice p-3", f"{L1}:14: the block is not closed"),
        (L1, "practice p-3", "exercise p-3", f"{L1}:14: unknown block"),
        (L1, "## Why", "# Why", f"{L1}:6: a section begins with `##`"),
        (L2, "[judging]", "[splitting]", "test.yaml:5: no lesson teaches the skill judging"),
        ("guide.yaml", "    rule: The evidence states it.\n", "", "guide.yaml:2: labels.0.rule is missing"),
    ],
)
def test_a_fault_is_told_at_its_file_and_line(track: Path, file: str, old: str, new: str, expected: str):
    spoil(track / file, old, new)

    assert [found for found in findings_of(track) if found.startswith(expected)], findings_of(track)


def remove_course(track: Path) -> None:
    (track / "course.yaml").write_text("")


def break_encoding(track: Path) -> None:
    path = track / L1
    path.write_bytes(path.read_bytes() + b"\nfine\n\xff\n")


def add_clash(track: Path) -> None:
    (track / "lessons" / "03-claims.md").write_text((track / L1).read_text())
    spoil(track / "course.yaml", "02-splitting]", "\n  02-splitting, 03-claims]")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (remove_course, "course.yaml:1: the file is empty"),
        (break_encoding, f"{L1}:20: the file is not UTF-8"),
        (add_clash, "course.yaml:10: lesson 03-claims differs from an earlier one only by its number"),
    ],
)
def test_a_fault_of_a_whole_file_is_told(track: Path, change: Callable[[Path], None], expected: str):
    change(track)

    assert [found for found in findings_of(track) if found.startswith(expected)], findings_of(track)


def test_all_faults_are_told_and_not_only_the_first(track: Path):
    spoil(track / L1, "minutes: 20", "minutes: soon")
    spoil(track / L2, "practice p-5", "practice p-9")
    spoil(track / "course.yaml", "hours: 2", "hours: 0")

    told = [found.rpartition(": ")[0] for found in findings_of(track)]

    assert any(found.startswith("course.yaml:5") for found in told)
    assert any(found.startswith(f"{L1}:3") for found in told)
    assert any(found.startswith(f"{L2}:11") for found in told)


def test_a_lesson_that_cannot_be_read_brings_no_second_fault_about_its_skill(track: Path):
    spoil(track / L1, "minutes: 20", "minutes: soon")

    assert len(findings_of(track)) == 1


@pytest.mark.parametrize("name", ["Splitting Claims", "a" * 61])
def test_a_folder_whose_name_makes_no_address_is_a_fault(tmp_path: Path, name: str):
    assert findings_of(write_track(tmp_path, name))[0].startswith(".:1: the folder's name")


def test_a_track_is_named_by_its_folder_also_from_within(track: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(track)

    assert check_courses(open_catalogue(Path(".")), Findings())[0].startswith("splitting-claims: ")


def test_windows_line_ends_and_a_byte_order_mark_are_read(track: Path):
    path = track / L1
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert findings_of(track) == []
