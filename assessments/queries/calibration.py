"""Calibration: its terms, and somebody's rounds through the gold items. A key comes only with a try."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from assessments.domain.calibration import Standard, Standing, judge, order_of_gold
from assessments.domain.item_types import item_type
from assessments.domain.scores import ItemScore
from assessments.models.calibration import Calibration, CalibrationRound
from assessments.models.items import AnswerKey, Item, ItemState, ItemUse
from assessments.models.results import PracticeTry
from assessments.queries.practice import PracticeItem, Try, find_items
from assessments.queries.versions import Version, get_versions
from lms.errors import NotFound


@dataclass(frozen=True, slots=True)
class CalibrationTerms:
    """A calibration as everybody may read it; `gold` are the identifiers of its items that can be tried now."""

    id: UUID
    slug: str
    title: str
    summary: str
    standard: Standard
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calibration as other pages point to it: whether somebody has begun, and when they last reached it."""

    terms: CalibrationTerms
    has_begun: bool
    reached_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """One round: what may be listed of it."""

    id: UUID
    number: int
    seed: int
    standard: Standard
    started_at: datetime
    reached_at: datetime | None


@dataclass(frozen=True, slots=True)
class Round:
    """A round with its first tries in their order, numbered from 1, and the items that are left in theirs."""

    summary: RoundSummary
    tries: tuple[Try, ...]
    versions: dict[UUID, Version]
    left: tuple[PracticeItem, ...]

    @property
    def points(self) -> list[Fraction]:
        """The exact points of the tries that could be scored at once, in their order."""
        return [made.points for made in self.tries if made.points is not None]

    @property
    def standing(self) -> Standing:
        return judge(self.summary.standard, self.points, gold_left=len(self.left))

    @property
    def is_open(self) -> bool:
        """Whether another try belongs into this round: it is not reached, and gold is left."""
        return self.summary.reached_at is None and bool(self.left)

    @property
    def length(self) -> int:
        return len(self.tries) + len(self.left)


def find_calibration(session: Session, slug: str) -> CalibrationTerms | None:
    """The terms of a calibration, in one statement; None when there is none or it was retired."""
    row = session.scalars(select(Calibration).where(Calibration.slug == slug, ~Calibration.is_retired)).one_or_none()
    return None if row is None else _terms(row)


def get_calibration(session: Session, slug: str) -> CalibrationTerms:
    """The terms with the gold that can be tried now. Raises NotFound."""
    terms = find_calibration(session, slug)
    if terms is None:
        raise NotFound("There is no calibration at this address.")
    live = select(Item.identifier).where(
        Item.identifier.in_(terms.gold), Item.use == ItemUse.PRACTICE, Item.state == ItemState.LIVE
    )
    return replace(terms, gold=tuple(session.scalars(live.order_by(Item.identifier))))


def find_invitation(session: Session, slug: str, *, person_id: UUID | None) -> Invitation | None:
    """The calibration of this name as other pages point to it, in one statement; None when there is none."""
    row = session.execute(
        select(Calibration, func.count(CalibrationRound.id), func.max(CalibrationRound.reached_at))
        .outerjoin(
            CalibrationRound,
            and_(CalibrationRound.calibration_id == Calibration.id, CalibrationRound.person_id == person_id),
        )
        .where(Calibration.slug == slug, ~Calibration.is_retired)
        .group_by(Calibration.id)
    ).one_or_none()
    return None if row is None else Invitation(_terms(row[0]), bool(row[1]), row[2])


def list_rounds(session: Session, *, calibration_id: UUID, person_id: UUID) -> list[RoundSummary]:
    """A person's rounds, newest first."""
    rows = session.scalars(
        select(CalibrationRound)
        .where(CalibrationRound.calibration_id == calibration_id, CalibrationRound.person_id == person_id)
        .order_by(CalibrationRound.number.desc())
    )
    return [
        RoundSummary(row.id, row.number, row.seed, Standard(row.agreement, row.window), row.started_at, row.reached_at)
        for row in rows
    ]


def get_round(session: Session, terms: CalibrationTerms, *, person_id: UUID, number: int) -> Round:
    """One round of a person in at most five statements. Raises NotFound also when it is somebody else's."""
    rounds = list_rounds(session, calibration_id=terms.id, person_id=person_id)
    summary = next((found for found in rounds if found.number == number), None)
    if summary is None:
        raise NotFound("There is no such round of yours.")
    return load_round(session, terms, summary, person_id=person_id)


def load_round(session: Session, terms: CalibrationTerms, summary: RoundSummary, *, person_id: UUID) -> Round:
    """The tries of a round and what is left of the gold."""
    rows = session.execute(_tries_of(summary.id)).all()
    versions = get_versions(session, [row[4] for row in rows])
    tries = tuple(_try(number, row, versions) for number, row in enumerate(rows, start=1))
    done = {made.identifier for made in tries}
    items = find_items(session, [identifier for identifier in terms.gold if identifier not in done])
    before = _tried_before(session, items, person_id=person_id, at=summary.started_at) if items else set()
    order = order_of_gold(items, seed=summary.seed, tried_before=before)
    return Round(summary, tries, versions, tuple(items[identifier] for identifier in order))


def _terms(row: Calibration) -> CalibrationTerms:
    standard = Standard(row.agreement, row.window)
    return CalibrationTerms(row.id, row.slug, row.title, row.summary, standard, tuple(row.items))


def _tries_of(round_id: UUID) -> Select[Any]:
    return (
        select(
            Item.identifier,
            PracticeTry.tried_at,
            PracticeTry.response,
            AnswerKey.key,
            PracticeTry.item_version_id,
            PracticeTry.answer_key_id,
        )
        .join(Item, Item.id == PracticeTry.item_id)
        .join(AnswerKey, AnswerKey.id == PracticeTry.answer_key_id)
        .where(PracticeTry.calibration_round_id == round_id)
        .order_by(PracticeTry.tried_at, PracticeTry.id)
    )


def _try(number: int, row: Sequence[Any], versions: dict[UUID, Version]) -> Try:
    """A try with its exact points, scored anew: what is stored was cut off, and a mean of that could miss the mark."""
    identifier, tried_at, response, key, version_id, key_id = row
    version = versions[version_id]
    kind = item_type(version.type)
    score: ItemScore = kind.score(version.content, kind.key.model_validate(key), kind.response.model_validate(response))
    points = score.points if score.is_complete else None
    return Try(identifier, number, points, tried_at, response, version_id, key_id)


def _tried_before(session: Session, items: dict[str, PracticeItem], *, person_id: UUID, at: datetime) -> set[str]:
    """Which of these items the person had tried when the round began."""
    tried = (
        select(Item.identifier)
        .join(PracticeTry, PracticeTry.item_id == Item.id)
        .where(PracticeTry.person_id == person_id, PracticeTry.tried_at < at, Item.identifier.in_(list(items)))
        .distinct()
    )
    return set(session.scalars(tried))
