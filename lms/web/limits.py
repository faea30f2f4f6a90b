"""Limits: how often one source, or one account, may try; kept in memory or in Redis."""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from limits.util import WindowStats

limiter = Limiter(key_func=get_remote_address, strategy="moving-window", headers_enabled=True)
_own_memory = SlidingWindowCounterRateLimiter(MemoryStorage())  # for when the common storage is away


def count(rate: RateLimitItem, name: str) -> tuple[bool, WindowStats] | None:
    """Count one use under this name: whether it was within the rate, and what is left. None where nothing is limited.

    The cost does not grow with the rate, and with Redis away each process counts for itself.
    """
    if not limiter.enabled:
        return None
    try:
        return _count(SlidingWindowCounterRateLimiter(limiter.storage), rate, name)
    except limiter.storage.base_exceptions:
        return _count(_own_memory, rate, name)


def _count(counter: SlidingWindowCounterRateLimiter, rate: RateLimitItem, name: str) -> tuple[bool, WindowStats]:
    is_within = counter.hit(rate, name)
    return is_within, counter.get_window_stats(rate, name)


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
