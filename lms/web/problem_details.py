"""Problem details (RFC 9457): how whatever goes wrong below /api/ is told."""

from collections.abc import Mapping

from flask import Response, current_app, json, request

API_ROOT = "/api/"
MEDIA_TYPE = "application/problem+json"

# The code and the title of what is refused before an endpoint is reached, by status.
OF_STATUS: dict[int, tuple[str, str]] = {
    400: ("malformed-request", "The request could not be understood."),
    401: ("missing-key", "The request carries no API key."),
    403: ("not-allowed", "The key is known, and may not do this."),
    404: ("not-found", "There is nothing at this address."),
    405: ("method-not-allowed", "This address does not take this method."),
    406: ("not-acceptable", "The answer is JSON, and the request does not accept it."),
    413: ("too-large", "More was sent than is taken at once."),
    414: ("address-too-long", "The address is longer than is read."),
    415: ("unsupported-media-type", "The body is not application/json."),
    429: ("too-many-requests", "The key was used too often in too short a time."),
    431: ("headers-too-large", "The headers are larger than is read."),
    500: ("defect", "Something broke on our side; it is logged."),
    503: ("unavailable", "The records cannot be reached just now; try again in a moment."),
}


def speaks_problems() -> bool:
    """Whether this request is one to the API."""
    return request.path.startswith(API_ROOT)


def type_of(code: str) -> str:
    """The address that names this type of problem, and explains it."""
    return f"{current_app.extensions['assay.settings'].base_url}/api/v1/problems#{code}"


def problem(status: int, *, code: str, title: str, detail: str, facts: Mapping[str, object] | None = None) -> Response:
    """The answer that tells what went wrong; `facts` are further members of it."""
    members = {
        **(facts or {}),
        "type": type_of(code),
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    answer = Response(json.dumps(members), status=status, mimetype=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    if status == 401:
        error = "" if code == OF_STATUS[401][0] else ', error="invalid_token"'
        answer.headers["WWW-Authenticate"] = f'Bearer realm="Assay"{error}'
    if facts and "retry_after" in facts:
        answer.headers["Retry-After"] = str(facts["retry_after"])
    return answer


def http_problem(status: int, detail: str) -> Response:
    """The same for what is known by its status alone."""
    code, title = OF_STATUS.get(status, ("http", "The request was refused."))
    return problem(status, code=code, title=title, detail=detail or title)
