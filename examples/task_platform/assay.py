"""Assay's API, as far as this platform needs it. Each call is bounded in time; what goes wrong is one exception."""

from dataclasses import dataclass
from typing import Any

import requests

SECONDS = 5


UNKNOWN = "Our organisation at Assay does not know you any more, or not yet: ask us for an invitation."


class AssayIsAway(Exception):
    """Assay did not answer, or not as documented. What it would have said is not known."""


class Refused(AssayIsAway):
    """Assay answered with a problem (RFC 9457). `code` says which; it is what its type ends with."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Answer:
    """What Assay says of a person and a tier. `missing` are sentences for the person."""

    outcome: str  # allow | deny | provisional
    missing: list[str]
    decision: str

    @property
    def is_open(self) -> bool:
        return self.outcome in {"allow", "provisional"}


class Assay:
    """`key` is an API key with the scopes entitlements:check, entitlements:tokens and quality:write."""

    def __init__(self, url: str, key: str) -> None:
        self._url = f"{url}/api/v1"
        self._headers = {"Authorization": f"Bearer {key}"}

    def check(self, subject: str, tier: str) -> Answer:
        """May this person do this work, and if not, what is missing?"""
        try:
            told = self._post("/entitlements/check", {"subject": subject, "tier": tier, "action": "work"})
        except Refused as refusal:
            if refusal.code != "unknown-subject":
                raise
            return Answer("deny", [UNKNOWN], "")
        return Answer(told["outcome"], [each["text"] for each in told["missing"]], told["decision_id"])

    def token(self, subject: str, tier: str) -> str | None:
        """The same answer as a signed token, for deciding without a call for as long as it lives; None for a no."""
        try:
            told = self._post("/entitlements/tokens", {"subject": subject, "tier": tier, "action": "work"})
        except Refused:
            return None
        return str(told["token"])

    def report(self, outcomes: list[dict[str, Any]]) -> dict[str, str]:
        """Tell how gold tasks went; what became of each, by `external_id`. Telling twice counts once."""
        told = self._post("/work/outcomes", {"outcomes": outcomes})
        return {each["external_id"]: each["state"] for each in told["outcomes"]}

    def keys(self) -> dict[str, Any]:
        """The public keys under which tokens are signed."""
        return self._ask("GET", self._url.removesuffix("/api/v1") + "/.well-known/jwks.json")

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask("POST", self._url + path, json=body, headers=self._headers)

    def _ask(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        try:
            answer = requests.request(method, url, timeout=SECONDS, allow_redirects=False, **more)
            told: dict[str, Any] = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise AssayIsAway(str(error)) from error
        if 400 <= answer.status_code < 500:
            raise Refused(str(told.get("type", "")).rpartition("#")[2])
        if answer.status_code != 200:
            raise AssayIsAway(f"{answer.status_code}")
        return told
