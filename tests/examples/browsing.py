"""A person without scripts in front of two sites: follows links, fills forms, goes on where a page says so."""

import html
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import requests

from tests.pages import PATIENCE

_TOKEN = re.compile(r'name="(csrf_token|form_token)"[^>]*value="([^"]+)"')
_REFRESH = re.compile(r'content="0; url=([^"]+)"')


class Visitor:
    """One browser with its cookies."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self.page: requests.Response

    def get(self, url: str) -> requests.Response:
        """Open an address, and go on for as long as pages lead on by themselves."""
        return self._arrive(self._session.get(url, timeout=PATIENCE))

    def post(self, url: str, **fields: Any) -> requests.Response:
        """Send a form of the present page, with its token against forgery."""
        found = _TOKEN.search(self.page.text)
        if found:
            fields[found[1]] = html.unescape(found[2])
        return self._arrive(self._session.post(urljoin(self.page.url, url), data=fields, timeout=PATIENCE))

    def put(self, url: str, body: Any) -> requests.Response:
        """What a page's script sends."""
        found = _TOKEN.search(self.page.text)
        headers = {"X-CSRF-Token": html.unescape(found[2]) if found else ""}
        return self._session.put(urljoin(self.page.url, url), json=body, headers=headers, timeout=PATIENCE)

    def _arrive(self, answer: requests.Response) -> requests.Response:
        found = _REFRESH.search(answer.text) if "html" in answer.headers.get("Content-Type", "") else None
        if found:
            return self.get(urljoin(answer.url, html.unescape(found[1])))
        self.page = answer
        return answer

    @property
    def text(self) -> str:
        """What the present page says."""
        return html.unescape(self.page.text)

    def action(self, pattern: str) -> str:
        """The address of the form of the present page that matches."""
        found = re.search(rf'action="({pattern})"', self.page.text)
        assert found, f"no form {pattern} on {self.page.url} ({self.page.status_code})"
        return html.unescape(found[1])

    def link(self, pattern: str) -> str:
        """The address of the first link of the present page that matches."""
        found = re.search(rf'href="({pattern})', self.page.text)
        assert found, f"no link {pattern} on {self.page.url} ({self.page.status_code}): {self.text[-3000:]}"
        return html.unescape(found[1])


def eventually(is_so: Callable[[], bool], what: str) -> None:
    """Wait for what another process does. Raises AssertionError."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.2)
