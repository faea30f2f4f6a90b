"""A browser, and a site of items for it to look at."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from assessments.domain.schemas.base import Content
from tests.assessments.web_items.item_pages import Site, make_app


@pytest.fixture
def open_items(browser: Browser) -> Iterator[Callable[..., tuple[Page, Site]]]:
    """Open a page with these items, (type, content) each; returns the page and the site behind it."""
    closing: list[Callable[[], object]] = []

    def open_page(
        *items: tuple[str, Content], scripts: bool = True, site: Site | None = None, at: str = "/"
    ) -> tuple[Page, Site]:
        site = site or Site(list(items))
        server = make_server("127.0.0.1", 0, make_app(site), threaded=True)
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        context = browser.new_context(java_script_enabled=scripts)
        closing.extend([context.close, server.shutdown])
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}{at}")
        return page, site

    yield open_page
    for close in closing:
        close()
