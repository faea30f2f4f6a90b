"""Calls to either service: bounded in time, one exception for whatever goes wrong."""

from typing import Any

import requests

SECONDS = 10


class CallFailed(Exception):
    """A service did not answer, or not as documented. What was to be done is not done, and is to be tried again."""


def call(method: str, url: str, headers: dict[str, str], **more: Any) -> Any:
    """The JSON of the answer; None for an empty one. Raises CallFailed."""
    try:
        answer = requests.request(method, url, headers=headers, timeout=SECONDS, allow_redirects=False, **more)
        if not 200 <= answer.status_code < 300:
            raise CallFailed(f"{method} {url}: {answer.status_code}")
        return answer.json() if answer.content else None
    except (requests.RequestException, ValueError) as error:
        raise CallFailed(f"{method} {url}: {error}") from error
