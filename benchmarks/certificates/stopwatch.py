"""What each step of issuing costs in CPU seconds, told apart by the points that the worker comes to."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from benchmarks.load.measures import cpu_seconds, tree_of
from lms import faults

OUTBOX = "outbox and mail"  # leases, deliveries marked, the letter to the holder: not part of the certificate itself
# The step that ends at a point; what lies between other points goes on.
ENDS = {
    "outbox.leased": OUTBOX,
    "issue.intended": "intent and leaf",
    "issue.signature": "credential and JWT",
    "issue.signed": "kept",
    "issue.printed": "signature of the PDF",
    "issue.stored": "file",
}


class Stopwatch:
    """Counts the CPU seconds of this process by step."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._since = 0.0
        self._last = ""

    @contextmanager
    def running(self, last: str) -> Iterator[None]:
        """What comes after the last point counts as `last`."""
        self._since = time.process_time()
        with patch.object(faults, "point", self._come):
            yield
        self._end(last)

    def _come(self, point: str) -> None:
        if point in ENDS:
            self._end(ENDS[point])
        elif point == "outbox.handled":  # of this message, or of a letter
            self._end("file noted" if self._last == "file" else OUTBOX)

    def _end(self, step: str) -> None:
        now = time.process_time()
        self.seconds[step] += now - self._since
        self._since, self._last = now, step


def seconds_of_children(process_id: int) -> float:
    """CPU seconds of the processes that this one started, those included that have ended."""
    pids = tree_of(process_id)
    own = time.process_time()
    return cpu_seconds(pids) - own
