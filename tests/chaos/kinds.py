"""The kinds of fault there are: what goes wrong, how candidates behave meanwhile, and where it applies."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.chaos import exam, strikes
from tests.chaos.candidates import Behaviour
from tests.chaos.network import FAIR, Weather

BOTH = ("sqlite", "postgresql")
SQLITE, POSTGRESQL = ("sqlite",), ("postgresql",)
SAVE, SUBMIT, START = (f"assessments_candidate.{name}" for name in ("save", "submit", "start"))
RENDER = "certificate.render"
ORDINARY = Behaviour()
SHORT = replace(ORDINARY, test=exam.SHORT, answers=60, think=0.35, submits=0)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault. `strike` runs beside the candidates and says how often it struck."""

    name: str
    what: str
    strike: Callable[[strikes.Field], int] = strikes.nothing
    databases: tuple[str, ...] = BOTH
    behaviour: Behaviour = ORDINARY
    weather: Weather = FAIR
    clock_is_wrong: bool = False
    may_fail: bool = False  # answers of 500 belong to it
    mixes_programs: bool = False  # every other candidate uses a program that knows no keys and no pen
    slowest: float | None = None  # seconds that no answer may take longer
    needs_own_disk: bool = False

    @property
    def is_quick(self) -> bool:
        """Whether a round takes seconds: nobody waits for a deadline, a lease or an operator."""
        return bool(self.behaviour.submits) and not self.needs_own_disk and self.slowest is None


def _armed(*faults: str) -> Callable[[strikes.Field], int]:
    return lambda battle: strikes.arm(battle, faults)


_MANY = replace(ORDINARY, answers=14, outlasts=True)
_FEW = replace(ORDINARY, answers=8)

KINDS: tuple[Kind, ...] = (
    # A web process dies
    Kind(
        "die on arrival",
        "kill -9 as a save comes in",
        _armed(f"request@{SAVE} kill 0.04"),
        behaviour=_MANY,
    ),
    Kind(
        "die before commit",
        "kill -9 before a save is committed",
        _armed(f"commit.before@{SAVE} kill 0.04"),
        behaviour=_MANY,
    ),
    Kind(
        "die after commit",
        "kill -9 after a save is committed",
        _armed(f"commit.after@{SAVE} kill 0.04"),
        behaviour=_MANY,
    ),
    Kind(
        "die before answer",
        "kill -9 as the answer to a save leaves",
        _armed(f"response@{SAVE} kill 0.04"),
        behaviour=_MANY,
    ),
    Kind(
        "die submitting",
        "kill -9 around the commit of a submit",
        _armed(f"commit.before@{SUBMIT} kill 0.5", f"commit.after@{SUBMIT} kill 0.5"),
        behaviour=_FEW,
    ),
    Kind(
        "die starting",
        "kill -9 around the commit of a start",
        _armed(f"commit.before@{START} kill 0.5", f"commit.after@{START} kill 0.5"),
        behaviour=_FEW,
    ),
    Kind("kill everything", "kill -9 of all processes at once, started again", strikes.kill_server, behaviour=_MANY),
    Kind(
        "rolling restart",
        "new processes up, old ones told to finish, old and new programs calling",
        strikes.restart_server,
        behaviour=_MANY,
        mixes_programs=True,
    ),
    Kind("freeze", "the whole service stands still for seconds", strikes.freeze_server, behaviour=_MANY),
    Kind(
        "a point fails",
        "an error of the machine before commits and answers",
        _armed(f"commit.before@{SAVE} fail 0.06", f"response@{SAVE} fail 0.06", f"commit.before@{SUBMIT} fail 0.3"),
        may_fail=True,
    ),
    # The network fails
    Kind("lost requests", "a quarter of requests never arrives", weather=Weather(drops_request=0.25)),
    Kind("lost answers", "a quarter of answers never arrives", weather=Weather(drops_answer=0.25)),
    Kind("cut requests", "a quarter of requests breaks off in the middle", weather=Weather(cuts_request=0.25)),
    Kind("repeats", "half of all requests arrive twice, late and out of order", weather=Weather(repeats=0.5, late=1.5)),
    Kind(
        "foul weather",
        "everything the network can do, at once",
        weather=Weather(0.12, 0.08, 0.12, 0.25, 1.0, 0.15),
        behaviour=_FEW,
    ),
    # Several devices, several clicks
    Kind("two devices", "two devices answer the same attempt", behaviour=replace(ORDINARY, devices=2, is_plain=True)),
    Kind("pen to and fro", "two devices take the pen from one another", behaviour=replace(ORDINARY, devices=2)),
    Kind("parallel starts", "eight starts at once", behaviour=replace(_FEW, starts=8)),
    Kind("parallel submits", "eight submits at once", behaviour=replace(_FEW, submits=8)),
    Kind(
        "submit races saves",
        "a submit amid saves of two devices, repeated by the network",
        behaviour=replace(ORDINARY, devices=2, submits=2, submits_early=True, is_plain=True),
        weather=Weather(repeats=0.3, late=0.5),
    ),
    # The time limit and the clock
    Kind("last second", "everybody answers through the deadline; the server hands in", behaviour=SHORT),
    Kind(
        "late answers",
        "answers go on arriving after the end, some of them given before it",
        behaviour=replace(SHORT, insists=True),
        weather=Weather(drops_request=0.5, delay=0.4),
    ),
    Kind(
        "freeze at deadline",
        "the service stands still across the deadline",
        strikes.freeze_at_deadline,
        behaviour=SHORT,
    ),
    Kind(
        "die at deadline",
        "kill -9 of everything just before the deadline",
        strikes.kill_at_deadline,
        behaviour=SHORT,
    ),
    Kind(
        "clock ahead",
        "the server's clock jumps two hours ahead and back",
        strikes.clock_ahead,
        clock_is_wrong=True,
        behaviour=_MANY,
    ),
    Kind(
        "clock behind",
        "the server's clock jumps two hours back and forth",
        strikes.clock_behind,
        clock_is_wrong=True,
        behaviour=_MANY,
    ),
    # The worker dies
    Kind(
        "worker dies leasing",
        "kill -9 of the worker with a message in its hands",
        _armed("outbox.leased kill 0.7"),
        behaviour=_FEW,
    ),
    Kind(
        "worker dies at work",
        "kill -9 of the worker between rendering and noting the file",
        _armed(f"commit.before@{RENDER} kill 0.8"),
        behaviour=_FEW,
    ),
    Kind(
        "worker dies done",
        "kill -9 of the worker before it marks a message delivered",
        _armed("outbox.handled kill 0.7"),
        behaviour=_FEW,
    ),
    Kind("worker killed", "kill -9 of the worker at any moment", strikes.kill_worker, behaviour=_FEW),
    # The database fails
    Kind("database crash", "immediate stop and recovery", strikes.crash_database, POSTGRESQL, _MANY),
    Kind("database restart", "fast stop and start", strikes.restart_database, POSTGRESQL, _MANY),
    Kind("database frozen", "every process of it stands still for seconds", strikes.freeze_database, POSTGRESQL, _MANY),
    Kind("backend killed", "kill -9 of a process of it", strikes.kill_backend, POSTGRESQL, _MANY),
    Kind("connections cut", "it throws every client out", strikes.terminate_backends, POSTGRESQL, _MANY),
    Kind("database locked", "somebody else holds the write lock for seconds", strikes.hold_lock, BOTH, _MANY),
    # No space is left
    Kind(
        "disk full",
        "no space left for data and database",
        strikes.fill_disk,
        BOTH,
        _MANY,
        needs_own_disk=True,
    ),
    Kind(
        "files too large",
        "no process of the server may write beyond what is written",
        strikes.limit_files,
        SQLITE,
        _MANY,
    ),
    # The schema changes
    Kind("migration", "the migration runs again and again amid traffic", strikes.migrate, BOTH, _MANY),
    Kind(
        "migration waits",
        "a migration behind a long reader must not stop the saves",
        strikes.migrate_behind_a_reader,
        BOTH,
        _MANY,
        slowest=6.0,
    ),
)


def by_name(name: str) -> Kind:
    """Raises LookupError that names the kinds there are."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise LookupError(f"there is no kind {name!r}; there are: {', '.join(kind.name for kind in KINDS)}")
