"""Drafts: a course as it was read from its folder, ready to be published as a version."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a lesson: sanitised HTML, or the place of one practice item. Exactly one of them is given."""

    html: str | None = None
    practice: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of a lesson's table of contents; `anchor` is the id in the HTML."""

    anchor: str
    title: str
    level: int  # 2 or 3


@dataclass(frozen=True, slots=True)
class LessonDraft:
    """A lesson: what its front matter says, and its body in segments."""

    slug: str
    title: str
    minutes: int
    skills: tuple[str, ...]
    segments: tuple[Segment, ...]
    headings: tuple[Heading, ...]

    @property
    def practice(self) -> list[str]:
        """The practice items that the lesson embeds, in order."""
        return [segment.practice for segment in self.segments if segment.practice is not None]


@dataclass(frozen=True, slots=True)
class CourseDraft:
    """A course with its lessons in order. `document` holds outcomes, hours, language, licence, authors."""

    slug: str
    title: str
    summary: str
    document: dict[str, Any]
    guide: dict[str, Any]
    lessons: tuple[LessonDraft, ...]

    @property
    def content_hash(self) -> str:
        """SHA-256, in hexadecimal, of all that is stored, so that a change in the rendering makes a version too."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def as_json(parts: Sequence[Segment] | Sequence[Heading]) -> list[dict[str, Any]]:
    """Segments or headings as they are stored: what is not given is left out."""
    return [{name: value for name, value in asdict(part).items() if value is not None} for part in parts]
