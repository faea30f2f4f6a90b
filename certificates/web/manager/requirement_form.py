"""The form of a requirement: a tree of parts as fields of a form, and what its buttons do to the tree."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from certificates.domain.requirement_json import InvalidRequirement, parse_requirement
from certificates.domain.requirements import DEEPEST, MOST_NODES, MOST_TASKS, OLDEST_DAYS, AllOf, Requirement, as_json

GROUPS = ("all_of", "any_of", "at_least")
FIELDS = {
    "all_of": ("count",),
    "any_of": ("count",),
    "at_least": ("count",),
    "achievement": ("achievement", "days"),
    "work_quality": ("skill", "floor", "tasks", "provisional"),
}
_MEMBERS = {"slug": "achievement", "organisation": "achievement", "not_older_than_days": "days", "at_least": "floor"}
_PERCENT = re.compile(r"\d{1,3}(\.\d{1,10})?")
_LONGEST = 120  # characters of a field that are looked at
Faults = dict[str, list[str]]  # by the name of the field


@dataclass(slots=True)
class Part:
    """A part as it was typed. `place` is its way from the root, as in 0.2; fields are named `<field>:<place>`."""

    kind: str
    place: str = ""
    said: dict[str, str] = field(default_factory=dict)
    minimum: dict[str, str] = field(default_factory=dict)  # percent by skill
    parts: list["Part"] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        return self.kind in GROUPS

    @property
    def depth(self) -> int:
        return self.place.count(".") + 2 if self.place else 1

    @property
    def number(self) -> str:
        """How people are told where it stands: 1.3 is the third part of the first group."""
        return ".".join(str(int(step) + 1) for step in self.place.split(".")) if self.place else ""

    def name(self, field_name: str) -> str:
        return f"{field_name}:{self.place}"

    def walk(self) -> Iterator["Part"]:
        yield self
        for part in self.parts:
            yield from part.walk()


def read_parts(form: Mapping[str, str]) -> Part:
    """The tree that a form says; whatever is no such form is an empty group."""
    return _read(form, "", [MOST_NODES])


def parts_of(requirement: Requirement | None) -> Part:
    """The tree of a requirement, always with a group at its root."""
    if requirement is None:
        return _group([])
    root = _from_json(as_json(requirement))
    return _placed(root if root.is_group else _group([root]))


def press(root: Part, button: str) -> None:
    """Change the tree as a button says, `<what>:<place>`; a button for what is not there does nothing."""
    what, _colon, place = button.partition(":")
    for part in root.walk():
        if part.place == place and part.is_group and what.startswith("add-"):
            _add(root, part, what.removeprefix("add-"))
            break
        inner = next((one for one in part.parts if one.place == place), None)
        if inner is not None and what == "remove":
            part.parts.remove(inner)
            break
        if inner is not None and what == "wrap" and _deepest(inner) < DEEPEST:
            part.parts[part.parts.index(inner)] = _group([inner])
            break
    _placed(root)


def requirement_of(root: Part) -> tuple[Requirement | None, Faults]:
    """The requirement that the tree says, or what is wrong with which field."""
    try:
        requirement = parse_requirement(_json(root))
    except InvalidRequirement as invalid:
        return None, _faults(root, invalid)
    is_wrapped = isinstance(requirement, AllOf) and len(requirement.parts) == 1
    return (requirement.parts[0] if is_wrapped else requirement), {}  # type: ignore[union-attr]  # a group has parts


def _read(form: Mapping[str, str], place: str, left: list[int]) -> Part:
    left[0] -= 1
    kind = form.get(f"kind:{place}", "all_of")
    part = Part(kind if kind in FIELDS else "all_of", place)
    for name in FIELDS[part.kind]:
        part.said[name] = form.get(part.name(name), "").strip()[:_LONGEST]
    start = part.name("minimum") + ":"
    for name, value in form.items():
        if name.startswith(start) and value.strip():
            part.minimum[name.removeprefix(start)[:_LONGEST]] = value.strip()[:_LONGEST]
    inner = f"{place}." if place else ""
    while part.is_group and left[0] > 0 and part.depth < DEEPEST + 1:
        following = f"{inner}{len(part.parts)}"
        if f"kind:{following}" not in form:
            break
        part.parts.append(_read(form, following, left))
    return part


def _from_json(said: Mapping[str, Any]) -> Part:
    kind = said["kind"]
    part = Part(kind, parts=[_from_json(inner) for inner in said.get("parts", ())])
    if part.is_group:
        part.said = {"count": str(said.get("count", ""))}
    elif kind == "achievement":
        days = said.get("not_older_than_days")
        part.said = {"achievement": f"{said['organisation']}/{said['slug']}", "days": str(days or "")}
        part.minimum = {skill: percent_text(Fraction(score)) for skill, score in said.get("minimum", {}).items()}
    else:
        part.said = {
            "skill": said["skill"] or "",
            "floor": percent_text(Fraction(said["at_least"])),
            "tasks": str(said["tasks"]),
            "provisional": "yes" if said.get("provisional") else "",
        }
    return part


def _json(part: Part) -> dict[str, Any]:
    said = part.said
    if part.is_group:
        count = {"count": _whole(said.get("count", ""))} if part.kind == "at_least" else {}
        return {"kind": part.kind, "parts": [_json(inner) for inner in part.parts], **count}
    if part.kind == "achievement":
        source, _slash, slug = said["achievement"].partition("/")
        days = {"not_older_than_days": _whole(said["days"])} if said["days"] else {}
        minimum = {skill: _score(percent) for skill, percent in part.minimum.items()}
        return {"kind": part.kind, "organisation": source, "slug": slug, "minimum": minimum, **days}
    return {
        "kind": part.kind,
        "skill": said["skill"] or None,
        "at_least": _score(said["floor"]),
        "tasks": _whole(said["tasks"]),
        "provisional": bool(said["provisional"]),
    }


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _score(percent: str) -> str:
    """Percent as an exact fraction, which may be typed as one as well; what is none is refused with its field."""
    text = percent.removesuffix("%").strip().replace(",", ".")
    if not _PERCENT.fullmatch(text):
        return text if "/" in text else ""
    return str(Fraction(text) / 100)


def percent_text(score: Fraction) -> str:
    """A score as it is typed: percent, or the fraction itself where percent would not be exact."""
    percent = f"{float(score * 100):.10g}"
    return percent if _score(percent) == str(score) else str(score)


def _faults(root: Part, invalid: InvalidRequirement) -> Faults:
    found: Faults = {}
    by_place = {part.place: part for part in root.walk()}
    for fault in invalid.faults:
        steps = fault.path.split("/")[1:]
        place = list[str]()
        while len(steps) >= 2 and steps[0] == "parts" and steps[1].isdigit():
            place.append(steps[1])
            steps = steps[2:]
        part = by_place.get(".".join(place), root)
        member = steps[0] if steps else "parts"
        name = part.name(_MEMBERS.get(member, member)) + (f":{steps[1]}" if member == "minimum" and steps[1:] else "")
        sentence = _sentence(member, part) or fault.message
        if sentence not in found.setdefault(name, []):
            found[name].append(sentence)
    return found


def _sentence(member: str, part: Part) -> str:
    percent = _("Enter a percentage above 0 and up to 100.")
    return str(
        {
            "parts": _("Add at least one part, or remove the group.") if part.is_group else "",
            "count": _("Enter a whole number from 1 to %(most)s.", most=max(1, len(part.parts))),
            "slug": _("Choose a certificate."),
            "organisation": _("Choose a certificate."),
            "minimum": percent,
            "at_least": percent,
            "not_older_than_days": _("Enter a whole number of days from 1 to %(most)s, or nothing.", most=OLDEST_DAYS),
            "tasks": _("Enter a whole number from 1 to %(most)s.", most=MOST_TASKS),
            "skill": _("Enter the short name of a skill in small letters, digits and hyphens, or nothing."),
        }.get(member, "")
    )


def _add(root: Part, group: Part, kind: str) -> None:
    is_deep = group.depth + (kind == "group") >= DEEPEST
    if sum(1 for _part in root.walk()) >= MOST_NODES or is_deep:
        return
    wanted = {"achievement": "achievement", "quality": "work_quality", "group": "any_of"}.get(kind)
    if wanted:
        group.parts.append(Part(wanted, said=dict.fromkeys(FIELDS[wanted], "")))


def _group(parts: list[Part]) -> Part:
    return Part("all_of", said={"count": ""}, parts=parts)


def _deepest(part: Part) -> int:
    return max(one.depth for one in part.walk())


def _placed(root: Part, place: str = "") -> Part:
    """Name every part anew by where it stands."""
    root.place = place
    for index, part in enumerate(root.parts):
        _placed(part, f"{place}.{index}" if place else str(index))
    return root
