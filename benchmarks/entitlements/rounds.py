"""Rounds of checks: callers on connections that are kept alive, each asking for persons drawn at random."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection

from benchmarks.entitlements.population import TIER, person_id
from benchmarks.load.measures import percentile
from benchmarks.load.site import Site, Usage

MANY = 1000  # subjects of a bulk check
Body = dict[str, object]


@dataclass(slots=True)
class Round:
    """What a round of requests came to: seconds of each, CPU seconds of all, answers by outcome or status."""

    callers: int
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    usage: Usage = field(default_factory=lambda: Usage(0.0, 0.0, 0.0))

    @property
    def count(self) -> int:
        return len(self.latencies)

    def milliseconds(self, share: float) -> float:
        return percentile(self.latencies, share) * 1000

    def cpu_milliseconds(self, seconds: float) -> float:
        return seconds / self.count * 1000


class Caller:
    """A platform's connection with its key."""

    def __init__(self, site: Site, secret: str, persons: int, seed: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self._random, self._persons = random.Random(seed), persons

    def check(self) -> tuple[float, str]:
        """One person; the seconds that it took, and the outcome."""
        seconds, status, answer = self._post("/api/v1/entitlements/check", {"subject": self._anybody(), "tier": TIER})
        return seconds, answer["outcome"] if status == 200 else str(status)

    def check_many(self) -> tuple[float, str]:
        """A thousand persons."""
        subjects = [self._anybody() for _ in range(MANY)]
        seconds, status, answer = self._post("/api/v1/entitlements/check-many", {"subjects": subjects, "tier": TIER})
        rows = len(answer["results"]) if status == 200 else 0
        return seconds, f"{rows} rows" if status == 200 else str(status)

    def _anybody(self) -> str:
        return person_id(self._random.randint(1, self._persons))

    def _post(self, path: str, body: Body) -> tuple[float, int, dict[str, list[object]]]:
        content = json.dumps(body)
        start = time.perf_counter()
        self._connection.request("POST", path, content, self._headers)
        answer = self._connection.getresponse()
        read = answer.read()
        return time.perf_counter() - start, answer.status, json.loads(read)


def run_round(
    site: Site,
    callers: list[Caller],
    ask: Callable[[Caller], tuple[float, str]],
    *,
    seconds: float,
    pause: float = 0.0,
) -> Round:
    """All callers ask again and again for so long. With a pause each asks once in that time, evenly spread."""
    measured = Round(len(callers))
    before, start = site.usage(), time.perf_counter()
    ends = start + seconds

    def work(number: int) -> None:
        due = start + pause * number / len(callers)
        while (now := time.perf_counter()) < ends:
            if pause:
                time.sleep(max(0.0, due - now))
                due += pause
            took, outcome = ask(callers[number])
            measured.latencies.append(took)
            measured.answers[outcome] += 1

    with ThreadPoolExecutor(len(callers)) as pool:
        for future in [pool.submit(work, number) for number in range(len(callers))]:
            future.result()
    measured.seconds, measured.usage = time.perf_counter() - start, site.usage() - before
    return measured
