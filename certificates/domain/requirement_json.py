"""Reading a requirement from JSON values: everything that is wrong is told, each with its place in the tree."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from certificates.domain.requirements import (
    DEEPEST,
    MOST_NODES,
    MOST_SKILLS,
    MOST_TASKS,
    OLDEST_DAYS,
    AllOf,
    AnyOf,
    AtLeast,
    HoldsAchievement,
    Requirement,
    Source,
    WorkQuality,
)

_SKILL = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SCORE = re.compile(r"\d{1,12}(/\d{1,12}|\.\d{1,12})?")
_LONGEST_NAME = 60
_ECHOED = 40  # characters of what came from outside that a message repeats


@dataclass(frozen=True, slots=True)
class RequirementFault:
    """What is wrong at a place of the tree; `path` is a JSON pointer, empty for the whole."""

    path: str
    message: str


class InvalidRequirement(ValueError):
    """The value is no requirement; `faults` names everything that is wrong, in the order of the tree."""

    def __init__(self, faults: Iterable[RequirementFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path or 'requirement'}: {fault.message}" for fault in self.faults))


def parse_requirement(value: object) -> Requirement:
    """The requirement that these JSON values say. Raises InvalidRequirement."""
    reading = _Reading()
    requirement = reading.requirement(value, "", 1)
    if reading.faults or requirement is None:
        raise InvalidRequirement(reading.faults)
    return requirement


class _Reading:
    """One reading, with what it found wrong."""

    def __init__(self) -> None:
        self.faults: list[RequirementFault] = []
        self._nodes = 0
        self._readers: Mapping[str, tuple[tuple[str, ...], Callable[[Mapping[str, Any], str, int], Any]]] = {
            "all_of": (("parts",), self._all_of),
            "any_of": (("parts",), self._any_of),
            "at_least": (("count", "parts"), self._at_least),
            "achievement": (("organisation", "slug", "minimum", "not_older_than_days"), self._achievement),
            "work_quality": (("skill", "at_least", "tasks", "provisional"), self._work_quality),
        }

    def requirement(self, value: object, path: str, depth: int) -> Requirement | None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            if self._nodes == MOST_NODES + 1:
                self._fault(path, f"the requirement has too many parts; at most {MOST_NODES} are taken")
            return None
        if depth > DEEPEST:
            self._fault(path, f"nested too deeply; at most {DEEPEST} levels are taken")
            return None
        if not isinstance(value, Mapping):
            self._fault(path, f"expected an object with a kind, got {_echo(value)}")
            return None
        kind = value.get("kind")
        if not isinstance(kind, str) or kind not in self._readers:
            self._fault(f"{path}/kind", f"expected one of {', '.join(self._readers)}, got {_echo(kind)}")
            return None
        known, read = self._readers[kind]
        for name in value:
            if name not in (*known, "kind"):
                self._fault(f"{path}/{_pointed(name)}", f"{kind} has no such member; it has {', '.join(known)}")
        found: Requirement | None = read(value, path, depth)
        return found

    def _all_of(self, value: Mapping[str, Any], path: str, depth: int) -> AllOf:
        return AllOf(self._parts(value, path, depth))

    def _any_of(self, value: Mapping[str, Any], path: str, depth: int) -> AnyOf:
        return AnyOf(self._parts(value, path, depth))

    def _at_least(self, value: Mapping[str, Any], path: str, depth: int) -> AtLeast:
        parts = self._parts(value, path, depth)
        count = self._whole(value.get("count"), f"{path}/count", 1, max(len(parts), 1))
        return AtLeast(count, parts)

    def _parts(self, value: Mapping[str, Any], path: str, depth: int) -> tuple[Requirement, ...]:
        parts = value.get("parts")
        if not isinstance(parts, list | tuple) or not parts:
            self._fault(f"{path}/parts", f"expected a list of at least one requirement, got {_echo(parts)}")
            return ()
        most = parts[: MOST_NODES + 1]  # what is beyond is refused by the first that is one too many
        read = [self.requirement(part, f"{path}/parts/{index}", depth + 1) for index, part in enumerate(most)]
        return tuple(part for part in read if part is not None)

    def _achievement(self, value: Mapping[str, Any], path: str, _depth: int) -> HoldsAchievement:
        days = value.get("not_older_than_days")
        if days is not None:
            days = self._whole(days, f"{path}/not_older_than_days", 1, OLDEST_DAYS)
        return HoldsAchievement(
            organisation=self._source(value.get("organisation", Source.OWN.value), f"{path}/organisation"),
            slug=self._name(value.get("slug"), f"{path}/slug"),
            minimum=self._minimum(value.get("minimum", {}), f"{path}/minimum"),
            not_older_than_days=days,
        )

    def _work_quality(self, value: Mapping[str, Any], path: str, _depth: int) -> WorkQuality:
        skill, provisional = value.get("skill"), value.get("provisional", False)
        if not isinstance(provisional, bool):
            self._fault(f"{path}/provisional", f"expected true or false, got {_echo(provisional)}")
        return WorkQuality(
            skill=None if skill is None else self._name(skill, f"{path}/skill", _SKILL),
            at_least=self._score(value.get("at_least"), f"{path}/at_least"),
            tasks=self._whole(value.get("tasks"), f"{path}/tasks", 1, MOST_TASKS),
            provisional=provisional is True,
        )

    def _minimum(self, value: object, path: str) -> dict[str, Fraction]:
        if not isinstance(value, Mapping) or len(value) > MOST_SKILLS:
            self._fault(path, f"expected an object of at most {MOST_SKILLS} skills with their scores")
            return {}
        return {
            self._name(skill, f"{path}/{_pointed(skill)}", _SKILL): self._score(score, f"{path}/{_pointed(skill)}")
            for skill, score in value.items()
        }

    def _source(self, value: object, path: str) -> Source:
        if value not in (Source.PUBLIC.value, Source.OWN.value):
            self._fault(path, f"expected public or own, got {_echo(value)}")
            return Source.OWN
        return Source(value)

    def _name(self, value: object, path: str, pattern: re.Pattern[str] = _SLUG) -> str:
        if not isinstance(value, str) or len(value) > _LONGEST_NAME or not pattern.fullmatch(value):
            self._fault(path, f"expected lower case letters and digits joined by hyphens, got {_echo(value)}")
            return ""
        return value

    def _score(self, value: object, path: str) -> Fraction:
        text = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
        score = _fraction(text)
        if score is None or not 0 < score <= 1:
            self._fault(path, f"expected a score above 0 and up to 1, such as 4/5 or 0.8, got {_echo(value)}")
            return Fraction(1)
        return score

    def _whole(self, value: object, path: str, least: int, most: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self._fault(path, f"expected a whole number from {least} to {most}, got {_echo(value)}")
            return least
        return value

    def _fault(self, path: str, message: str) -> None:
        self.faults.append(RequirementFault(path, message))


def _fraction(text: str) -> Fraction | None:
    """The exact score that a text says; None when it says none."""
    if not _SCORE.fullmatch(text):
        return None
    try:
        return Fraction(text)
    except ZeroDivisionError:
        return None


def _pointed(name: object) -> str:
    """A member's name as a JSON pointer has it (RFC 6901, section 3)."""
    return str(name)[:_ECHOED].replace("~", "~0").replace("/", "~1")


def _echo(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    return str(value).encode("utf-8", "replace").decode()[:_ECHOED] or "an empty text"
