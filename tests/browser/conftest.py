"""A real server with its worker on its own data directory, and Debian's Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.newcomer import Site
from tests.browser.server import Server
from tests.databases import drop_database, make_database_url


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("site")
    database_url = make_database_url(folder)
    server = Server(folder, database_url)
    try:
        yield server
    finally:
        server.stop()
        drop_database(database_url)


@pytest.fixture(scope="session")
def site(server: Server) -> Site:
    """The shipped catalogue, served as `make run` serves it."""
    return server.site


@pytest.fixture(autouse=True)
def nothing_left_open(browser: Browser) -> Iterator[None]:
    """A page that a test leaves open would go on working beside the next ones."""
    before = browser.contexts
    yield
    for context in browser.contexts:
        if context not in before:
            context.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def context(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site.url, java_script_enabled=request.param, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def scripted(browser: Browser, site: Site) -> Iterator[Page]:
    """A page with JavaScript whose faults fail the test."""
    context = browser.new_context(base_url=site.url, locale="en-GB")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    assert not faults
