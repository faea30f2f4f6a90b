"""A real server with its worker on its own data directory, and Debian's Chromium."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.newcomer import Site
from tests.databases import drop_database, make_database_url

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The shipped catalogue, served as `make run` serves it."""
    folder = tmp_path_factory.mktemp("site")
    database_url = make_database_url(folder)
    port = free_port()
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "PORT": str(port),
    }
    site = Site(f"http://127.0.0.1:{port}", [sys.executable, str(ROOT / "wsgi.py")], environment)
    site.command("migrate")
    site.command("catalogue", "load", "courses/catalogue")
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(
        [*site.program, "serve", "--with-worker"], env=environment, cwd=ROOT, stdout=log, stderr=log
    )
    try:
        _wait_for(site.url)
        yield site
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()
        drop_database(database_url)


def _wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urlopen(f"{url}/readyz", timeout=5):
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("the server did not answer within a minute")


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
