"""What the API tells of itself: the OpenAPI document, a page made of it, and the types of problems."""

from typing import Any

from flask import Response, current_app, json, render_template, request
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markupsafe import Markup

from lms.api.blueprint import PREFIX, lms_api
from lms.api.openapi import openapi_document
from lms.api.problem_types import list_problem_types
from lms.api.scopes import SENTENCES
from lms.api.web.reading_document import sections
from lms.web.policy import public

_EXTENSION = "assay.openapi"
_markdown = MarkdownIt("commonmark", {"html": False})


@lms_api.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """The document, for programs."""
    answer = Response(json.dumps(_document(), sort_keys=False), mimetype="application/json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.add_etag()
    return answer.make_conditional(request)


@lms_api.get("/docs")
@public
def docs() -> ResponseReturnValue:
    """The document, for people."""
    return render_template(
        "lms/api/docs.html",
        sections=sections(_document()),
        version=_document()["info"]["version"],
        address=_document()["servers"][0]["url"],
        scopes=SENTENCES,
        prefix=PREFIX,
        prose=_prose,
        in_line=_prose_in_line,
    )


@lms_api.get("/problems")
@public
def problems() -> ResponseReturnValue:
    """Every type of problem; the address of a type leads to its line here."""
    return render_template("lms/api/problems.html", types=list_problem_types(current_app), prose=_prose_in_line)


def _document() -> dict[str, Any]:
    """Made once for an application: its routes do not change while it serves."""
    if _EXTENSION not in current_app.extensions:
        current_app.extensions[_EXTENSION] = openapi_document(current_app)
    document: dict[str, Any] = current_app.extensions[_EXTENSION]
    return document


def _prose(text: str) -> Markup:
    return Markup(_markdown.render(text))  # noqa: S704  # our own sentences, and HTML in them is not let through


def _prose_in_line(text: str) -> Markup:
    return Markup(_markdown.renderInline(text))  # noqa: S704  # likewise
