"""The application on a real port, and people who write items in a browser."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from lms.accounts.models import Person
from tests.people import PASSWORD


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
        page.set_default_timeout(15_000)
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
