"""What is measured on one database, in which order."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from benchmarks.load import history
from benchmarks.load.answers import answers_of_all_items
from benchmarks.load.figures import Figures, exam_figures, round_figures, saves_figures
from benchmarks.load.forms import Forms
from benchmarks.load.grades import wrong_grades
from benchmarks.load.in_process import measure_in_process
from benchmarks.load.learner import Learner
from benchmarks.load.people import Account, make_people
from benchmarks.load.rounds import Round, browser_of, run_attempts, run_exam_start, run_saves
from benchmarks.load.site import Site, make_site
from benchmarks.load.sizes import assets_of
from lms import clock
from lms.outbox.models import OutboxMessage

WARM_UP = 24  # attempts that nobody measures
ALONE = 6  # attempts of one learner inside the driver, to list statements
CERTIFICATES = 24  # attempts that pass
EXAM = 200  # people who start at once
EXAM_SECONDS = 3.0
SAVERS = 16
SAVE_SECONDS = 10.0
GROWTH_LEARNERS = 16
GROWTH_ATTEMPTS = 160


@dataclass(slots=True)
class Bench:
    """One running installation and the people who have not come to it yet."""

    site: Site
    forms: Forms
    people: Iterator[Account]

    def next_people(self, count: int) -> list[Account]:
        return list(islice(self.people, count))

    def attempts(self, learners: int, count: int, *, has_script: bool = True, wants_to_pass: bool = False) -> Round:
        """So many attempts, every grade checked."""
        accounts = self.next_people(count)
        seen = run_attempts(
            self.site, self.forms, accounts, learners, has_script=has_script, wants_to_pass=wants_to_pass
        )
        for wrong in wrong_grades(self.site.database, seen.expected):
            seen.errors[wrong] += 1
        return seen


def measure(kind: str, learners: Sequence[int], levels: Sequence[int], figures: Figures) -> None:
    """Measure one database into `figures`; `levels` are numbers of past attempts, made on PostgreSQL only."""
    with TemporaryDirectory() as folder, make_site(kind, Path(folder) / kind) as site:
        bench = _bench(site, sum(map(attempts_for, learners)) + 1000)
        _say(kind, "statements, one learner inside the driver")
        figures["statements"] = _statements(bench)
        site.start()
        bench.attempts(2, WARM_UP)
        figures["rounds"] = []
        for number in learners:
            _say(kind, f"{number} learners")
            figures["rounds"].append(round_figures(bench.attempts(number, attempts_for(number))))
        figures["memory"] = site.memory()
        _say(kind, "16 learners without script")
        figures["without_script"] = round_figures(bench.attempts(16, attempts_for(16), has_script=False))
        _say(kind, "saves, exam start, sizes")
        figures["saves_paced"] = saves_figures(_saves(bench, pause=0.2))
        figures["saves_unpaced"] = saves_figures(_saves(bench, pause=0.0))
        exam = run_exam_start(site, bench.forms, bench.next_people(EXAM), within=EXAM_SECONDS)
        figures["exam"] = exam_figures(exam, EXAM_SECONDS)
        figures["assets"] = _assets(bench)
        _say(kind, "attempts that earn a certificate")
        figures["certificates"] = _certificates(bench)
        figures["server_log_errors"] = sum(" error" in line.lower() for line in site.log().splitlines())
    if levels and kind == "postgresql":
        figures["growth"] = []
        _growth(kind, levels, figures["growth"])


def attempts_for(learners: int) -> int:
    """Enough that single requests weigh little, few enough that a slow machine ends."""
    return min(320, max(24, 8 * learners))


def _bench(site: Site, people: int) -> Bench:
    accounts = make_people(site.database, people)
    return Bench(site, Forms(site.database, answers_of_all_items(site.database)), iter(accounts))


def _statements(bench: Bench) -> Figures:
    """By step: requests an attempt, statements and CPU milliseconds a request."""
    costs = measure_in_process(bench.site, bench.next_people(ALONE + 1))
    return {
        step: {
            "requests": cost.requests / ALONE,
            "statements": sum(cost.statements.values()) / cost.requests,
            "cpu_ms": 1000 * cost.cpu_seconds / cost.requests,
            "sent": {" ".join(text.split()): count / cost.requests for text, count in cost.statements.items()},
        }
        for step, cost in costs.items()
    }


def _saves(bench: Bench, *, pause: float) -> Round:
    accounts = bench.next_people(SAVERS)
    return run_saves(bench.site, bench.forms, accounts, seconds=SAVE_SECONDS, pause=pause)


def _assets(bench: Bench) -> Figures:
    """The assets of an attempt page with every script of its item types."""
    (account,) = bench.next_people(1)
    browser = browser_of(bench.site, account)
    learner = Learner(browser, account, bench.forms.of)

    async def reach_the_page() -> None:
        await learner.enter()
        await learner.look_around()
        await learner.begin()
        browser.close()

    asyncio.run(reach_the_page())
    assert learner.first_page is not None
    assets = assets_of(browser, learner.first_page)
    return {"total": assets.total, "files": assets.sizes}


def _certificates(bench: Bench) -> Figures:
    """What a pass costs more: the certificate's row, and its PDF, which the worker renders."""
    before, started = bench.site.usage(), time.perf_counter()
    seen = bench.attempts(4, CERTIFICATES, wants_to_pass=True)
    while _waiting(bench.site):
        time.sleep(0.2)
    usage = bench.site.usage() - before
    figures = round_figures(seen)
    return {
        "attempts": seen.attempts,
        "cpu_seconds_per_attempt": usage.total / max(1, seen.attempts),
        "cpu_seconds_worker": usage.worker / max(1, seen.attempts),
        "seconds_until_all_are_rendered": time.perf_counter() - started,
        "errors": figures["errors"],
    }


def _waiting(site: Site) -> int:
    """Messages that are due and not delivered."""
    due = select(func.count()).where(OutboxMessage.delivered_at.is_(None), OutboxMessage.due_at <= clock.now())
    with site.database.reading() as session:
        return session.execute(due).scalar_one()


def _growth(kind: str, levels: Sequence[int], found: list[Figures]) -> None:
    """The same round on an installation that has ever more past attempts."""
    with TemporaryDirectory() as folder, make_site(kind, Path(folder) / kind) as site:
        bench = _bench(site, WARM_UP * len(levels) + GROWTH_ATTEMPTS * len(levels))
        site.start()
        filled = 0
        for level in sorted(levels):
            _say(kind, f"{level:,} past attempts: filling")
            started = time.perf_counter()
            history.fill(site.database, filled, level)
            filled, seconds = level, time.perf_counter() - started
            bench.attempts(2, WARM_UP)
            _say(kind, f"{level:,} past attempts: {GROWTH_LEARNERS} learners")
            figures = round_figures(bench.attempts(GROWTH_LEARNERS, GROWTH_ATTEMPTS))
            size = history.database_bytes(site.database)
            found.append(figures | {"level": level, "database_bytes": size, "fill_seconds": seconds})


def _say(kind: str, what: str) -> None:
    print(f"   {kind}: {what}", flush=True)
