"""One learner's way inside this process: which SQL statements each step sends, and where its CPU time goes.

    .venv/bin/python -m benchmarks.load.in_process [sqlite|postgresql] [ATTEMPTS]

Prints the statements of each step as they are sent, then the functions that took the most CPU time in each step.
"""

import asyncio
import cProfile
import os
import pstats
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from sqlalchemy import event

from benchmarks.load.answers import answers_of_all_items
from benchmarks.load.connection import HEADERS, Fields, Reply, encoded
from benchmarks.load.forms import Forms
from benchmarks.load.learner import Learner
from benchmarks.load.people import Account, make_people
from benchmarks.load.site import Site, make_site
from lms.config import read_settings
from lms.web.transactions import EXTENSION
from wsgi import create_app

HOTTEST = 25  # functions shown of a step


@dataclass(slots=True)
class StepCost:
    """What one step cost over all attempts."""

    requests: int = 0
    cpu_seconds: float = 0.0
    statements: Counter[str] = field(default_factory=Counter)
    profile: cProfile.Profile | None = None


class InProcess:
    """A browser that calls the application instead of a server."""

    def __init__(self, app: Flask, source: str, costs: dict[str, StepCost], *, is_profiled: bool) -> None:
        self._client = app.test_client()
        self._engines = app.extensions[EXTENSION].engines
        self._source = source
        self._costs = costs
        self._is_profiled = is_profiled

    async def send(
        self, method: str, path: str, fields: Fields | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        cost = self._costs.setdefault(step_of(method, path), StepCost())
        request: dict[str, Any] = {"headers": {**HEADERS, **(headers or {})}}
        if fields is not None:
            kind, body = encoded(fields)
            request |= {"data": body, "content_type": kind}
        if self._is_profiled and cost.profile is None:
            cost.profile = cProfile.Profile()

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            cost.statements[statement] += 1

        for engine in self._engines:
            event.listen(engine, "before_cursor_execute", note)
        started = time.process_time()
        if cost.profile is not None:
            cost.profile.enable()
        answer = self._client.open(path, method=method, environ_base={"REMOTE_ADDR": self._source}, **request)
        if cost.profile is not None:
            cost.profile.disable()
        cost.cpu_seconds += time.process_time() - started
        for engine in self._engines:
            event.remove(engine, "before_cursor_execute", note)
        cost.requests += 1
        head = "".join(f"\r\n{name}: {value}" for name, value in answer.headers)
        return Reply(answer.status_code, f"HTTP/1.1 {answer.status}{head}\r\n\r\n".encode(), answer.data)

    def close(self) -> None:
        """There is no connection."""


def measure_in_process(site: Site, accounts: Sequence[Account], *, is_profiled: bool = False) -> dict[str, StepCost]:
    """Every account sits the test once; the first one warms the process up and is left out."""
    os.environ |= {"DATA_DIR": str(site.folder), "DATABASE_URL": site.url}
    app = create_app(read_settings())
    forms = Forms(site.database, answers_of_all_items(site.database))
    costs: dict[str, StepCost] = {}
    for number, account in enumerate(accounts):
        counted: dict[str, StepCost] = {} if number == 0 else costs
        browser = InProcess(app, account.source, counted, is_profiled=is_profiled)
        asyncio.run(Learner(browser, account, forms.of).sit())
    app.extensions[EXTENSION].close()
    return costs


def step_of(method: str, path: str) -> str:
    """The request without what differs from attempt to attempt."""
    parts = ["…" if len(part) == 36 or part.isdigit() else part for part in path.partition("?")[0].split("/")]
    return f"{method} {'/'.join(parts)}"


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    attempts = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with TemporaryDirectory() as folder, make_site(kind, Path(folder) / kind) as site:
        accounts = make_people(site.database, 2 * attempts + 2)
        costs = measure_in_process(site, accounts[: attempts + 1])
        profiled = measure_in_process(site, accounts[attempts + 1 :], is_profiled=True)
    total = sum(sum(cost.statements.values()) for cost in costs.values()) / attempts
    cpu = sum(cost.cpu_seconds for cost in costs.values()) / attempts
    print(f"{kind}: {total:.1f} statements and {cpu:.4f} CPU seconds an attempt, the driver's part apart\n")
    for step, cost in costs.items():
        each = 1000 * cost.cpu_seconds / cost.requests
        sent = sum(cost.statements.values()) / cost.requests
        print(f"== {step}: {cost.requests / attempts:g} an attempt, {each:.2f} ms CPU, {sent:g} statements each")
        for statement, count in cost.statements.items():
            print(f"  {count / cost.requests:g} × {' '.join(statement.split())}")
    for step, cost in profiled.items():
        print(f"\n== profile of {step}, {cost.requests} requests")
        assert cost.profile is not None
        pstats.Stats(cost.profile, stream=sys.stdout).sort_stats("cumulative").print_stats(HOTTEST)
        pstats.Stats(cost.profile, stream=sys.stdout).sort_stats("tottime").print_stats(HOTTEST)


if __name__ == "__main__":
    main()
