"""Uploads: only a route that says so takes a request beyond the common limit, and only up to its own."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def takes_upload(most_bytes: int) -> Callable[[View], View]:
    """The route takes requests of up to this many bytes; files go to disk while they arrive."""

    def declare(view: View) -> View:
        view.__dict__["largest_request"] = most_bytes
        return view

    return declare


def allow_upload() -> None:
    """Before every request that the policy let pass, and before anything reads its form."""
    if request.endpoint is not None:
        largest = getattr(current_app.view_functions[request.endpoint], "largest_request", None)
        if largest is not None:
            request.max_content_length = largest
