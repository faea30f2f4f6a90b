"""The types of problems: every code that the API can answer with, its status, and what it means."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask

from lms.api import problems
from lms.api.endpoints import Endpoint, endpoint_of
from lms.errors import Refusal, status_of
from lms.web.errors import title_of
from lms.web.problem_details import OF_STATUS

# What any operation may answer, what those with a scope, with a body, and with an idempotency key may answer besides.
ALWAYS: tuple[type[Refusal], ...] = (
    problems.MissingKey,
    problems.UnknownKey,
    problems.ExpiredKey,
    problems.RevokedKey,
    problems.RateExceeded,
    problems.TooManyWrongKeys,
    problems.InvalidRequest,
)
WITH_SCOPE: tuple[type[Refusal], ...] = (problems.MissingScope,)
WITH_BODY: tuple[type[Refusal], ...] = (problems.MalformedRequest, problems.UnsupportedMediaType)
WITH_PAGES: tuple[type[Refusal], ...] = (problems.BrokenCursor,)
IF_IDEMPOTENT: tuple[type[Refusal], ...] = (
    problems.IdempotencyKeyInvalid,
    problems.IdempotencyKeyReused,
    problems.IdempotencyKeyInFlight,
)
ALWAYS_STATUSES = (500, 503)


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One type of problem."""

    code: str
    status: int
    title: str


def endpoints_of(app: Flask) -> dict[str, Endpoint]:
    """Every operation of the application's API, by the address that it is routed at and its method."""
    found = {}
    for rule in app.url_map.iter_rules():
        told = endpoint_of(app, rule.endpoint)
        if told is not None:
            found[f"{told.method} {rule.rule}"] = told
    return found


def problems_of(told: Endpoint, *, has_parameters: bool) -> list[ProblemType]:
    """The types of problems that an operation may answer with, by status."""
    kinds = [*ALWAYS, *told.refusals]
    statuses = [*ALWAYS_STATUSES]
    if told.scope is not None:
        kinds += WITH_SCOPE
    if told.body is not None:
        kinds += WITH_BODY
        statuses.append(413)
    if told.query is not None and "after" in told.query.model_fields:
        kinds += WITH_PAGES
    if told.is_idempotent:
        kinds += IF_IDEMPOTENT
    if has_parameters:
        statuses.append(404)
    return _sorted([*map(_of_kind, kinds), *map(_of_status, statuses)])


def list_problem_types(app: Flask) -> list[ProblemType]:
    """Every type of problem that this application's API can answer with."""
    declared = [each for told in endpoints_of(app).values() for each in problems_of(told, has_parameters=True)]
    return _sorted([*declared, *map(_of_status, OF_STATUS)])


def _of_kind(kind: type[Refusal]) -> ProblemType:
    return ProblemType(kind.code, status_of(kind), title_of(kind))


def _of_status(status: int) -> ProblemType:
    return ProblemType(OF_STATUS[status][0], status, OF_STATUS[status][1])


def _sorted(types: Iterable[ProblemType]) -> list[ProblemType]:
    by_code: dict[str, ProblemType] = {}
    for each in types:
        by_code.setdefault(each.code, each)
    return sorted(by_code.values(), key=lambda each: (each.status, each.code))
