"""The schemas of course.yaml and of a lesson's front matter, as docs/authoring.md describes them."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from assessments.domain.schemas.base import Identifier, Line, Shape, Text


def each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError when a value stands twice."""
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} stands more than once")
    return values


LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Lines = Annotated[tuple[Line, ...], Field(min_length=1)]
Identifiers = Annotated[tuple[Identifier, ...], Field(min_length=1), AfterValidator(each_once)]


class CourseFile(Shape):
    """course.yaml: what the course is, and its lessons in order as file names without `.md`."""

    title: Line
    summary: Text
    outcomes: Lines
    hours: Annotated[float, Field(gt=0, le=500)]  # course and test together, for a beginner
    language: LanguageTag
    licence: Line
    authors: Lines
    lessons: Identifiers


class LessonHead(Shape):
    """The front matter of a lesson."""

    title: Line
    minutes: Annotated[int, Field(ge=1, le=240)]
    skills: Identifiers


def lesson_slug(file_name: str) -> str:
    """The name of a lesson without its leading number, so that a lesson which moves keeps its readers' progress."""
    number, _, rest = file_name.partition("-")
    return rest if rest and number.isdigit() else file_name


def clashing_slugs(file_names: Sequence[str]) -> list[str]:
    """The file names that differ from an earlier one only by their number."""
    slugs = [lesson_slug(name) for name in file_names]
    return [name for index, name in enumerate(file_names) if slugs[index] in slugs[:index]]
