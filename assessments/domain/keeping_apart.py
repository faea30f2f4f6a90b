"""Keeping apart: fills a form item by item without running into a dead end, while enemies never meet."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping

from assessments.domain.forms import Band, Blueprint, Kind, PoolItem

STEPS = 2000  # of the search for the first reserve, and of all that follow together


class Filling:
    """A form in the making. Whatever is taken, the form can still be completed.

    Beside the items taken it holds a reserve: items with enemies that, together with all items without any, suffice
    to fill what is left. `take` refuses an item for which no such reserve is found. Without enemies that is never
    the case while there is room, and nothing is searched.

    The search is complete: where it ends within STEPS it finds a reserve if there is one. Beyond that an item may be
    refused that would have done, but never is a form lost for which there is a reserve.
    """

    def __init__(self, blueprint: Blueprint, pool: Collection[PoolItem]) -> None:
        feuds = blueprint.enemies()
        known = {item.identifier: item for item in pool if item.identifier in feuds}
        self.taken: list[PoolItem] = []
        self._quotas, self._free_places = blueprint.demands()
        self._enemies = {name: others & known.keys() for name, others in feuds.items() if name in known}
        self._entangled = {name: known[name] for name, others in sorted(self._enemies.items()) if others}
        self._reserve: set[str] = set()
        self._steps = STEPS
        self._blocked: set[str] = set()
        self._in_band: Counter[Band] = Counter()
        self._in_kind: Counter[Kind] = Counter()
        self._beyond: Counter[Kind] = Counter()  # items beyond the counts of their difficulty
        self._size: Counter[Kind] = Counter(self._free_places)
        for (kind, _difficulty), count in self._quotas.items():
            self._size[kind] += count
        self._length = self._size.total()
        self._free_in_band = Counter([item.band for item in pool if item.identifier not in self._entangled])
        self._free_in_kind: Counter[Kind] = Counter()
        for (kind, _difficulty), count in self._free_in_band.items():
            self._free_in_kind[kind] += count

    def can_complete(self) -> bool:
        """Whether the pool fills the blueprint at all; to be asked before the first item is taken."""
        found = self._find_reserve(set())
        self._steps = STEPS
        return found

    @property
    def is_complete(self) -> bool:
        return len(self.taken) == self._length

    def has_room(self, item: PoolItem) -> bool:
        """Whether a section still waits for such an item."""
        if self._in_band[item.band] < self._quotas.get(item.band, 0):
            return True
        return self._beyond[item.kind] < self._free_places.get(item.kind, 0)

    def take(self, item: PoolItem) -> bool:
        """Take the item if there is room, no enemy was taken, and the form can be completed with it."""
        if not self.has_room(item) or item.identifier in self._blocked:
            return False
        self._count(item, 1)
        if item.identifier not in self._entangled:
            # It fills a place that the free items were counted on to fill: what suffices still does.
            self._free_in_band[item.band] -= 1
            self._free_in_kind[item.kind] -= 1
        elif not self._find_reserve(self._enemies[item.identifier] | {item.identifier}):
            self._count(item, -1)
            self._blocked.add(item.identifier)  # so that no later reserve counts on what was passed over
            return False
        else:
            self._blocked |= self._enemies[item.identifier] | {item.identifier}
        self.taken.append(item)
        return True

    def _count(self, item: PoolItem, by: int) -> None:
        if by > 0:
            self._beyond[item.kind] += self._in_band[item.band] >= self._quotas.get(item.band, 0)
        self._in_band[item.band] += by
        self._in_kind[item.kind] += by
        if by < 0:
            self._beyond[item.kind] -= self._in_band[item.band] >= self._quotas.get(item.band, 0)

    def _find_reserve(self, newly_blocked: Collection[str]) -> bool:
        """Keep the reserve where it still suffices, or search for another; False when none is found."""
        kept = self._reserve.difference(newly_blocked)
        lacks = self._lacks()
        for name in kept:
            _give(lacks, self._entangled[name])
        if not any(lack > 0 for lack in lacks.values()):
            self._reserve = kept
            return True
        out = self._blocked.union(newly_blocked)
        search = _Search(self._enemies, {n: i for n, i in self._entangled.items() if n not in out}, self._steps)
        found = search.reserve(self._lacks())
        self._steps = search.steps
        if found is None:
            return False
        self._reserve = found
        return True

    def _lacks(self) -> dict[Band | Kind, int]:
        """How many items are wanting of each difficulty and of each kind when all items without enemies are used."""
        lacks: dict[Band | Kind, int] = {}
        for band, count in self._quotas.items():
            lacks[band] = count - self._in_band[band] - self._free_in_band[band]
        for kind, size in self._size.items():
            lacks[kind] = size - self._in_kind[kind] - self._free_in_kind[kind]
        return lacks


class _Search:
    """Looks for items with enemies that fill what is wanting: the scarcest first, going back where it must."""

    def __init__(self, enemies: Mapping[str, Collection[str]], there: Mapping[str, PoolItem], steps: int) -> None:
        self._enemies = enemies
        self._there = there
        self._fitting: dict[Band | Kind, list[str]] = defaultdict(list)
        for name, item in there.items():
            self._fitting[item.band].append(name)
            self._fitting[item.kind].append(name)
        self.steps = steps  # that are left

    def reserve(self, lacks: dict[Band | Kind, int]) -> set[str] | None:
        return self._complete(lacks, set(), set(self._there))

    def _complete(self, lacks: Mapping[Band | Kind, int], chosen: set[str], left: set[str]) -> set[str] | None:
        scarcest = self._scarcest(lacks, left)
        if scarcest is None:
            return chosen
        place, spare = scarcest
        if spare < 0:
            return None
        for name in self._by_harm(place, left):
            if self.steps == 0:
                return None
            self.steps -= 1
            after = dict(lacks)
            _give(after, self._there[name])
            left = left - {name}  # with it all was tried: what follows may do without
            found = self._complete(after, chosen | {name}, left.difference(self._enemies[name]))
            if found is not None:
                return found
        return None

    def _scarcest(self, lacks: Mapping[Band | Kind, int], left: set[str]) -> tuple[Band | Kind, int] | None:
        """The place that has the fewest items to spare, and how many; None when nothing is wanting."""
        spare = [
            (sum(name in left for name in self._fitting[place]) - lack, place)
            for place, lack in lacks.items()
            if lack > 0
        ]
        if not spare:
            return None
        least, place = min(spare, key=lambda pair: pair[0])
        return place, least

    def _by_harm(self, place: Band | Kind, left: set[str]) -> Iterator[str]:
        """Those that fit, first the ones that bar the fewest others."""
        fitting = [name for name in self._fitting[place] if name in left]
        yield from sorted(fitting, key=lambda name: (len(left.intersection(self._enemies[name])), name))


def _give(lacks: dict[Band | Kind, int], item: PoolItem) -> None:
    for place in (item.band, item.kind):
        if place in lacks:
            lacks[place] -= 1
