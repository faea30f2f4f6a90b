"""A small server in place of Label Studio and Assay's API, for the adapter: answers as documented, records calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask, jsonify, request
from werkzeug.serving import make_server

TOKEN, KEY = "Token of-a-manager", "Bearer assay_key"


class FakeStudio:
    """`users` by id, `members` by project; `people` by subject; `entitled` subjects by tier."""

    def __init__(self) -> None:
        self.users: dict[int, str] = {}
        self.members: dict[int, set[int]] = {}
        self.implicit: set[int] = set()
        self.people: dict[str, str] = {}
        self.entitled: dict[str, set[str]] = {}
        self.calls: list[str] = []
        self.is_away = False
        self.address = ""

    @property
    def changes(self) -> list[str]:
        return [call for call in self.calls if call.startswith(("POST /api/projects", "DELETE"))]

    @contextmanager
    def served(self) -> Iterator["FakeStudio"]:
        server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self.address = f"http://127.0.0.1:{server.server_port}"
        yield self
        server.shutdown()

    def _app(self) -> Flask:
        app = Flask("fake")

        @app.before_request
        def note() -> Any:
            self.calls.append(f"{request.method} {request.full_path.rstrip('?')} {request.get_json(silent=True) or ''}")
            if self.is_away:
                return "away", 502
            wanted = KEY if request.path.startswith("/api/v1/") else TOKEN
            return None if request.headers.get("Authorization") == wanted else ("who?", 401)

        @app.get("/api/users/")
        def users() -> Any:
            return jsonify([{"id": user, "email": email} for user, email in self.users.items()])

        @app.get("/api/projects/<int:project>/members/paginated/")
        def members(project: int) -> Any:
            everybody = sorted(self.members.get(project, set()) | self.implicit)
            page, size = int(request.args["page"]), 2
            shown = everybody[(page - 1) * size : page * size]
            more = "there is another" if len(everybody) > page * size else None
            return {"results": [{"id": one, "implicit_member": one in self.implicit} for one in shown], "next": more}

        @app.post("/api/projects/<int:project>/members/")
        def add(project: int) -> Any:
            self.members.setdefault(project, set()).add(request.json["user"])
            return request.json, 201

        @app.delete("/api/projects/<int:project>/members/")
        def remove(project: int) -> Any:
            self.members[project].discard(int(request.args["user"]))
            return "", 204

        @app.get("/api/v1/persons")
        def persons() -> Any:
            after = request.args.get("after", "")
            known = sorted(subject for subject in self.people if subject > after)
            items = [{"subject": one, "email": self.people[one]} for one in known[:2]]
            return {"items": items, "next": known[1] if len(known) > 2 else None}

        @app.get("/api/v1/persons/<subject>")
        def person(subject: str) -> Any:
            known = self.people.get(subject)
            return {"subject": subject, "email": known} if known else ({"type": "x#unknown-subject"}, 404)

        @app.post("/api/v1/entitlements/check-many")
        def check() -> Any:
            entitled = self.entitled.get(request.json["tier"], set())
            outcomes = [(one, "allow" if one in entitled else "deny") for one in request.json["subjects"]]
            return {"results": [{"subject": one, "outcome": outcome} for one, outcome in outcomes]}

        return app
