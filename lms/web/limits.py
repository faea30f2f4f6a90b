"""Limits: how often one source, or one account, may try; kept in memory or in Redis."""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, strategy="moving-window", headers_enabled=True)


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
