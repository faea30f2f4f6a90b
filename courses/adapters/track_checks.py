"""Track checks: what the lessons of a track promise must be in its items and its test."""

from collections.abc import Mapping
from pathlib import Path

from assessments.adapters.catalogue_items import CatalogueItem, read_items
from assessments.models.items import ItemUse
from courses.adapters.lesson_files import LessonFile
from courses.adapters.track_files import Track, read_track
from lms.catalogue.documents import Node, read_document
from lms.catalogue.findings import Findings

FEWEST_PRACTICE_ITEMS = 3  # in a lesson


def check_track(folder: Path, findings: Findings) -> Track:
    """Read a track and compare its lessons with its items and its test."""
    track = read_track(folder, findings)
    items = read_items(folder, findings)
    embedded = _check_embeddings(track, items, findings)
    for identifier, item in items.items():
        if item.use is ItemUse.PRACTICE and identifier not in embedded:
            findings.add(item.path, item.line, f"no lesson embeds the practice item {identifier}")
    _check_skills(track, findings)
    return track


def _check_embeddings(track: Track, items: Mapping[str, CatalogueItem], findings: Findings) -> set[str]:
    """Each embedded item exists, is for practice, and stands once in the track. Returns what is embedded."""
    embedded: set[str] = set()
    for lesson in track.lessons:
        for embedding in lesson.embeddings:
            fault = _fault_of(embedding.identifier, items, embedded)
            if fault:
                findings.add(lesson.path, embedding.line, fault)
            embedded.add(embedding.identifier)
        count = len({embedding.identifier for embedding in lesson.embeddings})
        if count < FEWEST_PRACTICE_ITEMS:
            findings.add(
                lesson.path, 1, f"{count} practice items are embedded; expected at least {FEWEST_PRACTICE_ITEMS}"
            )
    return embedded


def _fault_of(identifier: str, items: Mapping[str, CatalogueItem], embedded: set[str]) -> str | None:
    if identifier in embedded:
        return f"the practice item {identifier} is embedded a second time"
    if identifier not in items:
        return f"no sound item has the id {identifier}"
    if items[identifier].use is not ItemUse.PRACTICE:
        return f"the item {identifier} is for the {items[identifier].use}; only practice items may be embedded"
    return None


def _check_skills(track: Track, findings: Findings) -> None:
    test = read_document(track.folder / "test.yaml", Findings())  # its own faults are found by who owns it
    skills = _skill_lines(test) if test else None
    if test is None or skills is None:
        return
    taught: set[str] = set()
    for lesson in track.lessons:
        taught |= _check_taught(lesson, skills, findings)
    if track.draft is None:
        return  # what a faulty lesson teaches is not known
    for skill in sorted(set(skills) - taught):
        findings.add(test.path, skills[skill], f"no lesson teaches the skill {skill}")


def _skill_lines(test: Node) -> dict[str, int] | None:
    """The skills of test.yaml with their lines; None when they are not written as they should be."""
    entries = test.value.get("skills") if isinstance(test.value, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and "id" in entry for entry in entries):
        return None
    return {str(entry["id"]): test.line_of("skills", index, "id") for index, entry in enumerate(entries)}


def _check_taught(lesson: LessonFile, skills: dict[str, int], findings: Findings) -> set[str]:
    if lesson.draft is None or lesson.head is None:
        return set()
    for index, skill in enumerate(lesson.draft.skills):
        if skill not in skills:
            findings.add(lesson.path, lesson.head.line_of("skills", index), f"test.yaml has no skill {skill}")
    return set(lesson.draft.skills)
