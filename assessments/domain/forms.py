"""Draws the form of an attempt from the pool by the blueprint, and finds pools that are too small."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random

Kind = tuple[str, str]  # skill and item type


class PoolTooSmall(ValueError):
    """The pool cannot fill a section; the message names the section and the numbers."""


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

    @property
    def kind(self) -> Kind:
        return self.skill, self.type


def draw_form(sections: Sequence[Section], pool: Collection[PoolItem], seed: int) -> tuple[tuple[PoolItem, ...], ...]:
    """Return the items of each section, in the order in which they are shown; no item stands twice.

    The same sections, seed and set of items give the same form, in whatever order the pool comes,
    and under every version of Python. Raises PoolTooSmall when a section cannot be filled.
    """
    random = Random(seed)  # noqa: S311 - a form must be repeatable from its seed; the seed is the secret
    left = _shuffled(sorted(pool, key=lambda item: item.identifier), random)
    drawn: dict[int, list[PoolItem]] = {}
    # Sections that name difficulties go first: what they leave is good for those that take any.
    for number in sorted(range(len(sections)), key=lambda number: sections[number].difficulty is None):
        drawn[number] = _take(sections[number], left)
    return tuple(tuple(_shuffled(drawn[number], random)) for number in range(len(sections)))


@dataclass(frozen=True, slots=True)
class Place:
    """An item in a form: the number of its section (from 0), and whether it is scored or only tried out."""

    section: int
    item: PoolItem
    is_scored: bool = True


def draw_pilots(pool: Collection[PoolItem], count: int, seed: int) -> tuple[PoolItem, ...]:
    """Return so many items to be tried out, or all where there are fewer; the same for the same seed."""
    random = Random(f"pilot {seed}")  # noqa: S311 - as in draw_form
    return tuple(_shuffled(sorted(pool, key=lambda item: item.identifier), random)[:count])


def place_pilots(places: Sequence[Place], pilots: Sequence[PoolItem], seed: int) -> tuple[Place, ...]:
    """Return the form with the pilot items at places that chance decides, so that nobody can tell which they are."""
    random = Random(f"places {seed}")  # noqa: S311 - as in draw_form
    form = list(places)
    for item in pilots:
        at = int(random.random() * (len(form) + 1))
        neighbour = form[min(at, len(form) - 1)].section
        form.insert(at, Place(neighbour, item, is_scored=False))
    return tuple(form)


def _take(section: Section, left: list[PoolItem]) -> list[PoolItem]:
    fitting = [item for item in left if item.kind == section.kind]
    if section.difficulty is None:
        taken = _first(section, section.count, "items", fitting)
    else:
        taken = []
        for difficulty, count in section.difficulty.items():
            equal = [item for item in fitting if item.difficulty == difficulty]
            taken += _first(section, count, f"{difficulty} items", equal)
    for item in taken:
        left.remove(item)
    return taken


def _first(section: Section, count: int, wanted: str, fitting: list[PoolItem]) -> list[PoolItem]:
    if len(fitting) < count:
        raise PoolTooSmall(
            f'section "{section.title}" needs {count} {wanted} of skill {section.skill} and type '
            f"{section.type}; {len(fitting)} are left in the pool"
        )
    return fitting[:count]


def _shuffled(items: Sequence[PoolItem], random: Random) -> list[PoolItem]:
    """Shuffle by `random()`, the one method whose sequence Python promises to keep for a seed."""
    return sorted(items, key=lambda _: random.random())
