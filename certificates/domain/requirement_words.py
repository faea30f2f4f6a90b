"""Requirements in words: what a tier asks for as a phrase, and each thing that is missing in a sentence."""

from collections.abc import Callable, Mapping
from datetime import datetime
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from typing import Any

from certificates.domain.judging import LackKind
from certificates.domain.requirements import (
    AllOf,
    AnyOf,
    AtLeast,
    HoldsAchievement,
    Requirement,
    Source,
    WorkQuality,
)

Names = Mapping[tuple[Source, str], str]  # of achievements, by whose they are and their slug
NO_NAMES: Names = MappingProxyType({})


def describe(requirement: Requirement, names: Names = NO_NAMES) -> str:
    """What is asked for, as a phrase: "the certificate “Claim Splitter” and one of: …"."""
    match requirement:
        case AllOf(parts):
            return _joined(_inside(parts, names), "and")
        case AnyOf(parts):
            return _joined(_inside(parts, names), "or")
        case AtLeast(count, parts):
            return f"at least {count} of: {_joined(_inside(parts, names), 'and')}"
        case HoldsAchievement():
            return _describe_achievement(requirement, names)
        case WorkQuality(skill, at_least, tasks):
            return f"work quality{_in_skill(skill)} of at least {_least(at_least)} over {tasks} tasks"


def _inside(parts: tuple[Requirement, ...], names: Names) -> list[str]:
    """The parts of a group; groups within it stand in brackets, so that nobody takes one for the other."""
    needs_brackets = len(parts) > 1
    return [
        f"({describe(part, names)})"
        if needs_brackets and isinstance(part, AllOf | AnyOf | AtLeast)
        else describe(part, names)
        for part in parts
    ]


def _describe_achievement(leaf: HoldsAchievement, names: Names) -> str:
    words = f"the certificate {_named(leaf.organisation, leaf.slug, names)}"
    if leaf.minimum:
        scores = [f"at least {_least(score)} in {_plain(skill)}" for skill, score in sorted(leaf.minimum.items())]
        words += f" with {_joined(scores, 'and')}"
    if leaf.not_older_than_days is not None:
        words += f", not older than {leaf.not_older_than_days} days"
    return words


def say_missing(missing: Mapping[str, Any], names: Names = NO_NAMES) -> str:
    """One thing that is missing, as `missing_as_json` writes it, in a sentence."""
    if "parts" in missing:
        parts = [say_missing(part, names) for part in missing["parts"]]
        count = "All" if missing["kind"] == "all-of" else "One" if missing["count"] == 1 else str(missing["count"])
        return f"{count} of these: {' '.join(parts)}"
    return _SENTENCES[LackKind(missing["kind"])](missing["facts"], names)


def _certificate(facts: Mapping[str, Any], names: Names) -> str:
    return f"The certificate {_named(Source(facts['organisation']), facts['achievement'], names)}"


def _skills_below(facts: Mapping[str, Any], names: Names) -> str:
    said = []
    for skill, scores in facts["skills"].items():
        has = "shows none" if scores["score"] is None else f"shows {_most(Fraction(scores['score']))}"
        said.append(f"at least {_least(Fraction(scores['minimum']))} in {_plain(skill)} (it {has})")
    return f"{_certificate(facts, names)} is held, and must show {_joined(said, 'and')}."


def _quality_below(facts: Mapping[str, Any]) -> str:
    has, least = _most(Fraction(facts["estimate"])), _least(Fraction(facts["at_least"]))
    return f"Work quality{_in_skill(facts['skill'])} is {has} so far, and at least {least} is asked for."


def _sanction(facts: Mapping[str, Any]) -> str:
    what = "all tiers of the organisation are" if facts["covers"] == "all" else "this tier is"
    return f"Since {_day(facts['since'])} {what} closed to this person: {facts['reason']}"


_SENTENCES: Mapping[LackKind, Callable[[Mapping[str, Any], Names], str]] = {
    LackKind.UNDER_REVIEW: lambda facts, names: f"{_certificate(facts, names)} is under review until a person decides.",
    LackKind.SUSPENDED: lambda facts, names: f"{_certificate(facts, names)} is suspended while it is examined.",
    LackKind.TOO_OLD: lambda facts, names: (
        f"{_certificate(facts, names)} is older than {facts['not_older_than_days']} days; a newer one is needed."
    ),
    LackKind.EXPIRED: lambda facts, names: f"{_certificate(facts, names)} expired on {_day(facts['valid_until'])}.",
    LackKind.SKILL_BELOW: _skills_below,
    LackKind.REVOKED: lambda facts, names: f"{_certificate(facts, names)} was revoked; a new one is needed.",
    LackKind.NOT_HELD: lambda facts, names: f"{_certificate(facts, names)} is not held yet.",
    LackKind.TOO_FEW_TASKS: lambda facts, _names: (
        f"Work quality{_in_skill(facts['skill'])} is known from {facts['tasks']} tasks; {facts['needed']} are needed."
    ),
    LackKind.QUALITY_BELOW: lambda facts, _names: _quality_below(facts),
    LackKind.SANCTION: lambda facts, _names: _sanction(facts),
    LackKind.NOT_A_MEMBER: lambda _facts, _names: "This person is not a member of the organisation.",
    LackKind.ACCOUNT: lambda facts, _names: f"The account of this person is {facts['account']}.",
    LackKind.NOT_OPEN: lambda _facts, _names: "This tier is announced, and not open to anybody yet.",
}


def _named(source: Source, slug: str, names: Names) -> str:
    return f"“{names.get((source, slug), slug)}”"


def _in_skill(skill: str | None) -> str:
    return "" if skill is None else f" in {_plain(skill)}"


def _plain(slug: str) -> str:
    return slug.replace("-", " ")


def _day(instant: str) -> str:
    when = datetime.fromisoformat(instant)
    return f"{when.day} {when:%B %Y}"


def _least(share: Fraction) -> str:
    """What is asked for, in per cent to one place, rounded up: nobody is promised more than holds."""
    return _percent(Fraction(ceil(share * 1000), 10))


def _most(share: Fraction) -> str:
    """What somebody has, in per cent to one place, cut off: nothing looks better than it is."""
    return _percent(Fraction(floor(share * 1000), 10))


def _percent(number: Fraction) -> str:
    return f"{number.numerator} %" if number.denominator == 1 else f"{float(number):.1f} %"


def _joined(words: list[str], last: str) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
