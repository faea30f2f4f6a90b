"""Reads calibration.yaml: the gold items of a track, the agreement to reach on them, and over how many tries."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessments.adapters.catalogue_items import CatalogueItem
from assessments.domain.calibration import Standard
from assessments.domain.forms import Section
from assessments.domain.schemas.base import Identifier, Line, Shape, Text
from assessments.domain.scores import exact
from assessments.domain.simple_strategies import measure_simple_strategies
from assessments.models.items import ItemUse
from lms.catalogue.documents import Node, parse, read_document
from lms.catalogue.findings import Findings

Named = Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=200)]


class CalibrationEntry(Shape):
    """A calibration as its file says it; its gold is listed item by item, or taken by skill."""

    title: Line
    summary: Text
    agreement: Annotated[float, Field(gt=0, le=1)]
    window: Annotated[int, Field(ge=1, le=100)]
    items: Named | None = None
    skills: Named | None = None

    @model_validator(mode="after")
    def _gold_is_said_one_way(self) -> Self:
        if (self.items is None) == (self.skills is None):
            raise ValueError("expected either items, a list of practice items, or skills, to take all practice items")
        return self


@dataclass(frozen=True, slots=True)
class TrackCalibration:
    """A sound calibration: its words, its standard, and the identifiers of its gold items."""

    title: str
    summary: str
    standard: Standard
    gold: tuple[str, ...]


def read_calibration(track: Path, items: Mapping[str, CatalogueItem], findings: Findings) -> TrackCalibration | None:
    """The calibration of a track, checked against its items; None when the track has none or it cannot be read."""
    path = track / "calibration.yaml"
    node = read_document(path, findings) if path.exists() else None
    entry = parse(node, CalibrationEntry, findings) if node else None
    if node is None or entry is None:
        return None
    gold = _listed(node, entry.items, items, findings) if entry.items else _of_skills(node, entry, items, findings)
    if entry.window > len(gold):
        message = f"window is {entry.window}, and there are {len(gold)} gold items; the agreement could not be reached"
        findings.add(path, node.line_of("window"), message)
    standard = Standard(exact(entry.agreement), entry.window)
    _check_strategies(node, standard, gold, findings)
    return TrackCalibration(entry.title, entry.summary, standard, tuple(item.entry.id for item in gold))


def _listed(
    node: Node, named: tuple[str, ...], items: Mapping[str, CatalogueItem], findings: Findings
) -> list[CatalogueItem]:
    gold: dict[str, CatalogueItem] = {}
    for index, identifier in enumerate(named):
        fault = f"{identifier} is listed twice" if identifier in gold else _fault(identifier, items.get(identifier))
        if fault:
            findings.add(node.path, node.line_of("items", index), f"items: {fault}")
        else:
            gold[identifier] = items[identifier]
    return list(gold.values())


def _of_skills(
    node: Node, entry: CalibrationEntry, items: Mapping[str, CatalogueItem], findings: Findings
) -> list[CatalogueItem]:
    gold: list[CatalogueItem] = []
    practice = [item for item in items.values() if item.use is ItemUse.PRACTICE]
    for index, skill in enumerate(entry.skills or ()):
        line = node.line_of("skills", index)
        found = [item for item in practice if item.skill == skill and item not in gold]
        if not found:
            known = ", ".join(sorted({item.skill for item in practice}))
            findings.add(node.path, line, f"skills: no practice item has the skill {skill}; expected one of {known}")
        for item in found:
            if fault := _fault(item.entry.id, item):
                findings.add(node.path, line, f"skills: {fault}; list the gold under items instead")
        gold += found
    return gold


def _fault(identifier: str, item: CatalogueItem | None) -> str | None:
    """Why an item cannot be gold."""
    if item is None:
        return f"there is no item {identifier}; expected the id of a practice item of this track"
    if item.use is not ItemUse.PRACTICE:
        return f"{identifier} is a test item, whose answer is shown to nobody; expected a practice item"
    score = item.kind.score(item.content, item.key, item.kind.full_response(item.content, item.key))
    if not score.is_complete:
        parts = ", ".join(sorted(score.waiting))
        return f"{identifier} cannot be gold: its score waits for a marker ({parts}), so no try is told at once"
    return None


def _check_strategies(node: Node, standard: Standard, gold: list[CatalogueItem], findings: Findings) -> None:
    """Whoever answers without understanding must not reach the agreement on average."""
    types = [item.type for item in gold]
    sections = [Section(name, name, name, types.count(name), None) for name in dict.fromkeys(types)]
    measured = measure_simple_strategies([(item.type, item.content, item.key) for item in gold], sections)
    if gold and measured.passes(standard.agreement):
        best = "; ".join(f"{score.type}: {score.strategy}" for score in measured.mixture)
        message = f"a simple strategy agrees on {float(measured.mixture_score):.3f} of the points on average: {best}"
        findings.add(node.path, node.line_of("agreement"), f"{message}; the agreement must be higher")
