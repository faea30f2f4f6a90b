"""Issues certificates as the worker does, and prints what each step of one costs.

    .venv/bin/python -m benchmarks.certificates [--databases sqlite,postgresql] [COUNT]

PostgreSQL needs TEST_DATABASE_URL to name a server. Adds what it found to build/bench.json and build/bench.md.
"""

import argparse
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import func, select
from tqdm import tqdm

from assessments.events import AttemptReleased
from benchmarks.certificates.results import make_results
from benchmarks.certificates.stopwatch import OUTBOX, Stopwatch, seconds_of_children
from benchmarks.load.measures import cpu_seconds, memory_bytes, tree_of
from benchmarks.load.site import Site, make_site
from benchmarks.load.track import ROOT
from certificates.models.certificates import CertificateFile
from certificates.operations.issuing import issue_certificate
from certificates.web.signing import signing
from lms import clock
from lms.config import read_settings
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import deliver_due
from lms.web.transactions import EXTENSION
from wsgi import create_app

WARM_UP = 20  # certificates that nobody measures
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What so many certificates cost: CPU seconds by step, seconds by the clock, bytes of memory (PSS)."""

    count: int
    seconds: float
    cpu_seconds: dict[str, float]
    bytes_a_file: float
    memory: dict[str, int]


def measure(site: Site, count: int) -> Cost:
    """Issue so many certificates in this process, one after another, as a worker does it."""
    app = create_app(read_settings(site.environment))
    database: Database = app.extensions[EXTENSION]
    with app.app_context():
        results = make_results(database, WARM_UP + count, at=clock.now())
        _issue(app, database, results[:WARM_UP], Stopwatch())
        watch, press, server = Stopwatch(), seconds_of_children(os.getpid()), _server_seconds(site)
        start = time.perf_counter()
        _issue(app, database, results[WARM_UP:], watch)
        elapsed = time.perf_counter() - start
        spent = dict(watch.seconds) | {"page": seconds_of_children(os.getpid()) - press}
        if site.postmaster:
            spent["database server"] = _server_seconds(site) - server
        worker = tree_of(os.getpid())
        memory = {"worker": memory_bytes(worker[:1]), "its press": memory_bytes(worker[1:])}
        return Cost(count, elapsed, spent, _bytes_a_file(database), memory)


def _issue(app: Flask, database: Database, results: list[AttemptReleased], watch: Stopwatch) -> None:
    handlers = app.extensions["assay.handlers"]
    for released in tqdm(results, unit="certificate", leave=False):
        with watch.running("row"), database.transaction(PUBLIC_ORGANISATION_ID) as session:
            issue_certificate(session, released=released, signing=signing())
        with watch.running(OUTBOX):
            while deliver_due(database, handlers):
                pass


def _server_seconds(site: Site) -> float:
    return cpu_seconds(tree_of(site.postmaster)) if site.postmaster else 0.0


def _bytes_a_file(database: Database) -> float:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return float(session.scalar(select(func.avg(CertificateFile.byte_count))) or 0)


def report(kind: str, cost: Cost) -> str:
    """The costs as a table in Markdown."""
    certificate = sum(seconds for step, seconds in cost.cpu_seconds.items() if step != OUTBOX)
    lines = [
        f"{cost.count} certificates on {kind}: {cost.count / cost.seconds:.1f} a second on one core and the press,"
        f" {certificate / cost.count * 1000:.0f} ms CPU each without outbox and mail,"
        f" {cost.bytes_a_file / 1000:.0f} kB each\n",
        "| step | CPU ms each |",
        "|---|---:|",
    ]
    lines += [f"| {step} | {seconds / cost.count * 1000:.1f} |" for step, seconds in cost.cpu_seconds.items()]
    lines += ["", "| process | MB |", "|---|---:|"]
    lines += [f"| {name} | {size / MEGABYTE:.0f} |" for name, size in cost.memory.items()]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.certificates", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("--databases", default="sqlite,postgresql" if "TEST_DATABASE_URL" in os.environ else "sqlite")
    chosen = parser.parse_args()
    costs = {}
    for kind in filter(None, chosen.databases.split(",")):
        with TemporaryDirectory() as folder, make_site(kind, Path(folder) / kind) as site:
            costs[kind] = measure(site, chosen.count)
    tables = "\n\n".join(report(kind, cost) for kind, cost in costs.items())
    _add_to_figures(costs, tables)
    print(tables)


def _add_to_figures(costs: dict[str, Cost], tables: str) -> None:
    """To those of the attempts, if they were measured before."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    figures, page = build / "bench.json", build / "bench.md"
    known = json.loads(figures.read_text(encoding="utf-8")) if figures.exists() else {}
    known["certificates"] = {kind: asdict(cost) for kind, cost in costs.items()}
    figures.write_text(json.dumps(known, indent=1), encoding="utf-8")
    with page.open("a", encoding="utf-8") as file:
        file.write(f"\n## Certificates\n\n{tables}\n")


if __name__ == "__main__":
    main()
