"""API keys for tests, and a client that calls with one."""

from datetime import timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from lms import clock
from lms.api.keys import NewKey, make_key
from lms.api.scopes import Scope
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID


def make_api_key(
    database: Database,
    *,
    organisation_id: UUID = PUBLIC_ORGANISATION_ID,
    scopes: tuple[str, ...] = tuple(Scope),
    days: int = 30,
    rate_per_minute: int = 1200,
) -> NewKey:
    """A key of the organisation, made and committed."""
    now = clock.now()
    with database.transaction(organisation_id) as session:
        return make_key(
            session,
            name="A platform",
            scopes=scopes,
            expires_at=now + timedelta(days=days),
            rate_per_minute=rate_per_minute,
            by=None,
            at=now,
        )


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def caller_with(app: Flask, secret: str) -> FlaskClient:
    """A client without cookies whose every request carries the key."""
    client = app.test_client(use_cookies=False)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client
