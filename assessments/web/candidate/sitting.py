"""What the pages of an attempt show: items with what is saved of them, pages, the navigator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from markupsafe import Markup
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.models.attempts import AttemptState
from assessments.queries.attempts import AttemptSummary, Place, Stored, get_attempt, get_form, get_responses
from assessments.queries.versions import Version, get_versions
from assessments.web.item_bodies import item_body, untouched_body
from assessments.web.item_views import ITEM_VIEWS

ITEMS_PER_PAGE = 5


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item on a page of an attempt. Nothing in it comes from a key."""

    position: int
    type: str
    sequence: int
    is_answered: bool
    body: Markup


@dataclass(frozen=True, slots=True)
class Step:
    """A position in the navigator."""

    position: int
    page: int
    is_answered: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt with its form and what is saved."""

    attempt: AttemptSummary
    form: tuple[Place, ...]
    responses: Mapping[int, Stored]
    versions: Mapping[UUID, Version]

    @property
    def pages(self) -> int:
        return -(-len(self.form) // ITEMS_PER_PAGE)

    def places_of(self, page: int) -> tuple[Place, ...]:
        """The positions on a page; pages count from 1."""
        return self.form[(page - 1) * ITEMS_PER_PAGE : page * ITEMS_PER_PAGE]

    def is_open(self, at: datetime) -> bool:
        return self.attempt.state is AttemptState.OPEN and at <= self.attempt.deadline_at

    def is_on_break(self, at: datetime) -> bool:
        """Whether the clock stands still, and no question is shown."""
        return self.attempt.clock.is_on_break(at)

    def shown(self, place: Place, typed: Mapping[str, Any] | None = None) -> ShownItem:
        """An item ready to show; `typed` is what was sent and refused, which must not be lost."""
        version = self.versions[place.version_id]
        view = ITEM_VIEWS[version.type]
        stored = self.responses.get(place.position)
        prefix = f"r{place.position}-"
        if stored is None and typed is None:
            return ShownItem(place.position, version.type, 0, False, untouched_body(version, prefix))
        response = item_type(version.type).response.model_validate(stored.response if stored else {})
        return ShownItem(
            position=place.position,
            type=version.type,
            sequence=stored.sequence if stored else 0,
            is_answered=view.is_answered(response),
            body=item_body(version, prefix, response if typed is None else typed),
        )

    def steps(self, current: Iterable[int] = ()) -> list[Step]:
        """The navigator over all positions."""
        here = set(current)
        return [
            Step(
                position=place.position,
                page=(place.position - 1) // ITEMS_PER_PAGE + 1,
                is_answered=self._is_answered(place),
                is_current=place.position in here,
            )
            for place in self.form
        ]

    def _is_answered(self, place: Place) -> bool:
        stored = self.responses.get(place.position)
        if stored is None:
            return False
        kind = self.versions[place.version_id].type
        return ITEM_VIEWS[kind].is_answered(item_type(kind).response.model_validate(stored.response))


def load_sitting(session: Session, *, attempt_id: UUID, person_id: UUID) -> Sitting:
    """An attempt of this person; at most four statements, two when its form is known. Raises NotFound."""
    attempt = get_attempt(session, attempt_id=attempt_id, person_id=person_id)
    form = get_form(session, attempt_id)
    return Sitting(
        attempt=attempt,
        form=form,
        responses=get_responses(session, attempt_id),
        versions=get_versions(session, [place.version_id for place in form]),
    )
