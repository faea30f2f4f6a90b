"""Reads what test.yaml says of its forms: items that all have, items that never meet, the bounds of exposure."""

from collections.abc import Collection, Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from assessments.domain.blueprint_faults import blueprint_faults
from assessments.domain.forms import Blueprint, PoolItem
from assessments.domain.schemas.base import Identifier, Shape
from lms.catalogue.documents import Node
from lms.catalogue.findings import Findings

Bound = Annotated[float, Field(gt=0, le=1)]


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name} stands there twice")
    return names


Names = Annotated[tuple[Identifier, ...], Field(max_length=200), AfterValidator(_each_once)]
Enemies = Annotated[tuple[Identifier, ...], Field(min_length=2, max_length=50), AfterValidator(_each_once)]


class ExposureBounds(Shape):
    """The share of recent forms that may hold an item, and the share of a form that two forms may have in common."""

    cap: Bound | None = None
    overlap: Bound | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.cap is None and self.overlap is None:
            raise ValueError("expected cap, overlap or both, each a share such as 0.6")
        return self


def check_forms(
    node: Node,
    blueprint: Blueprint,
    must_include: Sequence[str],
    pool: Collection[PoolItem],
    pilots: Collection[PoolItem],
    findings: Findings,
) -> None:
    """Find what bars the forms of a test beside the size of its pool."""
    for fault in blueprint_faults(blueprint, pool, pilots=pilots):
        place = [must_include.index(part) if part in must_include else part for part in fault.place]
        findings.add(node.path, node.line_of(*place), f"{fault.place[0]}: {fault.message}")
