"""Fixtures that every test may use: an application on a real, empty, migrated database."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.orm import Session

from lms.config import Settings
from lms.db.schema import migrate
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION
from tests.databases import drop_database, empty, make_database_url
from tests.statements import without_repetition
from wsgi import create_app

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def process_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    folder = tmp_path_factory.mktemp("data")
    url = make_database_url(folder)
    yield Settings(
        data_dir=folder,
        database_url=url,
        base_url="http://127.0.0.1:8000",
        secret_key="a secret for tests only",
        is_throttled=False,
    )
    drop_database(url)


@pytest.fixture(scope="session")
def process_app(process_settings: Settings) -> Iterator[Flask]:
    app = create_app(process_settings)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    engine = app.extensions[EXTENSION].engine
    migrate(engine, app.extensions["assay.packages"])
    yield app
    app.extensions[EXTENSION].close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; one for the process, because Playwright runs once in a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def app(process_app: Flask) -> Flask:
    """The application, on an empty database."""
    empty(process_app.extensions[EXTENSION].engine)
    return process_app


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions[EXTENSION]


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A write transaction in the public organisation, committed at the end of the test."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        yield session


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A browser without JavaScript, a cookie jar included; no page may send one statement again and again."""
    with without_repetition(app):
        yield app.test_client()


@pytest.fixture
def data_dir(process_settings: Settings) -> Path:
    return process_settings.data_dir
