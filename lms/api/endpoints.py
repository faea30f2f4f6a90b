"""Endpoints: a route of the API declares its scope, its shapes and its refusals; the documentation is made of that."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from inspect import getdoc
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response
from pydantic import BaseModel

from lms.api.answering import Reply, answer_with
from lms.api.bodies import read_document, read_query, refuse_query, shaped
from lms.api.idempotency import once
from lms.errors import Refusal
from lms.web.policy import allow_key

View = TypeVar("View", bound=Callable[..., Any])
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_DECLARED = "endpoint"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is declared of one operation of the API."""

    name: str  # the operation's id
    method: str
    scope: str | None
    summary: str
    description: str
    tag: str
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: type[BaseModel] | None
    status: int
    refusals: tuple[type[Refusal], ...]
    is_idempotent: bool
    parameters: dict[str, str] = field(default_factory=dict)  # of the path: what each one means


def endpoint(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    scope: str | None,
    summary: str,
    tag: str,
    answer: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    status: int = 200,
    refusals: tuple[type[Refusal], ...] = (),
    idempotent: bool = False,
    parameters: dict[str, str] | None = None,
) -> Callable[[View], View]:
    """Declare an operation. Parameters of the path (`/tests/<slug>`) reach the view as keyword arguments, and so do
    `body` and `query` where they are declared. The view returns its answer, a `Reply`, or None for 204.

    With `scope=None` any key will do. `idempotent` takes the header Idempotency-Key: what the view writes is then one
    transaction with the record of its answer. Raises ValueError for a declaration that could not hold.
    """
    _check(method, body, query)

    def declare(view: View) -> View:
        told = Endpoint(
            name=view.__name__,
            method=method,
            scope=str(scope) if scope is not None else None,
            summary=summary,
            description=getdoc(view) or "",
            tag=tag,
            body=body,
            query=query,
            answer=answer,
            status=status if answer is not None else 204,
            refusals=refusals,
            is_idempotent=idempotent,
            parameters=parameters or {},
        )

        @wraps(view)
        def serve(**path_values: Any) -> Response:
            return _serve(told, view, path_values)

        allow_key(serve, told.scope)
        serve.__dict__[_DECLARED] = told
        blueprint.add_url_rule(path, view.__name__, serve, methods=[method])
        blueprint.record_once(lambda state: state.app.extensions["csrf"].exempt(blueprint))
        return view

    return declare


def endpoint_of(app: Flask, name: str) -> Endpoint | None:
    """What is declared of the route with this Flask endpoint; None where it is no operation of the API."""
    return getattr(app.view_functions[name], _DECLARED, None)


def _check(method: str, *models: type[BaseModel] | None) -> None:
    if method not in METHODS:
        raise ValueError(f"an operation has one of the methods {sorted(METHODS)}, got {method!r}")
    for model in models:
        if model is not None and model.model_config.get("extra") != "forbid":
            raise ValueError(f"{model.__name__} must refuse unknown members: derive it from lms.api.shapes.Shape")


def _serve(told: Endpoint, view: Callable[..., Any], path_values: dict[str, Any]) -> Response:
    values = dict(path_values)
    document = None
    if told.query is not None:
        values["query"] = read_query(told.query)
    else:
        refuse_query()
    if told.body is not None:
        document = read_document()
        values["body"] = shaped(told.body, document)

    def answer() -> Reply:
        given = view(**values)
        return given if isinstance(given, Reply) else Reply(given, status=told.status)

    return answer_with(once(document, answer) if told.is_idempotent else answer())
