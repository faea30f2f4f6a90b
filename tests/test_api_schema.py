"""The whole API against its own OpenAPI document: generated requests, with a key, with a poor one, and without.

Nothing ends in a 5xx, no answer lies outside the schema, and what the schema forbids is refused. They are the same
examples each time, and a bounded number of them.
"""

from typing import Any
from uuid import UUID

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lms.members.consents import ConsentScope, give
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION
from tests.api_keys import bearer, make_api_key
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, make_office, qualify
from tests.databases import empty

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BOUNDED: dict[str, Any] = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
}
EXAMPLES = {"key": 12, "poor key": 3, "no key": 3}  # of each operation, with each kind of data
CHAINS, STEPS = 12, 8  # of requests that build on one another


@pytest.fixture(scope="module")
def person_id(process_app: Flask) -> UUID:
    """Somebody with a result and a certificate who agreed to everything, in an otherwise empty database."""
    database = process_app.extensions[EXTENSION]
    empty(database.engine)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        person_id = qualify(session)
        give(session, person_id=person_id, scopes=list(ConsentScope), at=AT)
    return person_id


@pytest.fixture(scope="module")
def headers(process_app: Flask, person_id: UUID) -> dict[str, dict[str, str]]:
    """What three kinds of callers send."""
    database = process_app.extensions[EXTENSION]
    plain = {"Accept-Encoding": "identity"}
    return {
        "key": plain | bearer(make_api_key(database).secret),
        "poor key": plain | bearer(make_api_key(database, scopes=("webhooks:read",)).secret),
        "no key": plain,
    }


@pytest.fixture(scope="module")
def schema(process_app: Flask) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", process_app)


def known(value: Any, names: dict[str, str]) -> Any:
    """The same with the names of what is there, wherever a person, a tier or a test is named."""
    if isinstance(value, dict):
        return {name: names.get(name, known(inner, names)) for name, inner in value.items()}
    return [known(each, names) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", ["key", "poor key", "no key"])
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_generated_requests_are_answered_within_the_schema(schema, headers, kind, mode):
    checks = [*CHECKS, negative_data_rejection] if kind == "key" else CHECKS
    statuses = set()
    for found in schema.get_all_operations():

        @given(found.ok().as_strategy(generation_mode=mode))
        @settings(max_examples=EXAMPLES[kind], **BOUNDED)
        def answer(case: Case) -> None:
            statuses.add(case.call_and_validate(headers=headers[kind], checks=checks).status_code)

        answer()
    if kind == "no key":
        assert statuses <= {401, 404}  # an address that no route has needs no key to be unknown
    else:
        assert {"key": 200, "poor key": 403}[kind] in statuses


def test_generated_requests_about_what_is_there_are_answered_within_the_schema(schema, headers, person_id):
    names = {"subject": str(person_id), "tier": "generalist", "test": BANK, "achievement": BANK}
    succeeded = set()
    for found in schema.get_all_operations():

        @given(found.ok().as_strategy(generation_mode=GenerationMode.POSITIVE), st.sampled_from(["generalist", BANK]))
        @settings(max_examples=EXAMPLES["key"], **BOUNDED)
        def answer(case: Case, slug: str) -> None:
            case.path_parameters = known(dict(case.path_parameters or {}), {**names, "slug": slug})
            case.query = known({name: value for name, value in (case.query or {}).items() if name != "after"}, names)
            case.body = known(case.body, names)
            if case.call_and_validate(headers=headers["key"], checks=CHECKS).status_code < 300:
                succeeded.add(case.operation.label)

        answer()
    assert {"GET /me", "GET /tests", "GET /tests/{slug}", "GET /results", "GET /certificates"} <= succeeded


@pytest.mark.parametrize("kind", ["key", "no key"])
def test_requests_that_build_on_one_another_are_answered_within_the_schema(schema, headers, kind):
    class Chain(schema.as_state_machine()):
        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"headers": headers[kind]}

        def validate_response(self, response: Any, case: Case, **_rest: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    Chain.run(settings=settings(max_examples=CHAINS, stateful_step_count=STEPS, **BOUNDED))
