"""Reads certificate.yaml and tiers.yaml, as docs/authoring.md describes them."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from assessments.domain.schemas.base import Identifier, Shape
from certificates.domain.requirement_json import InvalidRequirement, parse_requirement
from certificates.domain.requirements import HoldsAchievement, Source, leaves_of
from lms.catalogue.documents import Node, parse, read_document
from lms.catalogue.findings import Findings

CERTIFICATE = "certificate.yaml"
# A certificate is one page: what it says must fit on it.
LONGEST_TITLE, LONGEST_PASSAGE = 120, 700
MOST_MONTHS = 240
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE)]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_PASSAGE)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]  # BCP 47
Amount = Annotated[int, Field(ge=1, le=1_000_000)]


class CertificateFile(Shape):
    """The achievement that a pass of the track's test certifies."""

    name: Title
    description: Passage
    criteria: Passage
    validity_months: Annotated[int, Field(ge=1, le=MOST_MONTHS)]


class Pay(Shape):
    """A pay band in whole units of a currency."""

    low: Amount
    high: Amount
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    per: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _low_comes_first(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low is {self.low} and high is {self.high}; low must not be above high")
        return self


class TierEntry(Shape):
    """A tier, which requires tracks, or says a whole requirement (docs/entitlements.md), or is only announced."""

    id: Identifier
    title: Title
    domain: Title
    summary: Passage
    pay: Pay
    languages: Annotated[tuple[Language, ...], Field(max_length=20)] = ()
    requires: tuple[Identifier, ...] = ()
    requirement: dict[str, Any] | None = None
    announced: bool = False
    reason: Passage = "The catalogue asks for something else."
    grace_days: Annotated[int, Field(ge=0, le=730)] = 30

    @model_validator(mode="after")
    def _requires_or_is_announced(self) -> Self:
        if bool(self.requires) + (self.requirement is not None) + self.announced != 1:
            raise ValueError("a tier needs either requires, or a requirement, or announced: true, and only one of them")
        if len(set(self.requires)) < len(self.requires):
            raise ValueError("requires names a track twice")
        return self


def certifies(track: Path) -> bool:
    """Whether a pass of the track's test certifies anything; a track for practice alone has no such file."""
    return (track / CERTIFICATE).exists()


def read_certificate(track: Path, findings: Findings) -> CertificateFile | None:
    """The achievement of a track that certifies one; None when it cannot be read, which the findings then say."""
    node = read_document(track / CERTIFICATE, findings)
    return parse(node, CertificateFile, findings) if node else None


def read_tiers(path: Path, tracks: Collection[str], findings: Findings) -> list[TierEntry]:
    """The tiers of a catalogue, each checked against the tracks that certify; none without the file."""
    if not path.exists():
        return []
    node = read_document(path, findings)
    if node is None:
        return []
    if not isinstance(node.value, list):
        findings.add(path, node.line, "expected a list of tiers")
        return []
    tiers: dict[str, TierEntry] = {}
    for entry in node.items():
        tier = parse(entry, TierEntry, findings)
        if tier is not None:
            _check(entry, tier, tiers, tracks, findings)
            tiers.setdefault(tier.id, tier)
    return list(tiers.values())


def _check(entry: Node, tier: TierEntry, before: Collection[str], tracks: Collection[str], findings: Findings) -> None:
    if tier.id in before:
        findings.add(entry.path, entry.line_of("id"), f"id {tier.id} is used twice")
    _check_requirement(entry, tier, tracks, findings)
    for index, track in enumerate(tier.requires):
        if track not in tracks:
            message = f"tier {tier.id} requires {track}, which certifies nothing here; expected one of {_list(tracks)}"
            findings.add(entry.path, entry.line_of("requires", index), message)


def _check_requirement(entry: Node, tier: TierEntry, tracks: Collection[str], findings: Findings) -> None:
    """Whether the requirement can be read, and the tracks of this catalogue that it names certify something."""
    if tier.requirement is None:
        return
    try:
        requirement = parse_requirement(tier.requirement)
    except InvalidRequirement as error:
        for fault in error.faults:
            findings.add(entry.path, entry.line_of("requirement"), f"requirement{fault.path}: {fault.message}")
        return
    for leaf in leaves_of(requirement):
        if isinstance(leaf, HoldsAchievement) and leaf.organisation is Source.OWN and leaf.slug not in tracks:
            message = f"tier {tier.id} requires {leaf.slug}, which certifies nothing here; expected {_list(tracks)}"
            findings.add(entry.path, entry.line_of("requirement"), message)


def _list(names: Collection[str]) -> str:
    return ", ".join(sorted(names))
