"""A small site that shows items as an attempt does, keeps what is saved, and answers as it is told to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Blueprint, Flask, jsonify, render_template, render_template_string, request
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, DictLoader, StrictUndefined

from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.schemas.base import Content
from assessments.queries.versions import Version
from assessments.web.item_bodies import item_body, untouched_body
from assessments.web.item_views import ITEM_VIEWS
from lms.web.assets import register_assets
from lms.web.texts import register_texts

ATTEMPT = "attempt"
RATIONALE = "Two facts joined by and are two claims."
ROOT = Path(__file__).parents[3]
PACKAGES = {name: ROOT / name for name in ("lms", "assessments")}
BASE = (
    "<!doctype html><html lang=en><title>{% block title %}{% endblock %}</title>"
    "<link rel=stylesheet href='{{ static(\"lms/css/assay.css\") }}'>"
    "<link rel=stylesheet href='{{ static(\"lms/css/items.css\") }}'>{% block head %}{% endblock %}"
    "<main>{% block main %}{% endblock %}</main>{% block scripts %}{% endblock %}"
)
OUT_OF_ORDER = [(503, {})] * 100  # answers of a server that fails until the test ends it
LESSON = '{% extends "lms/base.html" %}{% block main %}<h1>Lesson</h1>{{ box | safe }}{% endblock %}'
SECURITY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"


@dataclass
class Site:
    """The items on show, what has been saved, and the answers due before saving works again."""

    items: list[tuple[str, Content]]
    saved: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    posted: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    key: Any = None
    is_signed_in: bool = True
    has_fragments: bool = True
    keys: list[str] = field(default_factory=list)  # of the saves as they came in, the refused ones too
    pen_holder: str = ""
    pen_epoch: int = 1

    elsewhere: dict[int, dict[str, Any]] = field(default_factory=dict)  # what another window stored, by position

    def stored(self, position: int) -> Any:
        return self.newest(position).get("response", {})

    def newest(self, position: int) -> dict[str, Any]:
        here = next((body for n, body in reversed(self.saved) if n == position), {})
        return max(here, self.elsewhere.get(position, {}), key=lambda body: body.get("sequence", 0))


def make_app(site: Site) -> Flask:
    app = Flask("item_pages", static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    templates = app.create_global_jinja_loader()
    app.jinja_env.loader = ChoiceLoader([DictLoader({"lms/base.html": BASE}), templates])
    app.jinja_env.globals.update(csrf_token=lambda: "a token", panels=lambda place, **facts: "")
    register_texts(app)
    register_assets(app, PACKAGES)
    app.register_blueprint(_candidate(site))
    app.add_url_rule("/sign-in", "accounts.sign_in", lambda: "Sign in.")
    app.after_request(_secure)
    return app


def shown(content: Content, type_name: str, position: int, stored: dict[str, Any]) -> dict[str, object]:
    """An item as the attempt page takes it, with what is stored: a response and its sequence, or nothing."""
    response = ITEM_TYPES[type_name].response.model_validate(stored.get("response", {}))
    version = Version(id=uuid4(), identifier="x", type=type_name, skill="a skill", content=content)
    return {
        "position": position,
        "type": type_name,
        "sequence": stored.get("sequence", 0),
        "is_answered": ITEM_VIEWS[type_name].is_answered(response),
        "body": item_body(version, f"r{position}-", response) if stored else untouched_body(version, f"r{position}-"),
    }


def practice_box(site: Site, raw: Any) -> str:
    """The box of the first item, before a try (raw is None) or after one."""
    name, content = site.items[0]
    kind, view = ITEM_TYPES[name], ITEM_VIEWS[name]
    response = kind.response.model_validate(raw or {})
    last = feedback = None
    if raw is not None:
        score = kind.score(content, site.key, response)
        feedback = view.feedback(content, site.key, response, score)
        last = {"response": response, "score": score, "key": site.key, "rationale": RATIONALE, "sources": []}
        last["temptations"] = {}
    return render_template(
        "assessments/candidate/practice_box.html",
        item={
            "identifier": "x",
            "type": name,
            "title": kind.title,
            "content": content,
            "template": view.template,
            "feedback_template": view.feedback_template,
            "attribution": None,
        },
        view=view.context(content, response),
        response=response,
        prefix="p-x-",
        tries=[],
        last=last,
        feedback=feedback,
        try_key="a key",
        return_path="signed",
        is_signed_in=site.is_signed_in,
        errors=None,
    )


def _candidate(site: Site) -> Blueprint:
    pages = Blueprint("assessments_candidate", __name__, template_folder=str(PACKAGES["assessments"] / "web/templates"))

    @pages.get("/")
    def attempt(attempt_id: str = ATTEMPT) -> str:
        return render_template(
            "assessments/candidate/attempt.html",
            attempt={
                "id": ATTEMPT,
                "address": "/",
                "person_id": "a person",
                "pen_epoch": site.pen_epoch,
                "is_written_elsewhere": False,
                "number": 1,
                "test_title": "A test",
                "deadline_at": datetime(2030, 1, 1, tzinfo=UTC),
                "seconds_left": 3000,
                "is_untimed": False,
                "break_seconds_left": 0,
                "credit": "",
                "page": 1,
                "pages": 1,
            },
            items=[shown(content, name, n, site.newest(n)) for n, (name, content) in enumerate(site.items, start=1)],
            navigator=[
                {"position": n, "page": 1, "is_answered": False, "is_current": True}
                for n in range(1, len(site.items) + 1)
            ],
            errors={},
            is_taken_over=False,
        )

    @pages.get("/clock")
    def attempt_clock(attempt_id: str = ATTEMPT) -> ResponseReturnValue:
        return jsonify({"is_open": True, "seconds_left": 3000, "break_seconds_left": 0})

    @pages.post("/pen")
    def pen(attempt_id: str = ATTEMPT) -> ResponseReturnValue:
        asked = request.get_json()
        if site.pen_holder in ("", asked["tab"]) or asked["take"]:
            site.pen_holder, site.pen_epoch = asked["tab"], site.pen_epoch + (site.pen_holder != asked["tab"])
        return jsonify({"epoch": site.pen_epoch, "is_mine": site.pen_holder == asked["tab"]})

    @pages.put("/responses/<int:position>")
    def save(position: int, attempt_id: str = ATTEMPT) -> ResponseReturnValue:
        name, content = site.items[position - 1]
        prefix = f"r{position}-"
        response = ITEM_VIEWS[name].read_form(content, request.form, prefix)
        body = {"response": response, "sequence": request.form.get(f"{prefix}sequence", type=int)}
        assert request.headers["X-CSRF-Token"] == "a token"
        site.keys.append(request.headers["Idempotency-Key"])
        if site.answers:
            status, answer = site.answers.pop(0)
            if "response" in answer:
                site.elsewhere[position] = answer
            return jsonify(answer), status
        site.saved.append((position, body))
        is_answered = ITEM_VIEWS[name].is_answered(ITEM_TYPES[name].response.model_validate(response))
        return jsonify({"saved": True, "sequence": body["sequence"], "is_answered": is_answered})

    @pages.post("/pages/<int:page>")
    def save_page(page: int, attempt_id: str = ATTEMPT) -> str:
        site.posted.append(request.form.to_dict())
        return "<p>Posted."

    @pages.get("/lesson")
    def lesson() -> str:
        return render_template_string(LESSON, box=practice_box(site, None))

    @pages.post("/practice/<identifier>")
    def try_practice(identifier: str) -> str:
        site.posted.append({**request.form.to_dict(), "fragment": request.headers.get("X-Fragment", "")})
        name, content = site.items[0]
        box = practice_box(site, ITEM_VIEWS[name].read_form(content, request.form, "p-x-"))
        return box if site.has_fragments else render_template_string(LESSON, box=box)

    @pages.get("/review")
    def review(attempt_id: str = ATTEMPT) -> str:
        return "<p>Review."

    @pages.get("/result")
    def result(attempt_id: str = ATTEMPT) -> str:
        return "<p>Result."

    return pages


def _secure(response: Any) -> Any:
    response.headers["Content-Security-Policy"] = SECURITY
    return response
