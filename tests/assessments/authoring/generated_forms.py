"""Generated forms as the templates show them, and what they send."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, render_template_string

from assessments.web.schema_forms import SchemaForm
from assessments.web.schema_forms_faults import Faults
from tests.assessments.authoring.posted_forms import PostedForm

PAGE = (
    '{% from "assessments/author/fields.html" import open_group with context %}'
    "<form id=item-form>{{ open_group(shown) }}</form>"
)


def html_of(
    app: Flask, form: SchemaForm, raw: Mapping[str, Any], *, faults: Faults | None = None, focus: str = ""
) -> str:
    with app.test_request_context():
        shown = form.show(raw, faults)
        return render_template_string(PAGE, shown=shown, focus=focus, lists={})


def there_and_back(app: Flask, form: SchemaForm, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Raw values shown as a form, sent by a browser, and read."""
    return form.read(PostedForm(html_of(app, form, raw)).form)
