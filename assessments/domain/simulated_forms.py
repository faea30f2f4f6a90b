"""Simulated forms: many people start a test, some come back after a failed try, and the counts follow at a distance."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

from assessments.domain.drawing import draw_form, make_supply
from assessments.domain.exposure import Exposure
from assessments.domain.forms import Blueprint, PoolItem

FAILING = 0.4  # of those who sit a test, the share that comes back while tries are left
AWAY = (50, 500)  # forms that others begin before somebody is back
ROLL_UP = 50  # forms between two counts: what begins in a busy minute


@dataclass(slots=True)
class Simulated:
    """What came of it so far: forms, how often each item was shown, and what could not be avoided."""

    forms: int = 0
    shown: Counter[str] = field(default_factory=Counter)
    returned: int = 0  # forms of people who had sat the test before
    seen_again: int = 0  # items that they met again
    over_cap: int = 0

    @property
    def exposure(self) -> Exposure:
        return Exposure(self.forms, dict(self.shown))


@dataclass(order=True, slots=True)
class _Person:
    back_at: int  # the number of the form
    number: int
    tries: int = field(compare=False)
    seen: set[str] = field(compare=False)


def simulate_forms(
    blueprint: Blueprint, pool: Collection[PoolItem], *, forms: int, tries: int, seed: int
) -> Iterator[Simulated]:
    """Draw so many forms, one after the other, and yield what came of it after each; the same for the same seed."""
    random = Random(seed)  # noqa: S311 - a simulation must be repeatable
    done = Simulated()
    away: list[_Person] = []
    supply = make_supply(blueprint, pool)
    for number in range(forms):
        if number % ROLL_UP == 0:
            supply = make_supply(blueprint, pool, done.exposure)
        is_back = bool(away) and away[0].back_at <= number
        person = heappop(away) if is_back else _Person(number, number, 0, set())
        form = draw_form(supply, random.getrandbits(62), seen=person.seen)
        names = [item.identifier for item in form.items]
        done.forms += 1
        done.shown.update(names)
        done.returned += is_back
        done.seen_again += form.seen_again
        done.over_cap += form.over_cap
        person.seen.update(names)
        person.tries += 1
        if person.tries < tries and random.random() < FAILING:
            person.back_at = number + AWAY[0] + int(random.random() * (AWAY[1] - AWAY[0]))
            heappush(away, person)
        yield done
