"""Takes from this process what rendering and reading need not: network, writing, other programs, memory without end."""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of sched.h
_NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS of prctl.h
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MOST_FILES = 128
_FORBIDDEN = (
    "ctypes.dlopen",
    "os.chmod",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.kill",
    "os.link",
    "os.mkdir",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.spawn",
    "os.startfile",
    "os.symlink",
    "os.system",
    "os.truncate",
    "shutil.",
    "socket.",
    "subprocess.",
    "urllib.",
)


def leave_network() -> None:
    """Move into a network without interfaces where the kernel lets us; must come before the first thread.

    Containers often forbid it. The audit hook then stands alone.
    """
    if sys.platform == "linux":
        kernel = ctypes.CDLL(None, use_errno=True)
        kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        kernel.unshare(_NEW_USER | _NEW_NETWORK)


def confine(*, memory_bytes: int, folders: tuple[Path, ...]) -> None:
    """Limit this process for good, and let Python read files in these folders alone.

    Fonts are read by libraries beneath Python, which the hook does not see and the limits do. What it complains
    about goes into a pipe; whoever fills that waits until its time is over.
    """
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _MOST_FILES)
    if sys.platform == "linux":  # elsewhere these are not kept, or not taken
        _limit(resource.RLIMIT_NPROC, 0)
        _limit(resource.RLIMIT_AS, memory_bytes)
    sys.addaudithook(_guard(tuple(f"{folder}{os.sep}" for folder in folders)))


def allow_seconds(seconds: int) -> None:
    """Grant this process so many more CPU seconds; after them the kernel ends it with SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)


def _limit(kind: int, most: int) -> None:
    """Lower the soft limit. It is raised again for none but the CPU time, and only by us."""
    _soft, hard = resource.getrlimit(kind)
    keeps_hard = kind == resource.RLIMIT_CPU
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (least, hard if keeps_hard else least))


def _guard(folders: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            if flags & _WRITING or not _is_within(path, folders):
                raise PermissionError(f"the jail does not open {path!r:.200}")
        elif event.startswith(_FORBIDDEN):
            raise PermissionError(f"the jail does not allow {event}")

    return refuse


def _is_within(path: object, folders: tuple[str, ...]) -> bool:
    if not isinstance(path, str | bytes):
        return isinstance(path, int)  # a descriptor that is open already
    return os.path.abspath(os.fsdecode(path)).startswith(folders)


def ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that started us: it ends us when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
