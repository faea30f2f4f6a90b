"""Rounds of measurement: learners who sit the whole test, people who all start at once, learners who only save."""

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

from benchmarks.load.connection import Connection
from benchmarks.load.forms import Forms
from benchmarks.load.learner import Learner, Took, Unexpected
from benchmarks.load.people import Account
from benchmarks.load.site import Site, Usage
from benchmarks.load.statements import Executed, executed


@dataclass(slots=True)
class Round:
    """What was seen while a number of learners worked at the same time."""

    learners: int
    attempts: int = 0
    seconds: float = 0.0
    usage: Usage = field(default_factory=lambda: Usage(0, 0, 0))
    driver_seconds: float = 0.0  # CPU seconds of the driver
    took: list[Took] = field(default_factory=list)
    executed: Executed | None = None  # by PostgreSQL; SQLite does not count
    errors: Counter[str] = field(default_factory=Counter)
    expected: dict[UUID, Fraction] = field(default_factory=dict)  # the score that each attempt must have

    @contextmanager
    def noting_faults(self) -> Iterator[None]:
        """What goes wrong with one learner is counted, and the others go on."""
        try:
            yield
        except (Unexpected, OSError, ValueError) as fault:
            self.errors[f"{type(fault).__name__}: {str(fault)[:300]}"] += 1

    def by_step(self) -> dict[str, list[Took]]:
        steps: dict[str, list[Took]] = {}
        for each in self.took:
            steps.setdefault(each.step, []).append(each)
        return steps


def run_attempts(
    site: Site,
    forms: Forms,
    accounts: Sequence[Account],
    learners: int,
    *,
    has_script: bool = True,
    wants_to_pass: bool = False,
) -> Round:
    """Every account sits the test once; `learners` of them at any time."""
    seen = Round(learners)
    waiting = list(reversed(accounts))

    async def keep_sitting() -> None:
        while waiting:
            account = waiting.pop()
            learner = Learner(browser_of(site, account), account, forms.of, has_script, wants_to_pass)
            with seen.noting_faults():
                await learner.sit()
                seen.attempts += 1
                assert learner.attempt_id is not None
                assert learner.expected is not None
                seen.expected[learner.attempt_id] = learner.expected
            learner.browser.close()
            seen.took += learner.took

    async def all_of_them() -> None:
        await asyncio.gather(*(keep_sitting() for _ in range(learners)))

    _measure(site, seen, lambda: asyncio.run(all_of_them()))
    return seen


def run_exam_start(site: Site, forms: Forms, accounts: Sequence[Account], *, within: float) -> Round:
    """All are signed in and look at the test's page; then all start, spread evenly over `within` seconds."""
    seen = Round(len(accounts))

    async def begin(learner: Learner, delay: float) -> None:
        await asyncio.sleep(delay)
        started = time.perf_counter()
        with seen.noting_faults():
            await learner.begin()
            seen.attempts += 1
            seen.took.append(Took("start to page 1", time.perf_counter() - started, 0))

    async def start_all(learners: list[Learner]) -> None:
        step = within / len(learners)
        await asyncio.gather(*(begin(learner, number * step) for number, learner in enumerate(learners)))

    with asyncio.Runner() as runner:
        learners = [Learner(browser_of(site, account), account, forms.of) for account in accounts]
        runner.run(_get_ready(learners))
        runner.run(_leave(learners))  # whoever waits for an exam has no connection open any more
        _measure(site, seen, lambda: runner.run(start_all(learners)))
        runner.run(_leave(learners))
    return seen


def run_saves(
    site: Site, forms: Forms, accounts: Sequence[Account], *, seconds: float, pause: float, sequence: int = 1
) -> Round:
    """Every account has the first page of an open attempt and saves answers, `pause` seconds apart."""
    seen = Round(len(accounts))

    async def keep_saving(learner: Learner, number: int) -> None:
        await asyncio.sleep(pause * number / len(accounts))
        turn = sequence
        with seen.noting_faults():
            while time.perf_counter() < end:
                started = time.perf_counter()
                await learner.save_again(turn)
                seen.took.append(learner.took[-1])
                turn += 1
                await asyncio.sleep(max(0.0, pause - (time.perf_counter() - started)))

    async def all_of_them() -> None:
        await asyncio.gather(*(keep_saving(learner, number) for number, learner in enumerate(learners)))

    with asyncio.Runner() as runner:
        learners = [Learner(browser_of(site, account), account, forms.of) for account in accounts]
        runner.run(_get_ready(learners))
        runner.run(_begin(learners))
        end = time.perf_counter() + seconds
        _measure(site, seen, lambda: runner.run(all_of_them()))
        runner.run(_leave(learners))
    return seen


def browser_of(site: Site, account: Account) -> Connection:
    return Connection("127.0.0.1", site.port, account.source)


async def _get_ready(learners: Sequence[Learner]) -> None:
    for learner in learners:
        await learner.enter()
        await learner.look_around()


async def _begin(learners: Sequence[Learner]) -> None:
    for learner in learners:
        await learner.open_form()


async def _leave(learners: Sequence[Learner]) -> None:
    for learner in learners:
        learner.browser.close()


def _measure(site: Site, seen: Round, work: Callable[[], object]) -> None:
    counts = executed(site.database) if site.postmaster else None
    before, driver, started = site.usage(), _own_seconds(), time.perf_counter()
    work()
    seen.seconds, seen.driver_seconds = time.perf_counter() - started, _own_seconds() - driver
    seen.usage = site.usage() - before
    seen.executed = executed(site.database) - counts if counts else None


def _own_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime
