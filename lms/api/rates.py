"""Rates: how often each key may call in a minute, counted where the other limits are."""

import time
from uuid import UUID

from flask import g
from limits import RateLimitItemPerMinute

from lms.api.problems import RateExceeded
from lms.web.limits import count

_TOLD = "assay_rate"


def count_request(key_id: UUID, per_minute: int) -> None:
    """Count a request of this key. Raises RateExceeded when it is one too many."""
    counted = count(RateLimitItemPerMinute(per_minute), f"api-key:{key_id}")
    if counted is None:
        return
    is_within, left = counted
    seconds = max(1, round(left.reset_time - time.time()))
    setattr(g, _TOLD, (per_minute, left.remaining, seconds))
    if not is_within:
        message = f"This key may call {per_minute} times a minute. Try again in {seconds} seconds."
        raise RateExceeded(message, facts={"retry_after": seconds})


def rate_headers() -> dict[str, str]:
    """What the answer tells of the key's rate; nothing where none is counted."""
    told: tuple[int, int, int] | None = g.get(_TOLD)
    if told is None:
        return {}
    per_minute, remaining, seconds = told
    return {"RateLimit-Policy": f'"key";q={per_minute};w=60', "RateLimit": f'"key";r={remaining};t={seconds}'}
