"""Assay's API: who is a member, and who may do the work of a tier."""

from collections.abc import Iterator
from typing import Any

from label_studio.calling import call

MOST = 1000  # subjects of one check


class Assay:
    """`key` is an API key with the scopes persons:read and entitlements:check."""

    def __init__(self, url: str, key: str) -> None:
        self._url = f"{url}/api/v1"
        self._headers = {"Authorization": f"Bearer {key}"}

    def people(self) -> dict[str, str]:
        """The addresses of members by their subject, as far as they agreed to that. Raises CallFailed."""
        return {one["subject"]: one["email"].casefold() for one in self._pages("/persons")}

    def address(self, subject: str) -> str:
        """The address of one member. Raises CallFailed, also when it may not be told."""
        return str(self._get(f"/persons/{subject}")["email"]).casefold()

    def open_to(self, tier: str, subjects: list[str]) -> set[str]:
        """Those of them who may do the work of a tier now. Raises CallFailed."""
        found: set[str] = set()
        for start in range(0, len(subjects), MOST):
            body = {"subjects": subjects[start : start + MOST], "tier": tier, "action": "work"}
            told = call("POST", f"{self._url}/entitlements/check-many", self._headers, json=body)
            found |= {one["subject"] for one in told["results"] if one["outcome"] in {"allow", "provisional"}}
        return found

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        after = None
        while True:
            page = self._get(path, limit=200, **({"after": after} if after else {}))
            yield from page["items"]
            after = page["next"]
            if not after:
                return

    def _get(self, path: str, **query: Any) -> dict[str, Any]:
        told: dict[str, Any] = call("GET", self._url + path, self._headers, params=query)
        return told
