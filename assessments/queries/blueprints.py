"""Blueprints: the drafts of tests, whether the pool can fill them, and a form as it would be drawn."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.blueprint_faults import BlueprintFault, blueprint_faults
from assessments.domain.drawing import draw_form, make_supply
from assessments.domain.forms import Blueprint, PoolItem, PoolTooSmall
from assessments.domain.pool_sizes import Shortage, missing_items
from assessments.models.items import Difficulty, Item, ItemState
from assessments.models.tests import TestDraft
from assessments.queries.pools import Pool
from assessments.queries.tests import list_tests
from lms.accounts.models import Person
from lms.errors import NotFound


@dataclass(frozen=True, slots=True)
class BlueprintLine:
    """A test in the list of tests: live, being drafted, or both."""

    slug: str
    title: str
    is_live: bool
    has_draft: bool
    is_in_review: bool


@dataclass(frozen=True, slots=True)
class DraftedTest:
    """The draft of a test with who did what to it."""

    slug: str
    terms: Mapping[str, Any]
    revision: int
    edited_by: UUID
    editor: str
    edited_at: datetime
    submitted_by: UUID | None
    return_reason: str | None

    @property
    def is_in_review(self) -> bool:
        return self.submitted_by is not None


@dataclass(frozen=True, slots=True)
class SectionSupply:
    """What the pool holds for a section: live items of its skill and type, by difficulty."""

    title: str
    needed: int
    available: int
    by_difficulty: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PoolReport:
    """Whether the pool suffices: the supply of each section, what is missing or kept out, and other faults."""

    supplies: tuple[SectionSupply, ...]
    shortages: tuple[Shortage, ...]
    below_floor: tuple[str, ...]
    pilots: int
    faults: tuple[BlueprintFault, ...] = ()

    @property
    def suffices(self) -> bool:
        return not self.shortages


def list_blueprints(session: Session) -> list[BlueprintLine]:
    """Every test of the organisation, live or drafted, by title."""
    live = {test.slug: test.title for test in list_tests(session)}
    drafts = {draft.slug: draft for draft in session.scalars(select(TestDraft))}
    lines = [
        BlueprintLine(
            slug=slug,
            title=live.get(slug) or str(drafts[slug].terms.get("title") or slug),
            is_live=slug in live,
            has_draft=slug in drafts,
            is_in_review=slug in drafts and drafts[slug].submitted_by is not None,
        )
        for slug in live.keys() | drafts.keys()
    ]
    return sorted(lines, key=lambda line: (line.title, line.slug))


def find_test_draft(session: Session, slug: str) -> DraftedTest | None:
    """The draft of a test."""
    row = session.execute(
        select(TestDraft, Person.name).join(Person, Person.id == TestDraft.edited_by).where(TestDraft.slug == slug)
    ).one_or_none()
    if row is None:
        return None
    draft, editor = row
    return DraftedTest(
        draft.slug,
        draft.terms,
        draft.revision,
        draft.edited_by,
        editor,
        draft.edited_at,
        draft.submitted_by,
        draft.return_reason,
    )


def get_test_draft(session: Session, slug: str) -> DraftedTest:
    """Raises NotFound."""
    draft = find_test_draft(session, slug)
    if draft is None:
        raise NotFound("There is no draft of such a test.")
    return draft


def list_banks(session: Session) -> list[str]:
    """The banks that hold items which are not retired."""
    return list(
        session.scalars(select(Item.bank).where(Item.state != ItemState.RETIRED).distinct().order_by(Item.bank))
    )


def report_pool(blueprint: Blueprint, pool: Pool) -> PoolReport:
    """Hold a blueprint against a pool: every section filled at once, with one item to spare each."""
    held = Counter((item.kind, item.difficulty) for item in pool.items)
    supplies = []
    for section in blueprint.sections:
        bands = {band.value: held[(section.kind, band.value)] for band in Difficulty}
        supplies.append(SectionSupply(section.title, section.count, sum(bands.values()), bands))
    below = tuple(pooled.item.identifier for pooled in pool.below_floor)
    shortages = missing_items(blueprint.sections, pool.items)
    pilots = [pooled.item for pooled in pool.pilot]
    faults = () if shortages else tuple(blueprint_faults(blueprint, pool.items, pilots=pilots))
    return PoolReport(tuple(supplies), shortages, below, len(pilots), faults)


def preview_form(blueprint: Blueprint, pool: Pool, seed: int) -> list[tuple[str, PoolItem]]:
    """A form as this seed would draw it: the title of the section and the item of each position; empty if it cannot."""
    try:
        drawn = draw_form(make_supply(blueprint, pool.items), seed).sections
    except PoolTooSmall:
        return []
    return [(section.title, item) for section, items in zip(blueprint.sections, drawn, strict=True) for item in items]
