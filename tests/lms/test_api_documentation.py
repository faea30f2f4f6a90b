"""The documentation of the API is made of its code: the OpenAPI document, the page, the types of problems."""

import json
import re
from pathlib import Path

import pytest

from lms.api.endpoints import endpoint
from lms.api.examples import curl, example_of
from lms.api.openapi import openapi_document, path_of
from lms.api.problem_types import endpoints_of, list_problem_types
from lms.api.scopes import SENTENCES, Scope
from lms.web.policy import policy_of
from tests.architecture.write_problems import written
from tests.lms.things_api import Thing, make_things_app

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture
def document(app):
    return openapi_document(app)


def operations(document):
    return [told for methods in document["paths"].values() for told in methods.values()]


def references(value):
    """Every `$ref` in the document."""
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [each for inner in value.values() for each in references(inner)]
    return [each for inner in value for each in references(inner)] if isinstance(value, list) else []


def test_every_route_of_the_api_is_in_the_document_and_the_other_way_round(app, document):
    routed = {
        (path_of(rule.rule).removeprefix("/api/v1"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        if not policy_of(app, rule.endpoint).is_public
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert routed == {(path, method) for path, methods in document["paths"].items() for method in methods}


def test_every_operation_says_what_it_is_for_and_which_scope_it_asks(document):
    for told in operations(document):
        assert told["summary"], told["operationId"]
        assert told["description"], told["operationId"]
        assert set(told["security"][0]["key"]) <= set(Scope), told["operationId"]
        assert {"401", "422", "429", "500", "503"} <= set(told["responses"]), told["operationId"]


def test_whatever_the_document_refers_to_is_in_it(document):
    for reference in references(document):
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_the_examples_of_the_document_are_accepted_by_the_code(app):
    for told in endpoints_of(app).values():
        if told.body is not None:
            told.body.model_validate_json(json.dumps(example_of(told.body)), strict=True)
        if told.answer is not None:
            told.answer.model_validate_json(json.dumps(example_of(told.answer, "serialization")))


def test_links_lead_from_an_answer_to_operations_that_are_there(document):
    names = {told["operationId"] for told in operations(document)}
    answers = [answer for told in operations(document) for answer in told["responses"].values()]
    links = [name for answer in answers for name in answer.get("links", {})]

    assert set(links) <= names
    assert "read_quality" in links
    results = document["paths"]["/results"]["get"]["responses"]["200"]["links"]
    assert results["read_quality"]["parameters"] == {"subject": "$response.body#/items/0/subject"}


def test_the_document_is_served_and_not_sent_twice(client):
    first = client.get("/api/v1/openapi.json")
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert first.get_json()["openapi"] == "3.1.0"
    assert again.status_code == 304


def test_the_page_tells_every_operation_with_a_call(client, document):
    page = client.get("/api/v1/docs").text

    for path, methods in document["paths"].items():
        for method, told in methods.items():
            assert f'id="{told["operationId"]}"' in page
            assert f"{method.upper()} {path}" in page
    assert page.count("Authorization: Bearer $ASSAY_KEY") > len(operations(document))
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=", page)


def test_the_address_of_every_type_of_problem_leads_to_its_line(app, client):
    page = client.get("/api/v1/problems").text

    for each in list_problem_types(app):
        assert f'id="{each.code}"' in page, each.code


def test_every_problem_that_an_operation_declares_is_listed(app):
    codes = {each.code for each in list_problem_types(app)}

    for told in endpoints_of(app).values():
        assert {refusal.code for refusal in told.refusals} <= codes


def test_one_code_means_one_thing(app):
    titles = {}
    for told in endpoints_of(app).values():
        for refusal in told.refusals:
            said = (refusal.__doc__ or "").partition("\n")[0]
            assert titles.setdefault(refusal.code, said) == said, refusal.code


def test_the_written_page_lists_the_problems_as_they_are(app):
    page = PAGE.read_text()

    assert page == written(page, app), "run `.venv/bin/python -m tests.architecture.write_problems`"


def test_every_scope_has_its_sentence_and_stands_on_the_written_page():
    assert set(SENTENCES) == set(Scope)
    for scope in Scope:
        assert f"| `{scope}` |" in PAGE.read_text()


def test_two_operations_of_one_name_are_refused(process_settings):
    app = make_things_app(process_settings)
    view = app.view_functions["things_api.list_things"]
    app.add_url_rule("/api/v1/things-again", "again", view)

    with pytest.raises(ValueError, match="list_things"):
        openapi_document(app)


def test_a_shape_that_lets_unknown_members_in_is_refused(process_settings):
    class Loose(Thing):
        model_config = {"extra": "ignore"}  # noqa: RUF012  # that is how pydantic wants it

    with pytest.raises(ValueError, match="Loose"):
        endpoint(None, "POST", "/loose", scope=None, summary="Loose", tag="Things", body=Loose)


def test_a_call_can_be_typed_into_a_shell_whatever_its_body_says():
    call = curl("POST", "https://assay.example/x", {"name": "it's"}, is_idempotent=True)

    assert "-X POST" in call
    assert "it'\\''s" in call
    assert "Idempotency-Key" in call
