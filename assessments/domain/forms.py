"""Forms: what a blueprint asks of a pool, and where the items that are only tried out stand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

Kind = tuple[str, str]  # skill and item type
Band = tuple[Kind, str]  # a kind and a difficulty


class PoolTooSmall(ValueError):
    """The pool cannot fill the blueprint; the message names the section and the numbers."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a blueprint: how many items of one skill and type, and how many of each difficulty."""

    title: str
    skill: str
    type: str
    count: int
    difficulty: Mapping[str, int] | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f'section "{self.title}" needs at least one item, got {self.count}')
        if self.difficulty is not None and sum(self.difficulty.values()) != self.count:
            raise ValueError(f'the difficulties of section "{self.title}" must sum to {self.count}')

    @property
    def kind(self) -> Kind:
        return self.skill, self.type


@dataclass(frozen=True, slots=True)
class PoolItem:
    """An item as a candidate for a form: who it is, and what the blueprint asks about it."""

    identifier: str
    skill: str
    type: str
    difficulty: str
    kind: Kind = field(init=False, repr=False, compare=False)
    band: Band = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:  # kept, for a pool of thousands is gone through for every form
        object.__setattr__(self, "kind", (self.skill, self.type))
        object.__setattr__(self, "band", (self.kind, self.difficulty))


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What every form of a test holds, which items it holds always or never together, and the bounds of exposure.

    `cap` is the share of recent forms (0 to 1) that may hold an item, `overlap` the share of a form that two forms
    have in common on average; None leaves both to the arithmetic of `domain.exposure`.
    """

    sections: tuple[Section, ...]
    must_include: frozenset[str] = frozenset()
    never_together: tuple[frozenset[str], ...] = ()
    cap: float | None = None
    overlap: float | None = None

    @property
    def length(self) -> int:
        return sum(section.count for section in self.sections)

    def enemies(self) -> dict[str, set[str]]:
        """With which others each item may not stand in one form."""
        enemies: dict[str, set[str]] = defaultdict(set)
        for group in self.never_together:
            for identifier in group:
                enemies[identifier] |= group - {identifier}
        return enemies

    def demands(self) -> tuple[dict[Band, int], dict[Kind, int]]:
        """How many items of each difficulty the sections name, and how many they take of any difficulty."""
        quotas: dict[Band, int] = defaultdict(int)
        free: dict[Kind, int] = defaultdict(int)
        for section in self.sections:
            if section.difficulty is None:
                free[section.kind] += section.count
            for difficulty, count in (section.difficulty or {}).items():
                quotas[section.kind, difficulty] += count
        return quotas, free


@dataclass(frozen=True, slots=True)
class Place:
    """An item in a form: the number of its section (from 0), and whether it is scored or only tried out."""

    section: int
    item: PoolItem
    is_scored: bool = True


def draw_pilots(
    pool: Collection[PoolItem],
    count: int,
    seed: int,
    *,
    enemies: Mapping[str, Collection[str]] | None = None,
    beside: Collection[PoolItem] = (),
    seen: Collection[str] = (),
) -> tuple[PoolItem, ...]:
    """Return so many items to be tried out beside the form, or all where there are fewer; the same for the same seed.

    Those that the person has seen come last; none is an enemy of another, or of an item beside which it would stand.
    """
    random = Random(f"pilot {seed}")  # noqa: S311 - a form must be repeatable from its seed; the seed is the secret
    mixed = shuffled(sorted(pool, key=lambda item: item.identifier), random)
    enemies = enemies or {}
    barred = {enemy for item in beside for enemy in enemies.get(item.identifier, ())}
    drawn: list[PoolItem] = []
    for item in sorted(mixed, key=lambda item: item.identifier in seen):
        if len(drawn) < count and item.identifier not in barred:
            drawn.append(item)
            barred.update(enemies.get(item.identifier, ()))
    return tuple(drawn)


def place_pilots(places: Sequence[Place], pilots: Sequence[PoolItem], seed: int) -> tuple[Place, ...]:
    """Return the form with the pilot items at places that chance decides, so that nobody can tell which they are."""
    random = Random(f"places {seed}")  # noqa: S311 - as in draw_pilots
    form = list(places)
    for item in pilots:
        at = int(random.random() * (len(form) + 1))
        neighbour = form[min(at, len(form) - 1)].section
        form.insert(at, Place(neighbour, item, is_scored=False))
    return tuple(form)


def shuffled(items: Sequence[PoolItem], random: Random) -> list[PoolItem]:
    """Shuffle by `random()`, the one method whose sequence Python promises to keep for a seed."""
    return sorted(items, key=lambda _: random.random())
