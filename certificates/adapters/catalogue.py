"""Reads certificate.yaml and tiers.yaml, as docs/authoring.md describes them."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from assessments.domain.schemas.base import Identifier, Shape
from lms.catalogue.documents import Node, parse, read_document
from lms.catalogue.findings import Findings

CERTIFICATE = "certificate.yaml"
# A certificate is one page: what it says must fit on it.
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=700)]
Amount = Annotated[int, Field(ge=1, le=1_000_000)]


class CertificateFile(Shape):
    """The achievement that a pass of the track's test certifies."""

    name: Title
    description: Passage
    criteria: Passage
    validity_months: Annotated[int, Field(ge=1, le=240)]


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
    """A tier, which either requires tracks or is only announced."""

    id: Identifier
    title: Title
    domain: Title
    summary: Passage
    pay: Pay
    requires: tuple[Identifier, ...] = ()
    announced: bool = False

    @model_validator(mode="after")
    def _requires_or_is_announced(self) -> Self:
        if bool(self.requires) == self.announced:
            raise ValueError("a tier needs either requires or announced: true, and not both")
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
    for index, track in enumerate(tier.requires):
        if track not in tracks:
            message = f"tier {tier.id} requires {track}, which certifies nothing here; expected one of {_list(tracks)}"
            findings.add(entry.path, entry.line_of("requires", index), message)


def _list(names: Collection[str]) -> str:
    return ", ".join(sorted(names))
