"""Fixtures that every test may use: an application on a real, empty, migrated database."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from certificates.adapters.published_head import PUBLISHED
from lms.accounts.models import Person
from lms.config import Settings
from lms.db.schema import migrate
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.limits import limiter
from lms.web.transactions import EXTENSION
from tests.databases import drop_database, empty, make_database_url
from tests.pages import PATIENCE
from tests.people import PASSWORD
from tests.statements import without_repetition
from wsgi import create_app

# The same browser without windows of its own is twice as fast; `CHROMIUM` names another one.
SHELL = shutil.which("chromium-headless-shell")
CHROMIUM = os.environ.get("CHROMIUM") or SHELL or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# No test asserts a time. The same examples each time: what fails was broken by the change at hand, and fails again.
# HYPOTHESIS_SEARCH=1 looks for new ones.
settings.register_profile("assay", deadline=None, derandomize="HYPOTHESIS_SEARCH" not in os.environ)
settings.load_profile("assay")
expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine may stumble: its tests are tried once more, and the summary names each that was.

    One that is named there is to be looked at: what stumbles in a test stumbles for people too.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


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
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, timeout=120_000)
        yield browser
        browser.close()


@pytest.fixture
def app(process_app: Flask) -> Flask:
    """The application, on an empty database whose log was never published."""
    shutil.rmtree(process_app.extensions[PUBLISHED].folder, ignore_errors=True)
    limiter.enabled = False  # it is one for the process, and another application may have switched it on
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


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application answers while the test runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def sit_down(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Sign a person in, in a browser of their own; faults of scripts fail the test."""
    contexts, faults = [], []

    def open_page(person: Person, *, scripts: bool = True, **options: object) -> Page:
        context = browser.new_context(base_url=address, java_script_enabled=scripts, locale="en-GB", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
        page.goto("/sign-in")
        page.fill("[name=email]", person.email)
        page.fill("[name=password]", PASSWORD)
        page.click("main form button")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults
