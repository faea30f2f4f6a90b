"""Exposure: how often items are shown when all goes evenly, the bounds that follow, and what was measured."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assessments.domain.forms import Band, Blueprint, Kind, PoolItem

OVERLAP_MARGIN = 1.1  # two forms may share a tenth more than the least that the pool allows
ENOUGH_FORMS = 100  # below which chance alone goes beyond any bound


@dataclass(frozen=True, slots=True)
class Exposure:
    """Counts of recent forms: so many were drawn, and so many of them held each item."""

    forms: int = 0
    shown: Mapping[str, int] = field(default_factory=dict)  # by identifier; what is absent was not shown


NOTHING_SHOWN = Exposure()


def even_shares(blueprint: Blueprint, pool: Collection[PoolItem]) -> dict[Band, float]:
    """The share of forms (0 to 1) that hold an item of each skill, type and difficulty when use is as even as can be.

    Items that every form has, and bands that no section asks for, are left out. Counts of a difficulty fill their band
    evenly; what a section takes of any difficulty goes to the bands that are used least, until they are level. That
    is the least mean overlap of two forms that the pool allows, for the overlap grows with the squares of the shares.
    """
    quotas, free = blueprint.demands()
    supply: Counter[Band] = Counter()
    always: Counter[Band] = Counter()
    for item in pool:
        (always if item.identifier in blueprint.must_include else supply)[item.band] += 1
    by_kind: dict[Kind, list[Band]] = defaultdict(list)
    for band in sorted(supply):
        by_kind[band[0]].append(band)
    shares: dict[Band, float] = {}
    for kind in {section.kind for section in blueprint.sections}:
        bands = by_kind[kind]
        excess = sum(max(0, count - quotas.get(band, 0)) for band, count in always.items() if band[0] == kind)
        left = [max(0, quotas.get(band, 0) - always[band]) for band in bands]
        shares |= _levelled(bands, left, [supply[band] for band in bands], max(0, free.get(kind, 0) - excess))
    return shares


def _levelled(bands: Sequence[Band], needed: Sequence[int], supply: Sequence[int], free: int) -> dict[Band, float]:
    order = sorted(range(len(bands)), key=lambda number: needed[number] / supply[number])
    level = 0.0
    asked, there = free, 0
    for rank, number in enumerate(order):
        asked, there = asked + needed[number], there + supply[number]
        level = asked / there
        following = order[rank + 1] if rank + 1 < len(order) else None
        if following is None or level <= needed[following] / supply[following]:
            break
    levelled = {bands[n]: min(1.0, max(needed[n] / supply[n], level)) for n in order}
    return {band: share for band, share in levelled.items() if share > 0}


def cap_of(blueprint: Blueprint, even: float) -> float:
    """The share of forms that may hold an item whose even share is this.

    The test may state it. Otherwise it is half as much again as the even share, but never beyond half of the way from
    there to every form, so that it also says something where the pool is small.
    """
    return min(1.5 * even, (1 + even) / 2) if blueprint.cap is None else blueprint.cap


def least_overlap(blueprint: Blueprint, pool: Collection[PoolItem]) -> float:
    """The share of a form (0 to 1) that two forms have in common on average when use is as even as can be.

    It is the sum of the squared shares of all items over the length; with one section of any difficulty, length / pool.
    """
    shares = even_shares(blueprint, pool)
    kinds = {section.kind for section in blueprint.sections}
    fitting = [item for item in pool if item.kind in kinds]
    squares = sum(
        1.0 if item.identifier in blueprint.must_include else shares.get(item.band, 0.0) ** 2 for item in fitting
    )
    return squares / blueprint.length


def overlap_bound(blueprint: Blueprint, pool: Collection[PoolItem]) -> float:
    """The mean overlap that the test states, or a tenth above the least that its pool allows."""
    if blueprint.overlap is not None:
        return blueprint.overlap
    return min(1.0, OVERLAP_MARGIN * least_overlap(blueprint, pool))


def mean_overlap(forms: int, shown: Collection[int]) -> float | None:
    """The share of a form that two different forms have in common, averaged over all pairs; None below two forms.

    An item that n of N forms hold is common to n(n-1)/2 of the N(N-1)/2 pairs, so the mean number of common items is
    the sum over items of n(n-1) / (N(N-1)), exactly; the share is that over the mean length, the sum of n over N.

    Source: Chen, Ankenmann, Spray (2003), J. Educ. Meas. 40(2), 129-145, doi:10.1111/j.1745-3984.2003.tb01100.x.
    """
    places = sum(shown)
    if forms < 2 or places == 0:
        return None
    common = sum(count * (count - 1) for count in shown) / (forms * (forms - 1))
    return common / (places / forms)


@dataclass(frozen=True, slots=True)
class ItemUse:
    """How much one item was shown, against what is even and what is allowed; shares from 0 to 1."""

    item: PoolItem
    shown: int
    share: float
    even: float
    cap: float
    is_always: bool  # every form has it, because the blueprint says so

    @property
    def is_over(self) -> bool:
        return not self.is_always and self.share > self.cap


@dataclass(frozen=True, slots=True)
class PoolUse:
    """What was measured of a pool, or of a part of it: the items, most shown first, and the bounds beside them."""

    forms: int
    items: tuple[ItemUse, ...]
    overlap: float | None
    least_overlap: float
    overlap_bound: float

    @property
    def largest(self) -> ItemUse | None:
        """The item that was shown most among those that not every form has anyway."""
        return next((use for use in self.items if not use.is_always), None)

    @property
    def shown_share(self) -> float:
        """The share of the pool that was shown at all."""
        return sum(use.shown > 0 for use in self.items) / max(1, len(self.items))

    @property
    def can_be_judged(self) -> bool:
        """Whether there were enough forms to hold them against the bounds."""
        return self.forms >= ENOUGH_FORMS

    @property
    def over_cap(self) -> tuple[ItemUse, ...]:
        return tuple(use for use in self.items if use.is_over) if self.can_be_judged else ()

    @property
    def is_overlap_over(self) -> bool:
        return self.can_be_judged and self.overlap is not None and self.overlap > self.overlap_bound

    @property
    def is_within(self) -> bool:
        return not self.over_cap and not self.is_overlap_over


def measure_use(
    blueprint: Blueprint, pool: Collection[PoolItem], exposure: Exposure, *, gone: Collection[int] = ()
) -> PoolUse:
    """Hold what was shown against the bounds; `gone` are the counts of items that have left the pool since."""
    shares = even_shares(blueprint, pool)
    kinds = {section.kind for section in blueprint.sections}
    wanted = [
        item
        for item in pool
        if item.kind in kinds and (item.band in shares or item.identifier in blueprint.must_include)
    ]
    items = [_use_of(blueprint, item, shares.get(item.band, 0.0), exposure) for item in wanted]
    return PoolUse(
        forms=exposure.forms,
        items=tuple(sorted(items, key=lambda use: (-use.shown, use.item.identifier))),
        overlap=mean_overlap(exposure.forms, [use.shown for use in items] + list(gone)),
        least_overlap=least_overlap(blueprint, pool),
        overlap_bound=overlap_bound(blueprint, pool),
    )


def parts_of(blueprint: Blueprint) -> list[tuple[tuple[str, ...], Blueprint]]:
    """The blueprint by skill and type: sections that draw on the same items belong together, by their titles.

    A bound on the overlap that the test states is one of whole forms, so that the parts have their own by arithmetic.
    """
    kinds = dict.fromkeys(section.kind for section in blueprint.sections)
    mine = [tuple(section for section in blueprint.sections if section.kind == kind) for kind in kinds]
    return [(tuple(s.title for s in part), replace(blueprint, sections=part, overlap=None)) for part in mine]


def _use_of(blueprint: Blueprint, item: PoolItem, even: float, exposure: Exposure) -> ItemUse:
    shown = exposure.shown.get(item.identifier, 0)
    share = shown / exposure.forms if exposure.forms else 0.0
    is_always = item.identifier in blueprint.must_include
    return ItemUse(item, shown, share, 1.0 if is_always else even, cap_of(blueprint, even), is_always)
