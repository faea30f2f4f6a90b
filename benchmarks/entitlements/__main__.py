"""Asks a real server whether persons may work, among a million of them, and prints what a check costs.

    deploy/with-postgres.sh .venv/bin/python -m benchmarks.entitlements [PERSONS]

Needs TEST_DATABASE_URL to name a PostgreSQL server. Adds what it found to build/bench.json and build/bench.md.
"""

import argparse
import json
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.entitlements.population import populate
from benchmarks.entitlements.rounds import Caller, Round, run_round
from benchmarks.load.site import Site, make_site
from benchmarks.load.track import ROOT
from lms import clock
from lms.api.keys import make_key
from lms.api.models import HIGHEST_RATE
from lms.api.scopes import Scope

CALLERS = 16
EVERY = 0.2  # seconds between two checks of a caller that has something to do besides
WARM_UP, SECONDS = 3.0, 15.0
BUDGETS = {
    "check, p95, 16 callers at their pace": ("milliseconds", 10.0),
    "check, CPU of the server and its database, 16 callers without a pause": ("milliseconds", 3.0),
    "bulk of 1,000, p95": ("milliseconds", 300.0),
}


def measure(site: Site, persons: int) -> dict[str, Any]:
    """Fill the database, start the server, and ask."""
    start = time.perf_counter()
    vendor = populate(site.database, persons, clock.now() - timedelta(days=1))
    filled = time.perf_counter() - start
    with site.database.transaction(vendor) as session:
        key = make_key(
            session,
            name="Measured",
            scopes=[Scope.ENTITLEMENTS_CHECK],
            expires_at=clock.now() + timedelta(days=1),
            rate_per_minute=HIGHEST_RATE,
            by=None,
            at=clock.now(),
        )
    site.start()
    callers = [Caller(site, key.secret, persons, seed) for seed in range(CALLERS)]
    run_round(site, callers, Caller.check, seconds=WARM_UP)
    rounds = {
        "at their pace": run_round(site, callers, Caller.check, seconds=SECONDS, pause=EVERY),
        "without a pause": run_round(site, callers, Caller.check, seconds=SECONDS),
        "one alone": run_round(site, callers[:1], Caller.check, seconds=SECONDS / 3),
        "bulk of 1,000": run_round(site, callers[:1], Caller.check_many, seconds=SECONDS / 2),
    }
    return {
        "persons": persons,
        "seconds_to_fill": filled,
        "rounds": {name: _figures(one) for name, one in rounds.items()},
    }


def _figures(one: Round) -> dict[str, Any]:
    return {
        "callers": one.callers,
        "requests": one.count,
        "a_second": one.count / one.seconds,
        "p50_ms": one.milliseconds(0.50),
        "p95_ms": one.milliseconds(0.95),
        "p99_ms": one.milliseconds(0.99),
        "web_cpu_ms": one.cpu_milliseconds(one.usage.web),
        "database_cpu_ms": one.cpu_milliseconds(one.usage.database),
        "answers": dict(one.answers.most_common()),
    }


def report(found: dict[str, Any]) -> str:
    """The figures as tables in Markdown."""
    rounds = found["rounds"]
    busy = rounds["without a pause"]
    cpu = busy["web_cpu_ms"] + busy["database_cpu_ms"]
    measured = (rounds["at their pace"]["p95_ms"], cpu, rounds["bulk of 1,000"]["p95_ms"])
    lines = [
        f"{found['persons']:,} persons with two certificates each on PostgreSQL,"
        f" filled in {found['seconds_to_fill']:.0f} s\n",
        "| figure | measured | budget | |",
        "|---|---:|---:|---|",
    ]
    for (name, (_unit, most)), value in zip(BUDGETS.items(), measured, strict=True):
        lines.append(f"| {name} | {value:.2f} ms | at most {most:g} ms | {'met' if value <= most else '**missed**'} |")
    lines += [
        "",
        "| round | callers | requests/s | p50 ms | p95 ms | p99 ms | CPU ms: web | database | answers |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for name, one in rounds.items():
        answers = ", ".join(f"{count} {outcome}" for outcome, count in one["answers"].items())
        lines.append(
            f"| {name} | {one['callers']} | {one['a_second']:.0f} | {one['p50_ms']:.2f} | {one['p95_ms']:.2f} |"
            f" {one['p99_ms']:.2f} | {one['web_cpu_ms']:.2f} | {one['database_cpu_ms']:.2f} | {answers} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.entitlements", description=__doc__)
    parser.add_argument("persons", nargs="?", type=int, default=1_000_000)
    persons: int = parser.parse_args().persons
    with TemporaryDirectory() as folder, make_site("postgresql", Path(folder) / "postgresql") as site:
        found = measure(site, persons)
    tables = report(found)
    _add_to_figures(found, tables)
    print(tables)


def _add_to_figures(found: dict[str, Any], tables: str) -> None:
    """To those of the attempts and certificates, if they were measured before."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    figures, page = build / "bench.json", build / "bench.md"
    known = json.loads(figures.read_text(encoding="utf-8")) if figures.exists() else {}
    known["entitlements"] = found
    figures.write_text(json.dumps(known, indent=1), encoding="utf-8")
    with page.open("a", encoding="utf-8") as file:
        file.write(f"\n## Entitlements\n\n{tables}\n")


if __name__ == "__main__":
    main()
