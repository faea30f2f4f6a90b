"""Facts that certificates announce: the issuance log is about to grow, and has grown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogToGrow:
    """Leaves are about to be appended to a log of `size` leaves under `root` (32 bytes); a subscriber may refuse it."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class LogGrown:
    """The log has another checkpoint, which may be published once the transaction is committed."""

    note: str
