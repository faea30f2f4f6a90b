"""A round: some candidates sit while one kind of fault strikes; then everything is delivered and checked."""

import random
import re
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from uuid import UUID

from tests.chaos import exam
from tests.chaos.candidates import Candidate
from tests.chaos.checker import Violation, check_sitting, lost
from tests.chaos.history import Outcome, Sitting
from tests.chaos.kinds import Kind
from tests.chaos.network import Network
from tests.chaos.servers import Server
from tests.chaos.store import (
    check_installation,
    count_letters,
    count_open,
    count_waiting,
    end_leases,
    read_attempts,
)
from tests.chaos.strikes import Field
from tests.chaos.worlds import World

CANDIDATES = 10
_DRAIN = 240.0  # seconds of real time in which all effects must have arrived
_LEASES_END = 4.0  # seconds between two looks for messages that a dead worker had in its hands


@dataclass(slots=True)
class Report:
    """What one round did and found."""

    kind: str
    database: str
    seed: str
    struck: int = 0
    attempts: int = 0
    sent: int = 0
    acknowledged: int = 0
    late: int = 0
    unknown: int = 0
    gave_up: int = 0
    requests: int = 0
    server_errors: int = 0  # answers of 500: a defect was logged
    unavailable: int = 0  # answers of 503: asked to come again
    restarts: int = 0
    certificates: int = 0
    slowest: float = 0.0
    seconds: float = 0.0
    lost: int = 0
    violations: list[Violation] = field(default_factory=list)


def run_round(world: World, kind: Kind, seed: str, *, candidates: int = CANDIDATES) -> Report:
    """Run one round; the world is whole again afterwards."""
    began, restarts, logged = time.monotonic(), world.server.restarts, world.server.log.stat().st_size
    network = Network(world.server.port, kind.weather)
    sittings = _sit(world, kind, network, seed, candidates)
    report = Report(kind.name, world.database, seed, struck=sittings.struck + network.mishaps)
    if sittings.fault:
        report.violations.append(Violation("the fault strikes", "-", sittings.fault))
    _recover(world)
    _let_time_pass(world, kind)
    letters = count_letters(world.server.folder)
    for sitting in sittings.done:
        attempts = read_attempts(world.app, sitting.person, letters)
        report.violations += check_sitting(sitting.sitting, attempts)
        report.certificates += sum(attempt.certificates for attempt in attempts)
        report.attempts += len(attempts)
    found = check_installation(world.app, world.server.folder)
    report.violations += [violation for violation in found if str(violation) not in world.told]
    world.told |= {str(violation) for violation in found}
    _count(report, [each.sitting for each in sittings.done], network)
    if kind.slowest is not None and network.slowest > kind.slowest:
        what = f"an answer took {network.slowest:.1f} s, at most {kind.slowest} s are allowed"
        report.violations.append(Violation("saves go on", "-", what))
    if report.server_errors and not kind.may_fail:
        what = f"{report.server_errors} answers of 500"
        report.violations.append(Violation("faults are told as such", "-", what, _defects(world.server, logged)))
    report.restarts = world.server.restarts - restarts
    report.seconds = time.monotonic() - began
    return report


def verify_all(world: World, seed: str) -> Report:
    """Every result of the run computed anew by the command that operators have for it."""
    report = Report("attempt verify", world.database, seed)
    try:
        world.server.command("attempt", "verify")
    except AssertionError as fault:
        report.violations.append(Violation("the score is a pure function", "-", str(fault)[-2000:]))
    return report


def _defects(server: Server, since: int) -> tuple[str, ...]:
    """What the server logged about its own faults since it had logged so many bytes: the end of each traceback."""
    logged = server.log.read_bytes()[since:].decode(errors="replace")
    lines = logged.splitlines()
    ends = [number for number, line in enumerate(lines) if re.match(r"[\w.]+(Error|Exception|Fault)\b", line)]
    return tuple(" / ".join(line.strip() for line in lines[max(0, end - 4) : end + 1]) for end in ends[-5:])


@dataclass(slots=True)
class _Sat:
    person: UUID
    sitting: Sitting


@dataclass(slots=True)
class _Sittings:
    done: list[_Sat]
    struck: int
    fault: str  # why the strike itself failed, which would prove nothing


def _sit(world: World, kind: Kind, network: Network, seed: str, count: int) -> _Sittings:
    """The candidates sit, each in a thread, while the fault strikes in another."""
    people = exam.make_people(world.app, count)
    is_over = threading.Event()
    battle = Field(world, random.Random(f"{seed} strike"), is_over)
    sitting_of = {
        person: Sitting(
            f"{kind.name}/{seed}/{number}", str(person), kind.behaviour.test, clock_was_wrong=kind.clock_is_wrong
        )
        for number, (person, _) in enumerate(people)
    }
    entered, has_struck = threading.Barrier(count + 1), threading.Event()

    def sit(number: int) -> _Sat:
        person, email = people[number]
        candidate = Candidate(
            network,
            replace(kind.behaviour, is_plain=True) if kind.mixes_programs and number % 2 else kind.behaviour,
            sitting_of[person],
            email=email,
            source=f"127.{random.Random(f'{seed} {number}').randrange(1, 255)}.{number // 250}.{number % 250 + 1}",
            seed=f"{seed} {number}",
            has_struck=has_struck,
        )
        try:
            candidate.enter()
        finally:
            entered.wait()
        return _Sat(person, candidate.sit())

    with ThreadPoolExecutor(count + 1) as pool:
        sitting = [pool.submit(sit, number) for number in range(count)]
        entered.wait()
        striking = pool.submit(kind.strike, battle)
        striking.add_done_callback(lambda _: has_struck.set())
        done = [each.result() for each in sitting]
        is_over.set()
        fault = striking.exception()
        told = "".join(traceback.format_exception(fault)) if fault else ""
        return _Sittings(done, 0 if fault else striking.result(), told)


def _recover(world: World) -> None:
    """All faults end: what was down is up again."""
    world.server.arm()
    world.disk.free()
    if world.cluster is not None and not world.cluster.is_running():
        world.cluster.start()
    world.server.wait_until_ready()


def _let_time_pass(world: World, kind: Kind) -> None:
    """Wait until the deadline has passed for those who left it to that, and until every effect has arrived."""
    if not kind.behaviour.submits:
        time.sleep(exam.SHORT_LIMIT.total_seconds() / 4)
    end = time.monotonic() + _DRAIN
    looked = time.monotonic()
    while time.monotonic() < end and (count_waiting(world.app) or _is_awaited(world, kind)):
        time.sleep(0.2)
        if time.monotonic() - looked > _LEASES_END:
            end_leases(world.app)
            looked = time.monotonic()


def _is_awaited(world: World, kind: Kind) -> bool:
    """Whether the server has still to hand in what was left to the deadline."""
    return not kind.behaviour.submits and count_open(world.app, kind.behaviour.test) > 0


def _count(report: Report, sittings: list[Sitting], network: Network) -> None:
    saves = [save for sitting in sittings for save in sitting.saves]
    report.sent = len(saves)
    report.acknowledged = sum(save.outcome is Outcome.SAVED for save in saves)
    report.late = sum(save.outcome is Outcome.LATE for save in saves)
    report.unknown = sum(save.outcome is Outcome.UNKNOWN for save in saves)
    report.gave_up = sum(bool(sitting.gave_up) for sitting in sittings)
    report.requests = network.requests
    report.server_errors = network.statuses.get(500, 0)
    report.unavailable = network.statuses.get(503, 0)
    report.slowest = network.slowest
    report.lost = lost(report.violations)
