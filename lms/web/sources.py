"""Sources: the address that a request came from, which proxies of ours may tell, and nobody else."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def believe_proxies(app: Flask, how_many: int) -> None:
    """Take the address from `X-Forwarded-For`, whose last so many entries were written by proxies of ours.

    With none the header is not looked at: whoever calls could write there what they like, and no limit would hold.
    Scheme and host stand in BASE_URL; proxies are not asked.
    """
    if how_many:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=how_many, x_proto=0)  # type: ignore[method-assign]
