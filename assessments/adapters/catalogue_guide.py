"""Reads guide.yaml: the labels, error categories and rubric criteria that items refer to by id."""

from pathlib import Path
from typing import Any

from pydantic import ConfigDict, field_validator

from assessments.domain.schemas.base import Identifier, Line, Shape, Text
from assessments.domain.schemas.parts import Criterion
from lms.catalogue.documents import parse, read_document
from lms.catalogue.findings import Findings


class Label(Shape):
    """A label or category: its rule, an example, a counter-example, and what to do in doubt."""

    id: Identifier
    title: Line
    rule: Text
    example: Text
    counterexample: Text
    in_doubt: Text


class GuideCriterion(Criterion):
    """A rubric criterion with what to do in doubt."""

    in_doubt: Text


class Guide(Shape):
    """A label guide."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: tuple[Label, ...] = ()
    categories: tuple[Label, ...] = ()
    criteria: tuple[GuideCriterion, ...] = ()

    @field_validator("labels", "categories", "criteria")
    @classmethod
    def _ids_differ(cls, entries: tuple[Any, ...]) -> tuple[Any, ...]:
        ids = [entry.id for entry in entries]
        if len(ids) != len(set(ids)):
            raise ValueError(f"ids must differ, got {', '.join(ids)}")
        return entries

    def write_out(self, field: str, ids: Any) -> Any:
        """What stands behind ids of `categories` or `criteria`, in the shape that an item's content has.

        Raises ValueError naming an unknown id. Whatever is no list of ids is returned as it is.
        """
        known = self._written()[field]
        if not isinstance(ids, list) or not all(isinstance(entry, str) for entry in ids):
            return ids
        if unknown := [entry for entry in ids if entry not in known]:
            raise ValueError(f"{', '.join(unknown)} is not in guide.yaml; {field} there are {', '.join(known)}")
        return [known[entry] for entry in ids]

    def _written(self) -> dict[str, dict[str, Any]]:
        return {
            "categories": {c.id: c.model_dump(include={"id", "title", "rule"}) for c in self.categories},
            "criteria": {c.id: c.model_dump(exclude={"in_doubt"}) for c in self.criteria},
        }


def read_guide(track: Path, findings: Findings) -> Guide:
    """The guide of a track; an empty one when it is missing or broken, which the findings then say."""
    node = read_document(track / "guide.yaml", findings)
    return (parse(node, Guide, findings) if node else None) or Guide()
