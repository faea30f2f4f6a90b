"""Finds what a pool lacks to fill a blueprint with one item to spare in every section."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from assessments.domain.forms import Kind, PoolItem, Section


@dataclass(frozen=True, slots=True)
class Shortage:
    """Items that the pool lacks: `needed` (spares included) of these difficulties, `available` in it."""

    sections: tuple[str, ...]
    skill: str
    type: str
    difficulties: tuple[str, ...]
    needed: int
    available: int

    @property
    def missing(self) -> int:
        return self.needed - self.available


@dataclass(frozen=True, slots=True)
class _Demand:
    """Items that a section needs, any of whose difficulties will do."""

    section: Section
    difficulties: frozenset[str]
    count: int


def missing_items(sections: Sequence[Section], pool: Collection[PoolItem]) -> tuple[Shortage, ...]:
    """Return what is missing for every section to be filled at once with one item to spare each.

    Sections of the same skill and type share items. The pool suffices exactly when, for every set
    of difficulties, it holds as many items as are needed that can come from that set only.

    Source: Hall (1935), J. London Math. Soc. 10, 26-30, doi:10.1112/jlms/s1-10.37.26.
    """
    shortages: list[Shortage] = []
    for kind in dict.fromkeys(section.kind for section in sections):
        shortages += _shortages(
            kind,
            [section for section in sections if section.kind == kind],
            [item.difficulty for item in pool if item.kind == kind],
        )
    return tuple(shortages)


def _shortages(kind: Kind, sections: Sequence[Section], supply: Sequence[str]) -> Iterator[Shortage]:
    known = sorted(set(supply).union(*(section.difficulty or () for section in sections)))
    demands = [demand for section in sections for demand in _demands(section, frozenset(known))]
    reported: list[tuple[set[str], int]] = []
    for chosen in chain.from_iterable(combinations(known, size) for size in range(len(known) + 1)):
        inside = [demand for demand in demands if demand.difficulties.issubset(chosen)]
        needed = sum(demand.count for demand in inside)
        available = sum(difficulty in chosen for difficulty in supply)
        # What smaller sets are reported to lack is lacking here too; only more than that is news.
        told = sum(missing for smaller, missing in reported if smaller.issubset(chosen))
        if needed > available + told:
            reported.append((set(chosen), needed - available - told))
            titles = tuple(dict.fromkeys(demand.section.title for demand in inside))
            yield Shortage(titles, *kind, chosen, needed, available)


def _demands(section: Section, known: frozenset[str]) -> Iterator[_Demand]:
    if section.difficulty is None:
        yield _Demand(section, known, section.count + 1)
        return
    quotas = {difficulty: count for difficulty, count in section.difficulty.items() if count}
    for difficulty, count in quotas.items():
        yield _Demand(section, frozenset({difficulty}), count)
    yield _Demand(section, frozenset(quotas), 1)
