"""Items and their feedback as the templates show them, and what a form of such an item would send."""

from functools import cache
from html import unescape
from re import sub
from typing import Any

from flask import Flask, render_template
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import ITEM_TYPES, parse_response
from assessments.domain.schemas.base import Content, Response
from assessments.web.item_views import ITEM_VIEWS
from tests.assessments.web_items.item_pages import Site, make_app
from tests.assessments.web_items.test_item_templates import Fields

PREFIX = "r1-"


@cache
def _app() -> Flask:
    return make_app(Site([]))


def show(name: str, content: Content, raw: Any = None, *, is_locked: bool = False, refused: Any = None) -> str:
    """The item as HTML, with a response in it (raw), or with what was typed and refused."""
    view = ITEM_VIEWS[name]
    response = ITEM_TYPES[name].response.model_validate(raw or {})
    with _app().test_request_context():
        return render_template(
            view.template,
            content=content,
            response=response,
            view=view.context(content, response if refused is None else refused),
            prefix=PREFIX,
            is_locked=is_locked,
        )


def sent_by(html: str) -> MultiDict[str, str]:
    """What a browser without scripts would send."""
    return MultiDict(Fields(html).sent)


def read_back(name: str, content: Content, html: str) -> Response:
    """The response that the shown form states."""
    return parse_response(name, content, ITEM_VIEWS[name].read_form(content, sent_by(html), PREFIX))


def tell(name: str, content: Content, key: Any, raw: Any, temptations: dict[str, str] | None = None) -> str:
    """The words of the feedback on a response."""
    kind, view = ITEM_TYPES[name], ITEM_VIEWS[name]
    response = kind.response.model_validate(raw)
    score = kind.score(content, key, response)
    with _app().test_request_context():
        html = render_template(
            view.feedback_template,
            content=content,
            key=key,
            response=response,
            score=score,
            feedback=view.feedback(content, key, response, score),
            rationale="Because it is so.",
            sources=[],
            temptations=temptations or {},
        )
    return " ".join(unescape(sub(r"<[^>]+>", " ", html)).split())


def explain(name: str, content: Content, key: Any, raw: Any) -> list[str]:
    """The sentences of the result page."""
    kind = ITEM_TYPES[name]
    score = kind.score(content, key, kind.response.model_validate(raw))
    with _app().test_request_context():
        return ITEM_VIEWS[name].explain(content, score.parts)
