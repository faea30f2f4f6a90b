"""Fault points of a request: when it comes in and before its answer leaves; there only in a server that tests armed."""

import structlog
from flask import Flask, Response, request

from lms import faults

log = structlog.get_logger()


def register_faults(app: Flask) -> None:
    """Must be called before anything else joins the request, so that the points lie at its two ends.

    Raises RuntimeError where people are served over HTTPS: nobody's answers are to meet a server that dies on purpose.
    """
    if app.config["SESSION_COOKIE_SECURE"]:
        raise RuntimeError(f"{faults.VARIABLE} is set, and BASE_URL is https: faults are for tests only")
    log.error("FAULTS ARE ARMED: this server dies and fails on purpose", variable=faults.VARIABLE)
    app.before_request(_come_in)
    app.after_request(_go_out)


def _come_in() -> None:
    faults.begin(request.endpoint)
    faults.point("request")


def _go_out(answer: Response) -> Response:
    faults.point("response")
    return answer
