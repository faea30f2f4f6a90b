"""Draws the form of an attempt: what the person has not seen first, then what was shown least, the rest by chance.

What is used, and what it is taken from:

- *Restricted*: an item that recent forms held more often than its cap rests while others can fill its place
  (Revuelta and Ponsoda 1998, J. Educ. Meas. 35(4), 311-327, doi:10.1111/j.1745-3984.1998.tb00541.x).
- *Randomesque* with a slope: chance decides among the items of a place as among the best few of Kingsbury and Zara
  (1989, Appl. Meas. Educ. 2(4), 359-375, doi:10.1207/s15324818ame0204_6); here among all, with the odds bent against
  those that were shown more. An item that is shown a tenth above its even share is drawn about a fifth less often.
- Not used: the control parameters of Sympson and Hetter (1985, Proc. 27th Meeting of the Military Testing Association,
  973-977). They tame a choice by information, which forms of fixed length do not make, and have to be found by
  simulation whenever the pool changes.

Whatever the caps say, a form is drawn if the pool has one: nobody is turned away because of exposure.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from assessments.domain.exposure import NOTHING_SHOWN, Exposure, cap_of, even_shares
from assessments.domain.forms import Band, Blueprint, Kind, PoolItem, PoolTooSmall, shuffled
from assessments.domain.keeping_apart import Filling

SLOPE = 2.0  # by how many times its excess over the even share an item's chance falls
PRIOR_FORMS = 20  # even forms that are counted in with those that were drawn, so that the first few decide little

Part = tuple[PoolItem, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The items of each section in the order in which they are shown, and what could not be avoided."""

    sections: tuple[Part, ...]
    seen_again: int = 0  # items that the person has seen before
    over_cap: int = 0  # items that had reached their cap

    @property
    def items(self) -> Part:
        return tuple(item for part in self.sections for item in part)


@dataclass(frozen=True, slots=True)
class Supply:
    """A blueprint, its pool and what was shown of it, made ready to draw from; kept while none of them changes."""

    blueprint: Blueprint
    items: Part  # those that a section could take, by identifier
    handicaps: tuple[float, ...]  # what makes an item less likely: the more it was shown, the larger
    is_over: tuple[bool, ...]  # whether it has reached its cap


def make_supply(blueprint: Blueprint, pool: Collection[PoolItem], exposure: Exposure = NOTHING_SHOWN) -> Supply:
    """Make ready to draw.

    An item that was shown much less than is even, because it is new, counts as shown half as often as is even:
    it catches up without standing in every form.
    """
    wanted = {section.kind for section in blueprint.sections}
    items = tuple(sorted((item for item in pool if item.kind in wanted), key=lambda item: item.identifier))
    even = even_shares(blueprint, items)
    caps = {band: cap_of(blueprint, share) for band, share in even.items()}
    counted = exposure.forms + PRIOR_FORMS
    shares = [
        (exposure.shown.get(item.identifier, 0) + PRIOR_FORMS * even.get(item.band, 0.0)) / counted for item in items
    ]
    return Supply(
        blueprint,
        items,
        tuple(SLOPE * max(share, even.get(item.band, 0.0) / 2) for item, share in zip(items, shares, strict=True)),
        tuple(
            share > caps.get(item.band, 0.0) and item.identifier not in blueprint.must_include
            for item, share in zip(items, shares, strict=True)
        ),
    )


# The tiers, the best first. They are whole numbers so far apart that no handicap carries an item over to the next.
ALWAYS, UNSEEN, UNSEEN_OVER_CAP, SEEN, SEEN_OVER_CAP = -8.0, 0.0, 8.0, 16.0, 24.0
STEP = 8.0


def draw_form(supply: Supply, seed: int, *, seen: Collection[str] = frozenset()) -> Form:
    """Draw a form; no item stands twice, enemies never meet, items that every form has are in it.

    The same blueprint, set of items, seed, seen items and counts give the same form, in whatever order the pool
    comes, and under every version of Python. An item of `must_include` that is not in
    the pool, or fits no section, is left out.

    Guaranteed: a form is found if there is one (within the bound of `keeping_apart`). It is made of unseen items below
    their caps if they suffice, else of unseen items if those suffice. Otherwise no item in it could be exchanged
    for one that is unseen, or for one that is as unseen and below its cap; without enemies, no form would have
    fewer seen items. Raises PoolTooSmall when there is no form.
    """
    random = Random(seed)  # noqa: S311 - a form must be repeatable from its seed; the seed is the secret
    ranks = _ranks(supply, random, frozenset(seen))
    ordered = sorted(range(len(ranks)), key=ranks.__getitem__)
    for tier in (UNSEEN, UNSEEN_OVER_CAP, SEEN_OVER_CAP):
        allowed = [number for number in ordered if ranks[number] < tier + STEP]
        taken = _filled(supply, allowed)
        if taken is not None:
            names = {item.identifier for item in taken}
            over = sum(supply.is_over[number] for number in allowed if supply.items[number].identifier in names)
            return Form(_dealt(supply.blueprint, taken, random), len(names.intersection(seen)), over)
    raise PoolTooSmall(_why_not(supply.blueprint, supply.items))


def _ranks(supply: Supply, random: Random, seen: frozenset[str]) -> list[float]:
    """The place of each item in the order of preference: its tier, and within it chance and its handicap."""
    always = supply.blueprint.must_include
    ranks = []
    for item, handicap, is_over in zip(supply.items, supply.handicaps, supply.is_over, strict=True):
        if item.identifier in always:
            tier = ALWAYS
        elif item.identifier in seen:
            tier = SEEN_OVER_CAP if is_over else SEEN
        else:
            tier = UNSEEN_OVER_CAP if is_over else UNSEEN
        ranks.append(tier + random.random() + handicap)
    return ranks


def _filled(supply: Supply, allowed: Sequence[int]) -> list[PoolItem] | None:
    """The items taken in this order of preference; None when they make no form."""
    items = [supply.items[number] for number in allowed]
    filling = Filling(supply.blueprint, items)
    if not filling.can_complete():
        return None
    for item in items:
        is_taken = filling.take(item)
        if not is_taken and item.identifier in supply.blueprint.must_include:
            return None
        if filling.is_complete and item.identifier not in supply.blueprint.must_include:
            break
    return filling.taken if filling.is_complete else None


def _dealt(blueprint: Blueprint, taken: Sequence[PoolItem], random: Random) -> tuple[Part, ...]:
    """Deal the items out to the sections by chance: those that name difficulties first, what is left to the others."""
    by_band: dict[Band, list[PoolItem]] = defaultdict(list)
    for item in shuffled(sorted(taken, key=lambda item: item.identifier), random):
        by_band[item.band].append(item)
    parts: dict[int, list[PoolItem]] = {}
    for number, section in enumerate(blueprint.sections):
        if section.difficulty is not None:
            hands = (by_band[section.kind, level] for level in section.difficulty)
            counts = section.difficulty.values()
            parts[number] = [hand.pop() for hand, count in zip(hands, counts, strict=True) for _ in range(count)]
    rest: dict[Kind, list[PoolItem]] = defaultdict(list)
    for (kind, _difficulty), items in sorted(by_band.items()):
        rest[kind] += items
    rest = {kind: shuffled(items, random) for kind, items in rest.items()}
    for number, section in enumerate(blueprint.sections):
        if section.difficulty is None:
            parts[number] = [rest[section.kind].pop() for _ in range(section.count)]
    return tuple(tuple(shuffled(parts[number], random)) for number in range(len(blueprint.sections)))


def _why_not(blueprint: Blueprint, pool: Sequence[PoolItem]) -> str:
    """What is wanting, in words: the section that the numbers cannot fill, or what bars every form."""
    left = list(pool)
    for section in sorted(blueprint.sections, key=lambda section: section.difficulty is None):
        asked = (section.difficulty or {"": section.count}).items()  # no difficulty: any will do
        for level, count in asked:
            fitting = [item for item in left if item.kind == section.kind and level in ("", item.difficulty)]
            if len(fitting) < count:
                return (
                    f'section "{section.title}" needs {count} {level + " " if level else ""}items of skill '
                    f"{section.skill} and type {section.type}; {len(fitting)} are left in the pool"
                )
            gone = set(fitting[:count])
            left = [item for item in left if item not in gone]
    return "the pool has no form that holds all of must_include and keeps never_together apart"
