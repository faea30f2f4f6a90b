"""Pages of long lists: each begins after the last line of the one before, named in a cursor that nobody can forge.

A cursor fits the list that wrote it and no other.
"""

from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer


def write_cursor(*values: str) -> str:
    """The place after a line, by the values that the list is sorted by."""
    return _serializer().dumps(list(values))


def read_cursor(cursor: str | None, count: int) -> list[str] | None:
    """These values again; None without a cursor of ours: then the list is shown from its beginning."""
    if not cursor:
        return None
    try:
        values: Any = _serializer().loads(cursor)
    except BadSignature:
        return None
    return values if isinstance(values, list) and len(values) == count else None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"list-page {request.endpoint}")
