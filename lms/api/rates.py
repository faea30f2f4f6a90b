"""Rates: how often each key may call in a minute, and how often one address may send a key that is none."""

from uuid import UUID

from flask import g
from flask_limiter.util import get_remote_address
from limits import RateLimitItemPerMinute

from lms.api.problems import RateExceeded, TooManyWrongKeys
from lms.web.limits import count, look, seconds_until_more

WRONG_KEYS = RateLimitItemPerMinute(30)  # of one address, behind which may be a whole office
_TOLD = "assay_rate"


def count_request(key_id: UUID, per_minute: int) -> None:
    """Count a request of this key. Raises RateExceeded when it is one too many."""
    counted = count(RateLimitItemPerMinute(per_minute), f"api-key:{key_id}")
    if counted is None:
        return
    is_within, left = counted
    seconds = seconds_until_more(left)
    setattr(g, _TOLD, (per_minute, left.remaining, seconds))
    if not is_within:
        message = f"This key may call {per_minute} times a minute. Try again in {seconds} seconds."
        raise RateExceeded(message, facts={"retry_after": seconds})


def refuse_guessing() -> None:
    """Raises TooManyWrongKeys where this request's address sent too many keys that are none; nothing is counted."""
    left = look(WRONG_KEYS, _address())
    if left is not None and left.remaining == 0:
        seconds = seconds_until_more(left)
        message = f"From this address came {WRONG_KEYS.amount} wrong keys in a minute. Try again in {seconds} seconds."
        raise TooManyWrongKeys(message, facts={"retry_after": seconds})


def count_wrong_key() -> None:
    """Count a key that is none against the address that it came from. One that has ended is no guess."""
    count(WRONG_KEYS, _address())


def _address() -> str:
    return f"wrong-api-key:{get_remote_address()}"


def rate_headers() -> dict[str, str]:
    """What the answer tells of the key's rate; nothing where none is counted."""
    told: tuple[int, int, int] | None = g.get(_TOLD)
    if told is None:
        return {}
    per_minute, remaining, seconds = told
    return {"RateLimit-Policy": f'"key";q={per_minute};w=60', "RateLimit": f'"key";r={remaining};t={seconds}'}
