"""Lesson files: front matter and Markdown, read with every fault at its line."""

from dataclasses import dataclass
from pathlib import Path

from courses.adapters.markdown import Body, Embedding, read_markdown
from courses.domain.course_schemas import LessonHead, lesson_slug
from courses.domain.drafts import LessonDraft
from lms.catalogue.documents import Node, parse, read_text
from lms.catalogue.findings import Findings

_LONGEST_FILE = 500_000  # bytes
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson and where its parts stand; `draft` is None when the front matter is faulty."""

    path: Path
    head: Node | None
    draft: LessonDraft | None
    embeddings: tuple[Embedding, ...]  # lines are those of the file


def read_lesson(path: Path, findings: Findings) -> LessonFile | None:
    """Read a lesson that is known to be there; None when it cannot be read as text."""
    lines = _read_lines(path, findings)
    if lines is None:
        return None
    end = _end_of_front_matter(lines)
    if end is None:
        findings.add(path, 1, "the front matter is missing; expected `---`, title, minutes, skills, `---`")
        node, head = None, None
    else:
        # The opening fence is left out and its line kept, so that lines count as in the file.
        node = read_text("\n".join(["", *lines[1:end]]), path, findings)
        head = parse(node, LessonHead, findings) if node else None
    first = 0 if end is None else end + 1
    body = read_markdown("\n".join(lines[first:]))
    for fault in body.faults:
        findings.add(path, first + fault.line, fault.message)
    embeddings = tuple(Embedding(first + e.line, e.identifier) for e in body.embeddings)
    return LessonFile(path, node, _draft(path, head, body) if head else None, embeddings)


def _draft(path: Path, head: LessonHead, body: Body) -> LessonDraft:
    return LessonDraft(
        slug=lesson_slug(path.stem),
        title=head.title,
        minutes=head.minutes,
        skills=head.skills,
        segments=body.segments,
        headings=body.headings,
    )


def _read_lines(path: Path, findings: Findings) -> list[str] | None:
    raw = path.read_bytes()
    if len(raw) > _LONGEST_FILE:
        findings.add(path, 1, f"the file is too large; at most {_LONGEST_FILE} bytes are read")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        findings.add(path, raw.count(b"\n", 0, error.start) + 1, f"the file is not UTF-8: {error.reason}")
        return None
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def _end_of_front_matter(lines: list[str]) -> int | None:
    """The index of the line that closes the front matter."""
    if lines[0].rstrip() != _FENCE:
        return None
    return next((index for index, line in enumerate(lines) if index and line.rstrip() == _FENCE), None)
