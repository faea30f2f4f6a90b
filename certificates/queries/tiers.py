"""Tiers as everybody may read them, with what each asks for: those of an organisation, and the public catalogue's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from certificates.domain.entitlements import EarlierTerms, Terms
from certificates.domain.requirement_json import parse_requirement
from certificates.domain.requirements import HoldsAchievement, Requirement, Source, leaves_of
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.tiers import Tier, TierVersion
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import READS_PUBLIC, organisation_of
from lms.organisations.editions import kept

PUBLIC_PREFIX = "public/"  # of the name by which an organisation calls a tier of the public catalogue
Names = Mapping[tuple[Source, str], str]  # of achievements, by whose they are and their slug


@dataclass(frozen=True, slots=True)
class RequiredAchievement:
    """An achievement that a tier names; `slug` is also that of its course and its test."""

    slug: str
    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class TierView:
    """A tier as everybody may read it. Pay is in whole units of `currency`, before tax."""

    id: UUID
    slug: str
    title: str
    domain: str
    summary: str
    languages: tuple[str, ...]
    pay_low: int
    pay_high: int
    currency: str
    per: str
    is_announced: bool
    rank: int
    is_foreign: bool  # of the public catalogue, as another organisation sees it
    made_by: UUID | None
    terms: Terms | None  # None when it is only announced
    requires: tuple[RequiredAchievement, ...]  # every achievement that the requirement names, each once

    @property
    def name(self) -> str:
        """By which it is called in the API."""
        return f"{PUBLIC_PREFIX}{self.slug}" if self.is_foreign else self.slug


def list_tiers(session: Session) -> tuple[TierView, ...]:
    """Every tier of the session's organisation in the order of its catalogue. Two statements, or none."""
    return kept(session, "tiers", lambda: _load_tiers(session, organisation_of(session)))


def list_public_tiers(session: Session) -> tuple[TierView, ...]:
    """Every tier of the public catalogue, as another organisation sees it; none in the public organisation itself."""
    if organisation_of(session) == PUBLIC_ORGANISATION_ID:
        return ()
    return _load_tiers(session, PUBLIC_ORGANISATION_ID)


def list_all_tiers(session: Session) -> tuple[TierView, ...]:
    """The organisation's tiers, then those of the public catalogue."""
    return list_tiers(session) + list_public_tiers(session)


def find_tier(session: Session, name: str) -> TierView | None:
    """The tier that is called so in the API: its slug, or `public/` and the slug of one of the public catalogue."""
    slug = name.removeprefix(PUBLIC_PREFIX)
    is_public = slug != name and organisation_of(session) != PUBLIC_ORGANISATION_ID
    if not is_public:
        return next((tier for tier in list_tiers(session) if tier.slug == slug), None)
    return next(iter(_load_tiers(session, PUBLIC_ORGANISATION_ID, slug)), None)


def achievement_names(session: Session) -> Names:
    """The names of all achievements that a requirement of the session's organisation can name."""
    return kept(session, "achievement-names", lambda: _load_names(session))


def _load_names(session: Session) -> Names:
    own = organisation_of(session)
    rows = session.execute(
        select(Achievement.organisation_id, Achievement.slug, AchievementVersion.name)
        .join(AchievementVersion, AchievementVersion.achievement_id == Achievement.id)
        .where(AchievementVersion.is_current, Achievement.organisation_id.in_((own, PUBLIC_ORGANISATION_ID))),
        execution_options=READS_PUBLIC,
    )
    names: dict[tuple[Source, str], str] = {}
    for organisation_id, slug, name in rows:
        if organisation_id == PUBLIC_ORGANISATION_ID:
            names[Source.PUBLIC, slug] = name
        if organisation_id == own:
            names[Source.OWN, slug] = name
    return names


def _load_tiers(session: Session, organisation_id: UUID, slug: str | None = None) -> tuple[TierView, ...]:
    before = aliased(TierVersion)
    wanted = (
        select(Tier, TierVersion, before.requirement)
        .outerjoin(
            TierVersion,
            and_(TierVersion.tier_id == Tier.id, or_(TierVersion.is_current, TierVersion.grace_until.is_not(None))),
        )
        .outerjoin(before, and_(before.tier_id == Tier.id, before.number == TierVersion.number - 1))
        .where(Tier.organisation_id == organisation_id, Tier.withdrawn_at.is_(None))
        .order_by(Tier.rank, Tier.slug, TierVersion.number)
    )
    if slug is not None:
        wanted = wanted.where(Tier.slug == slug)
    rows: dict[Tier, list[tuple[TierVersion, dict[str, Any] | None]]] = defaultdict(list)
    for tier, version, earlier in session.execute(wanted, execution_options=READS_PUBLIC):
        rows[tier].append((version, earlier))
    names = achievement_names(session) if rows else {}
    is_foreign = organisation_id != organisation_of(session)
    return tuple(_view(tier, versions, names, is_foreign) for tier, versions in rows.items())


def _view(
    tier: Tier, versions: list[tuple[TierVersion, dict[str, Any] | None]], names: Names, is_foreign: bool
) -> TierView:
    terms = None if tier.is_announced else _terms(versions)
    return TierView(
        id=tier.id,
        slug=tier.slug,
        title=tier.title,
        domain=tier.domain,
        summary=tier.summary,
        languages=tuple(tier.languages),
        pay_low=tier.pay_low,
        pay_high=tier.pay_high,
        currency=tier.currency,
        per=tier.per,
        is_announced=tier.is_announced,
        rank=tier.rank,
        is_foreign=is_foreign,
        made_by=tier.made_by,
        terms=terms,
        requires=() if terms is None else tuple(_required(terms.requirement, names)),
    )


def _terms(versions: list[tuple[TierVersion, dict[str, Any] | None]]) -> Terms | None:
    current = next((version for version, _ in versions if version is not None and version.is_current), None)
    if current is None:
        return None
    earlier = tuple(
        EarlierTerms(version.number - 1, parse_requirement(before), version.created_at, version.grace_until)
        for version, before in versions
        if version.grace_until is not None and before is not None
    )
    return Terms(current.number, parse_requirement(current.requirement), earlier)


def _required(requirement: Requirement, names: Names) -> Iterable[RequiredAchievement]:
    named = [leaf for leaf in leaves_of(requirement) if isinstance(leaf, HoldsAchievement)]
    for source, slug in dict.fromkeys((leaf.organisation, leaf.slug) for leaf in named):
        yield RequiredAchievement(slug, names.get((source, slug), slug), source)
