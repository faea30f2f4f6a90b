"""Label Studio's REST API, as far as the adapter needs it: users, and the members of a project (Enterprise)."""

from typing import Any

from label_studio.calling import call


class LabelStudio:
    """`token` is a user's access token; that user may change the members of the projects concerned."""

    def __init__(self, url: str, token: str) -> None:
        self._url = f"{url}/api"
        self._headers = {"Authorization": f"Token {token}"}

    def users(self) -> dict[str, int]:
        """The ids of users by their address. Raises CallFailed."""
        told = call("GET", f"{self._url}/users/", self._headers)
        return {one["email"].casefold(): one["id"] for one in told if one.get("email")}

    def members(self, project: int) -> set[int]:
        """The users who were added to a project themselves, not by their role in a workspace. Raises CallFailed."""
        found: set[int] = set()
        page: int | None = 1
        while page is not None:
            query: dict[str, Any] = {"page": page, "page_size": 100, "implicit": "false"}
            told = call("GET", f"{self._url}/projects/{project}/members/paginated/", self._headers, params=query)
            found |= {one["id"] for one in told["results"] if not one.get("implicit_member")}
            page = page + 1 if told.get("next") else None
        return found

    def add(self, project: int, user: int) -> None:
        """Raises CallFailed."""
        call("POST", f"{self._url}/projects/{project}/members/", self._headers, json={"user": user})

    def remove(self, project: int, user: int) -> None:
        """Raises CallFailed."""
        call("DELETE", f"{self._url}/projects/{project}/members/", self._headers, params={"user": user})
