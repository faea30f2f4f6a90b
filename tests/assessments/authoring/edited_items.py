"""Items in the editor's form: as the templates show them, and what a browser would send."""

from typing import Any

from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.written_items import Written
from assessments.web.author.item_form import ItemForm, open_form, read_form
from assessments.web.author.item_page import editor_values
from tests.assessments.authoring.posted_forms import PostedForm

PAGE = (
    '{% from "assessments/author/fields.html" import open_group with context %}<form id=item-form>'
    "{{ open_group(content_field) }}{% include 'assessments/author/item_controls.html' %}{{ open_group(exact_field) }}"
    "{{ open_group(rest_field) }}{{ open_group(reasons_field) }}{{ open_group(particulars_field) }}</form>"
)
PARTICULARS = {"bank": "ferries", "identifier": "x", "use": "test", "skill": "verdict", "difficulty": "hard"}


def written(content: Any, key: Any, answer: Any = None) -> Written:
    return Written(content, key, {"rationale": "So.", "sources": [], "temptations": {}}, PARTICULARS, answer)


def opened(name: str, content: Any, key: Any, answer: Any = None) -> ItemForm:
    return open_form(ITEM_TYPES[name], written(content, key, answer))


def sent(app: Flask, typed: ItemForm) -> MultiDict[str, str]:
    """What the form of an item sends when nobody touches it. Needs a request context."""
    html = render_template_string(
        PAGE, **editor_values(typed, is_published=False, is_judged=False), focus="", lists={}, is_locked=False
    )
    return PostedForm(html).form


def posted(app: Flask, typed: ItemForm, **changes: Any) -> ItemForm:
    """The form sent with some controls changed (lists for several of one name, None for none), and read again."""
    with app.test_request_context():
        form = sent(app, typed)
        for name, value in changes.items():
            form.poplist(name)
            form.setlist(name, [] if value is None else value if isinstance(value, list) else [value])
        return read_form(typed.kind, form)
