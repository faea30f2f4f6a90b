"""Errors as pages, as JSON for scripts, as problems in the API: the one place where a refusal becomes a status."""

import structlog
from flask import Flask, current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from lms.errors import Refusal, status_of
from lms.web.problem_details import http_problem, problem, speaks_problems

log = structlog.get_logger()
RETRY_SECONDS = 2


def register_errors(app: Flask) -> None:
    app.register_error_handler(Refusal, _show_refusal)
    app.register_error_handler(CSRFError, _show_expired_form)
    app.register_error_handler(HTTPException, _show_http_error)
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(away, _show_unavailable)
    app.register_error_handler(Exception, _show_defect)


def titles() -> dict[int, str]:
    """The heading of each error page, in plain words."""
    return {
        400: _("That request could not be understood"),
        401: _("Sign in to go on"),
        403: _("This is not open to you"),
        404: _("There is nothing at this address"),
        405: _("This address does not work that way"),
        409: _("Something changed in the meantime"),
        410: _("This is closed"),
        413: _("That was too large"),
        415: _("That kind of data is not accepted here"),
        422: _("That does not fit"),
        429: _("Please wait a moment"),
        500: _("Something broke on our side"),
        503: _("We cannot reach our records just now"),
    }


def messages() -> dict[int, str]:
    """What each status means and what to do next, where nothing more exact is known."""
    return {
        400: _("Go back, reload the page and try again. What you had saved is safe."),
        401: _("Your sign-in has ended. Sign in again; what was saved is safe."),
        403: _("You are signed in, but your role does not include this page. If it should, ask your organisation."),
        404: _("The address may be mistyped, or the page was moved or withdrawn."),
        405: _("Use the buttons of the page to get here."),
        409: _("Reload the page to see how things stand now."),
        410: _("It was open before and is closed for good."),
        413: _("Send less at once. The largest request accepted here is %(most)s MB.", most=_most_megabytes()),
        415: _("The page sends JSON here; other kinds are not read."),
        422: _("Check what was entered and try again."),
        429: _("There were too many tries in a short time. Wait a minute, then try again."),
        500: _("The fault is logged and nothing that was saved is lost. Try again in a moment."),
        503: _("Nothing that was saved is lost. Keep this page open and try again in a few seconds."),
    }


def _most_megabytes() -> int:
    return (request.max_content_length or 0) // 1_000_000


def title_of(kind: type[Refusal]) -> str:
    """What this kind of refusal says of every one of its occurrences: the first line of its documentation."""
    return (kind.__doc__ or "").strip().partition("\n")[0]


def _show_refusal(refusal: Refusal) -> ResponseReturnValue:
    status = status_of(type(refusal))
    if speaks_problems():
        title = title_of(type(refusal))
        return problem(status, code=refusal.code, title=title, detail=str(refusal), facts=refusal.facts)
    return _answer(status, str(refusal), refusal.code, refusal.facts)


def _show_expired_form(error: CSRFError) -> ResponseReturnValue:
    message = _("The page was open for too long or in a browser without cookies. Reload it and send it again.")
    return _answer(400, message, "csrf")


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()
    message = error.description if speaks_problems() else messages().get(status, error.description)
    answer = make_response(_answer(status, message or "", "http"))
    for name, value in error.get_headers():
        if name.lower() in {"retry-after", "allow"}:
            answer.headers[name] = value
    return answer


def _show_unavailable(error: Exception) -> ResponseReturnValue:
    """The database is away, full or busy: what was asked for did not happen, or will be found done when asked again."""
    log.error("the database is away", path=request.path, method=request.method, exc_info=error)
    answer = make_response(_answer(503, messages()[503], "unavailable"))
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    answer.headers["Cache-Control"] = "no-store"  # said here: whose page it is, nobody can look up now
    return answer


def _show_defect(error: Exception) -> ResponseReturnValue:
    log.error("defect", path=request.path, method=request.method, exc_info=error)
    return _answer(500, messages()[500], "defect")


def _answer(status: int, message: str, code: str, facts: dict[str, object] | None = None) -> ResponseReturnValue:
    if speaks_problems():
        return http_problem(status, message)
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return jsonify({"error": code, "message": message, **(facts or {})}), status
    # Rendered without Flask's context processors: one of them looks up who is signed in, which may be what failed.
    page = current_app.jinja_env.get_template("lms/errors/error.html").render(
        status=status,
        title=titles().get(status, _("That did not work")),
        message=message,
        next_url="/",
        next_title=_("To the start page"),
    )
    return page, status
