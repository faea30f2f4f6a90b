"""Limits: how often one source, or one account, may try; kept in memory or in Redis."""

import math
import time
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from limits.util import WindowStats

limiter = Limiter(key_func=get_remote_address, strategy="moving-window", headers_enabled=True)
_SWEEP_EVERY = 60.0  # seconds
Answer = TypeVar("Answer")


class SweptMemory(MemoryStorage):
    """Counts in the memory of this process. The storage that it derives from starts a thread at every hit, to forget
    what has expired, and that costs more than the rest of the hit; here the first hit of a minute forgets it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._swept_at = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, from zero when the time of the key is over; returns the sum. `expiry` is in seconds."""
        now = time.time()
        if now - self._swept_at > _SWEEP_EVERY:
            self._swept_at = now
            for each in list(self.expirations):
                self.get(each)  # which forgets it, if it has expired
        self.get(key)
        with self.locks[key]:
            self.storage[key] += amount
            if self.storage[key] == amount:
                self.expirations[key] = now + expiry
            return self.storage[key]


_own_memory = SlidingWindowCounterRateLimiter(SweptMemory())  # where there is no common storage, or it is away


def count(rate: RateLimitItem, name: str) -> tuple[bool, WindowStats] | None:
    """Count one use under this name: whether it was within the rate, and what is left. None where nothing is limited.

    The cost does not grow with the rate, and with Redis away each process counts for itself.
    """
    return _ask(lambda counter: (counter.hit(rate, name), counter.get_window_stats(rate, name)))


def look(rate: RateLimitItem, name: str) -> WindowStats | None:
    """What is left under this name; nothing is counted by it. None where nothing is limited."""
    return _ask(lambda counter: counter.get_window_stats(rate, name))


def seconds_until_more(left: WindowStats) -> int:
    """In how many seconds there is more left than now; at least one."""
    return max(1, math.ceil(left.reset_time - time.time()))


def _ask(question: Callable[[SlidingWindowCounterRateLimiter], Answer]) -> Answer | None:
    if not limiter.enabled:
        return None
    if isinstance(limiter.storage, MemoryStorage):
        return question(_own_memory)
    try:
        return question(SlidingWindowCounterRateLimiter(limiter.storage))
    except limiter.storage.base_exceptions:
        return question(_own_memory)


def account_named() -> str:
    """The account that a form names, whoever sends it: guessing is slowed for the account as well."""
    return "account:" + request.form.get("email", "").strip().casefold()[:254]


def register_limits(app: Flask, storage_url: str, *, is_enabled: bool) -> None:
    """With Redis away the limits fall back to the memory of the process, they do not fall open."""
    app.config.update(
        RATELIMIT_STORAGE_URI=storage_url,
        RATELIMIT_ENABLED=is_enabled,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=storage_url != "memory://",
    )
    limiter.init_app(app)
