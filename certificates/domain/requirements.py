"""Requirements: what a tier asks for, as a small expression; read with exact errors, and written back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

MOST_NODES = 64
DEEPEST = 6
MOST_SKILLS = 20
OLDEST_DAYS = 3650
MOST_TASKS = 100_000


class Source(StrEnum):
    """Whose achievement counts: the public catalogue's, or that of the organisation whose tier it is."""

    PUBLIC = "public"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: "tuple[Requirement, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part holds, at least."""

    parts: "tuple[Requirement, ...]"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the parts hold, at least."""

    count: int
    parts: "tuple[Requirement, ...]"


@dataclass(frozen=True, slots=True)
class HoldsAchievement:
    """A valid certificate of an achievement, with at least these scores per skill, issued not too long ago."""

    organisation: Source
    slug: str
    minimum: Mapping[str, Fraction] = field(default_factory=dict, hash=False)
    not_older_than_days: int | None = None


@dataclass(frozen=True, slots=True)
class WorkQuality:
    """The estimate of somebody's work, in a skill or over all of them, after so many first answers.

    With `provisional` the tier is open provisionally while fewer answers are known.
    """

    skill: str | None
    at_least: Fraction
    tasks: int
    provisional: bool = False


Group = AllOf | AnyOf | AtLeast
Leaf = HoldsAchievement | WorkQuality
Requirement = Group | Leaf


def leaves_of(requirement: Requirement) -> Iterator[Leaf]:
    """The leaves of the expression, from left to right."""
    if isinstance(requirement, HoldsAchievement | WorkQuality):
        yield requirement
    else:
        for part in requirement.parts:
            yield from leaves_of(part)


def as_json(requirement: Requirement) -> dict[str, Any]:
    """The requirement as JSON values; scores as exact fractions in text."""
    match requirement:
        case AllOf(parts):
            return {"kind": "all_of", "parts": [as_json(part) for part in parts]}
        case AnyOf(parts):
            return {"kind": "any_of", "parts": [as_json(part) for part in parts]}
        case AtLeast(count, parts):
            return {"kind": "at_least", "count": count, "parts": [as_json(part) for part in parts]}
        case HoldsAchievement():
            return _achievement_as_json(requirement)
        case WorkQuality():
            said = {"kind": "work_quality", "skill": requirement.skill, "at_least": str(requirement.at_least)}
            return said | {"tasks": requirement.tasks} | ({"provisional": True} if requirement.provisional else {})


def _achievement_as_json(requirement: HoldsAchievement) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": "achievement",
        "organisation": str(requirement.organisation),
        "slug": requirement.slug,
    }
    if requirement.minimum:
        said["minimum"] = {skill: str(score) for skill, score in sorted(requirement.minimum.items())}
    if requirement.not_older_than_days is not None:
        said["not_older_than_days"] = requirement.not_older_than_days
    return said


def in_public_catalogue(requirement: Requirement) -> Requirement:
    """The same requirement of a tier of the public catalogue, whose own achievements are the public ones."""
    match requirement:
        case AllOf(parts):
            return AllOf(tuple(in_public_catalogue(part) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(in_public_catalogue(part) for part in parts))
        case AtLeast(count, parts):
            return AtLeast(count, tuple(in_public_catalogue(part) for part in parts))
        case HoldsAchievement(_, slug, minimum, days):
            return HoldsAchievement(Source.PUBLIC, slug, minimum, days)
        case WorkQuality():
            return requirement
