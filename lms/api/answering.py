"""Answering: a model becomes JSON with its headers; what somebody already has is not sent again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Response, request
from pydantic import BaseModel

from lms.api.rates import rate_headers


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its status and further headers; without a model there is no body."""

    model: BaseModel | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None  # the JSON as it was sent before, instead of a model

    @property
    def json(self) -> str:
        if self.text is not None:
            return self.text
        return self.model.model_dump_json() if self.model is not None else ""


def answer_with(reply: Reply) -> Response:
    """The response. A GET carries an ETag, and `If-None-Match` with it is answered by 304."""
    answer = Response(reply.json, status=reply.status, mimetype="application/json" if reply.json else None)
    if not reply.json:
        del answer.headers["Content-Type"]
    answer.headers.update(reply.headers)
    answer.headers["Vary"] = "Authorization"
    if request.method in {"GET", "HEAD"} and reply.status == 200:
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.add_etag()
        answer.make_conditional(request)
    else:
        answer.headers["Cache-Control"] = "no-store"
    answer.headers.update(rate_headers())
    return answer
