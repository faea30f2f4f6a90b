"""The card of webhooks on the managers' first page."""

from typing import Any

from flask import render_template


def on_managing(**_facts: Any) -> str:
    """The way to the webhooks."""
    return render_template("lms/webhooks/panel.html")
