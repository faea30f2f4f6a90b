"""The form of an attempt: drawn from what is kept of the pool, pinned, and held against the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from assessments.domain.drawing import Form as DrawnForm
from assessments.domain.drawing import draw_form
from assessments.domain.forms import Place, PoolTooSmall, draw_pilots, place_pilots
from assessments.models.attempts import FormItem
from assessments.models.exposure import Form
from assessments.operations.counting_exposure import call_for_count
from assessments.queries.pools import count_standing, list_seen
from assessments.queries.supplies import KeptSupply, get_supply
from assessments.queries.tests import TestSummary
from lms.db.scope import organisation_of
from lms.errors import Conflict

_DRAWS = 3  # of which all but the first read the bank anew


@dataclass(frozen=True, slots=True)
class Started:
    """An attempt that waits for its form."""

    attempt_id: UUID
    person_id: UUID
    seed: int
    has_earlier: bool  # whether the person has other attempts, at this or another test


def draw_attempt_form(session: Session, test: TestSummary, started: Started, *, at: datetime) -> None:
    """Draw the form and pin the versions and keys that are current now.

    No item is in it whose retirement, or whose newer version or key, was committed before. Raises PoolTooSmall when
    the bank cannot fill the blueprint, Conflict when the bank is being changed all the while.
    """
    seen: frozenset[str] = frozenset()
    if started.has_earlier:
        seen = list_seen(session, bank=test.bank, person_id=started.person_id, but=started.attempt_id)
    for number in range(_DRAWS):
        supply = get_supply(session, test, at=at, is_fresh=number > 0)
        try:
            drawn = draw_form(supply.supply, started.seed, seen=seen)
        except PoolTooSmall:
            if number > 0:
                raise
            continue  # items may have come since the pool was read
        places = _with_pilots(test, supply, drawn, started.seed, seen)
        _pin(session, started.attempt_id, supply, places)
        if count_standing(session, started.attempt_id) == len(places):
            _keep(session, started.attempt_id, supply, drawn, at)
            call_for_count(session, at)
            return
        session.execute(delete(FormItem).where(FormItem.attempt_id == started.attempt_id))
    raise Conflict("The questions of this test are being changed at this moment. Try again in a minute.")


def _with_pilots(
    test: TestSummary, supply: KeptSupply, drawn: DrawnForm, seed: int, seen: frozenset[str]
) -> tuple[Place, ...]:
    places = [Place(number, item) for number, part in enumerate(drawn.sections) for item in part]
    if not test.pilot_items or not supply.pilots:
        return tuple(places)
    enemies = supply.supply.blueprint.enemies()
    pilots = draw_pilots(supply.pilots, test.pilot_items, seed, enemies=enemies, beside=drawn.items, seen=seen)
    return place_pilots(places, pilots, seed)


def _pin(session: Session, attempt_id: UUID, supply: KeptSupply, places: Sequence[Place]) -> None:
    organisation_id = organisation_of(session)
    session.execute(
        insert(FormItem),
        [
            {
                "attempt_id": attempt_id,
                "position": position,
                "section": place.section,
                "item_version_id": supply.pinned[place.item.identifier].version_id,
                "answer_key_id": supply.pinned[place.item.identifier].key_id,
                "is_scored": place.is_scored,
                "organisation_id": organisation_id,
            }
            for position, place in enumerate(places, start=1)
        ],
    )


def _keep(session: Session, attempt_id: UUID, supply: KeptSupply, drawn: DrawnForm, at: datetime) -> None:
    session.execute(
        insert(Form).values(
            attempt_id=attempt_id,
            organisation_id=organisation_of(session),
            drawn_at=at,
            counted_at=supply.counted_at,
            forms_counted=supply.forms_counted,
            seen_again=drawn.seen_again,
            over_cap=drawn.over_cap,
            is_counted=False,
        )
    )
