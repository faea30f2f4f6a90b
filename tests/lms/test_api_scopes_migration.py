"""Keys that were made before reading work quality was a scope of its own can do what they could."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.dialects import postgresql

from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.engine import make_engine
from lms.db.schema import migration_config
from tests.databases import drop_database, make_database_url

BEFORE, AFTER = "20261121_0030", "20261122_0031"
MADE = datetime(2026, 11, 21, 9, tzinfo=UTC)
INSTANT = sa.DateTime(timezone=True)
KEY = sa.table(
    "api_key",
    *(sa.column(name, sa.Uuid()) for name in ("id", "organisation_id")),
    *(sa.column(name, sa.String()) for name in ("name", "prefix", "secret_hash")),
    *(sa.column(name, INSTANT) for name in ("made_at", "expires_at")),
    sa.column("rate_per_minute", sa.Integer()),
    sa.column("scopes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)  # as it was then, whatever becomes of the model


@pytest.fixture
def fresh(app, tmp_path):
    url = make_database_url(tmp_path)
    engine = make_engine(url)
    config = migration_config(engine, app.extensions["assay.packages"])
    command.upgrade(config, BEFORE)
    yield engine, config
    engine.dispose()
    drop_database(url)


def make_keys(engine: sa.Engine, *scopes_of_each: list[str]) -> list[UUID]:
    ids = [uuid4() for _each in scopes_of_each]
    with engine.begin() as connection:
        for key_id, scopes in zip(ids, scopes_of_each, strict=True):
            connection.execute(
                sa.insert(KEY).values(
                    id=key_id,
                    organisation_id=PUBLIC_ORGANISATION_ID,
                    name="A platform",
                    prefix=key_id.hex[:10],
                    secret_hash=key_id.hex * 2,
                    made_at=MADE,
                    expires_at=MADE + timedelta(days=30),
                    rate_per_minute=60,
                    scopes=scopes,
                )
            )
    return ids


def scopes_of(engine: sa.Engine, ids: list[UUID]) -> list[list[str]]:
    with engine.connect() as connection:
        known = dict(connection.execute(sa.select(KEY.c.id, KEY.c.scopes)).all())
    return [known[key_id] for key_id in ids]


def test_a_key_that_reports_quality_reads_it_as_before_and_no_other_key_does(fresh):
    engine, config = fresh
    before = [["entitlements:check", "quality:write", "tiers:read"], ["quality:write"], ["tiers:read"]]
    ids = make_keys(engine, *before)

    command.upgrade(config, AFTER)
    assert scopes_of(engine, ids) == [
        ["entitlements:check", "quality:read", "quality:write", "tiers:read"],
        ["quality:read", "quality:write"],
        ["tiers:read"],
    ]
    command.downgrade(config, BEFORE)
    assert scopes_of(engine, ids) == before
