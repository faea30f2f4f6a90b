"""Reading: how far somebody is in a course, and with which lesson to go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReadLesson:
    """A lesson of a course and when this person finished it, if at all."""

    number: int  # from 1
    finished_at: datetime | None

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


def count_finished(lessons: Sequence[ReadLesson]) -> int:
    return sum(lesson.is_finished for lesson in lessons)


def next_lesson(lessons: Sequence[ReadLesson]) -> int | None:
    """The number of the lesson to go on with: the first open one after the lesson finished last.

    When everything after it is finished, the first that was skipped; None when nothing is open.
    """
    last = max((lesson for lesson in lessons if lesson.finished_at), key=_finished_at, default=None)
    behind = last.number if last else 0
    still_open = sorted(lesson.number for lesson in lessons if not lesson.is_finished)
    ahead = [number for number in still_open if number > behind]
    return next(iter([*ahead, *still_open]), None)


def _finished_at(lesson: ReadLesson) -> tuple[float, int]:
    return (lesson.finished_at.timestamp() if lesson.finished_at else 0.0, lesson.number)
