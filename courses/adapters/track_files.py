"""Track files: course.yaml, guide.yaml and the lessons of a folder, read into a draft of the course."""

import re
from dataclasses import dataclass
from pathlib import Path

from assessments.adapters.catalogue_guide import Guide, read_guide
from courses.adapters.lesson_files import LessonFile, read_lesson
from courses.domain.course_schemas import CourseFile, clashing_slugs
from courses.domain.drafts import CourseDraft
from lms.catalogue.documents import Node, parse, read_document
from lms.catalogue.findings import Findings

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_SLUG = 60
_EXPECTED_SLUG = f"expected lower case letters, digits and hyphens, at most {_LONGEST_SLUG}"
_DOCUMENT = ("outcomes", "hours", "language", "licence", "authors")


@dataclass(frozen=True, slots=True)
class Track:
    """What courses read of a track folder; `draft` is None when a part of it is faulty."""

    folder: Path
    draft: CourseDraft | None
    lessons: tuple[LessonFile, ...]  # those that can be read


def read_track(folder: Path, findings: Findings) -> Track:
    """Read everything, so that all faults are found and not only the first."""
    node = read_document(folder / "course.yaml", findings)
    course = parse(node, CourseFile, findings) if node else None
    guide = read_guide(folder, findings)
    paths = _lesson_paths(folder, node, course, findings) if node and course else _all_lessons(folder)
    lessons = tuple(lesson for path in paths if (lesson := read_lesson(path, findings)))
    slug = folder.resolve().name  # also where the path given is "."
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        findings.add(folder, 1, f"the folder's name {slug!r:.80} is no address; {_EXPECTED_SLUG}")
    return Track(folder, _draft(slug, course, guide, lessons) if course else None, lessons)


def _all_lessons(folder: Path) -> list[Path]:
    return sorted((folder / "lessons").glob("*.md"))


def _lesson_paths(folder: Path, node: Node, course: CourseFile, findings: Findings) -> list[Path]:
    """The lessons that course.yaml names and that are there; what does not fit together is found."""
    for name in clashing_slugs(course.lessons):
        line = node.line_of("lessons", course.lessons.index(name))
        findings.add(node.path, line, f"lesson {name} differs from an earlier one only by its number")
    paths = []
    for index, name in enumerate(course.lessons):
        path = folder / "lessons" / f"{name}.md"
        if path.is_file():
            paths.append(path)
        else:
            findings.add(node.path, node.line_of("lessons", index), f"there is no file lessons/{name}.md")
    for path in _all_lessons(folder):
        if path.stem not in course.lessons:
            findings.add(path, 1, f"course.yaml does not name this lesson; expected {path.stem} under lessons")
    return paths


def _draft(slug: str, course: CourseFile, guide: Guide, lessons: tuple[LessonFile, ...]) -> CourseDraft | None:
    drafts = tuple(lesson.draft for lesson in lessons if lesson.draft is not None)
    if len(drafts) < len(course.lessons):
        return None
    return CourseDraft(
        slug=slug,
        title=course.title,
        summary=course.summary,
        document=course.model_dump(mode="json", include=set(_DOCUMENT)),
        guide=guide.model_dump(mode="json"),
        lessons=drafts,
    )
