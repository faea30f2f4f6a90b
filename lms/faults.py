"""Fault points: places at which tests let a process die, fail, stall or misread the clock; nothing unless armed."""

import os
import random
import signal
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

VARIABLE = "ASSAY_FAULTS"  # names the file with the plan
_NO_OFFSET = timedelta(0)
_doing = threading.local()


class InjectedFault(OSError):
    """What the action `fail` raises: as if the machine had failed at this point."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of a plan: at this point, within this activity or any, do that with this probability."""

    point: str
    activity: str | None
    action: str
    probability: float
    seconds: float


class Plan:
    """Faults read from a file, which may change while processes run; what fired is noted in a file beside it.

    A line is `POINT[@ACTIVITY] ACTION PROBABILITY [SECONDS]`, the action being kill, fail or stall; a line
    `clock SECONDS` moves the clock. The activity is a request's endpoint or a message's topic.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fired = path.with_suffix(".fired")
        self._read_at: int | None = None
        self._faults: list[Fault] = []
        self._offset = _NO_OFFSET
        self._random = random.Random()  # noqa: S311  # chance, not secrecy
        self._lock = threading.Lock()

    def meet(self, point: str, activity: str | None) -> None:
        """A process has come to this point: whatever the plan has for it happens."""
        with self._lock:
            self._refresh()
            due = [fault for fault in self._faults if self._is_due(fault, point, activity)]
        for fault in due:
            self._strike(fault, activity)

    @property
    def clock_offset(self) -> timedelta:
        with self._lock:
            self._refresh()
            return self._offset

    def _is_due(self, fault: Fault, point: str, activity: str | None) -> bool:
        is_here = fault.point == point and fault.activity in (None, activity)
        return is_here and self._random.random() < fault.probability

    def _strike(self, fault: Fault, activity: str | None) -> None:
        line = f"{fault.point}@{activity} {fault.action} {os.getpid()}\n"
        descriptor = os.open(self._fired, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, line.encode())
        os.close(descriptor)
        if fault.action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if fault.action == "fail":
            raise InjectedFault(f"injected at {fault.point}")
        time.sleep(fault.seconds)

    def _refresh(self) -> None:
        try:
            changed_at = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            changed_at = 0
        if changed_at == self._read_at:
            return
        lines = self._path.read_text(encoding="utf-8").splitlines() if changed_at else []
        words = [line.split() for line in lines if line.strip()]
        self._faults = [_parse(each) for each in words if each[0] != "clock"]
        self._offset = sum((timedelta(seconds=float(each[1])) for each in words if each[0] == "clock"), _NO_OFFSET)
        self._random.seed(f"{changed_at} {os.getpid()}")
        self._read_at = changed_at


def _parse(words: list[str]) -> Fault:
    """Raises ValueError for a line that is no fault: a plan that is misread proves nothing."""
    place, action, probability, *seconds = words
    if action not in {"kill", "fail", "stall"}:
        raise ValueError(f"a fault kills, fails or stalls, got {action!r}")
    point, _, activity = place.partition("@")
    return Fault(point, activity or None, action, float(probability), float(seconds[0]) if seconds else 0.0)


_plan = Plan(Path(os.environ[VARIABLE])) if os.environ.get(VARIABLE) else None


def are_armed() -> bool:
    """Whether the environment names a plan; a server for real people must never be."""
    return _plan is not None


def begin(activity: str | None) -> None:
    """This thread now serves that request or message."""
    if _plan is not None:
        _doing.activity = activity


def point(name: str) -> None:
    """A named place in the code. Costs one comparison where nothing is armed."""
    if _plan is not None:
        _plan.meet(name, getattr(_doing, "activity", None))


def clock_offset() -> timedelta:
    """By how much the clock of this process is to be wrong."""
    return _NO_OFFSET if _plan is None else _plan.clock_offset
