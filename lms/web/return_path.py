"""Where to go after signing in: a path that we signed ourselves, so that no link can lead elsewhere."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


def sign_path(path: str) -> str:
    """Sign a path of this site for use as `next`."""
    return _serializer().dumps(path)


def read_path(signed: str | None) -> str | None:
    """The path that was signed, or None when there is none or it is not ours."""
    if not signed:
        return None
    try:
        path: str = _serializer().loads(signed)
    except BadSignature:
        return None
    return path


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="return-path")
