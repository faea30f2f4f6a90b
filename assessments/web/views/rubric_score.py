"""Rubric score in the page: one level to choose for each criterion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.parts import Criterion
from assessments.domain.schemas.rubric_score import RubricScoreContent, RubricScoreResponse
from assessments.web.views.answers import raw_data, whole_number


@dataclass(frozen=True, slots=True)
class LevelState:
    """One level of a criterion, its descriptor, and whether it is chosen."""

    level: int
    descriptor: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CriterionState:
    """One criterion with its levels."""

    id: str
    title: str
    question: str
    levels: tuple[LevelState, ...]


def read_form(content: RubricScoreContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states."""
    typed = {criterion.id: form.get(f"{prefix}level-{criterion.id}", "") for criterion in content.criteria}
    return {"levels": {criterion: whole_number(level) for criterion, level in typed.items() if level}}


def is_answered(response: RubricScoreResponse) -> bool:
    """Whether any criterion has a level."""
    return bool(response.levels)


def context(content: RubricScoreContent, response: RubricScoreResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: `criteria` with the state of their levels."""
    chosen = raw_data(response).get("levels", {})
    return {"criteria": [_state(criterion, chosen.get(criterion.id)) for criterion in content.criteria]}


def _state(criterion: Criterion, chosen: object) -> CriterionState:
    levels = tuple(LevelState(level.level, level.descriptor, level.level == chosen) for level in criterion.levels)
    return CriterionState(criterion.id, criterion.title, criterion.question, levels)
