"""The key editor: the candidate's controls state the key, the form states the rest, and neither loses the other's."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from zlib import compress

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assessments.domain.item_types import ITEM_TYPES, parse_response
from assessments.web.author.item_form import open_form
from assessments.web.author.key_editor import KeyState, exact_fields, form_of_exact, form_of_rest, stated_fields
from assessments.web.item_views import ITEM_VIEWS
from tests.assessments.authoring.edited_items import opened, posted, sent, written
from tests.assessments.every_type import TYPE_NAMES, random_items

QUICK = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
CHOICE = {
    "prompt": "Which one?",
    "passage": None,
    "options": [{"id": name, "text": name.upper()} for name in "abc"],
    "many": False,
}
RUBRIC = {
    "task": "Summarise.",
    "response": "A summary.",
    "criteria": [
        {
            "id": name,
            "title": name,
            "question": "How well?",
            "levels": [{"level": n, "descriptor": "So."} for n in (1, 2, 3)],
        }
        for name in ("clarity", "fidelity")
    ],
}
SPANS = {
    "prompt": "Mark.",
    "text": "The bridge was opened in 1923 by nobody.",
    "categories": [{"id": "wrong-number", "title": "Wrong number", "rule": "A figure differs."}],
}


@pytest.mark.parametrize("name", TYPE_NAMES)
@QUICK
@given(data=st.data())
def test_a_key_that_nobody_touches_stays_as_it_is(process_app, name, data):
    content, key, _response = data.draw(random_items(name))
    raw_content, raw_key = content.model_dump(mode="json"), key.model_dump(mode="json")

    begun = opened(name, raw_content, raw_key)
    with process_app.test_request_context():
        read = ITEM_VIEWS[name].read_form(content, sent(process_app, begun), "key-")
    assume(_states(name, content, read) == _states(name, content, begun.key.answer))  # some controls cannot, unscripted

    again = posted(process_app, begun)

    assert again.key.key == raw_key
    assert not again.key.is_pending
    assert again.written.answer is None


@pytest.mark.parametrize("name", TYPE_NAMES)
@QUICK
@given(data=st.data())
def test_an_answer_given_with_the_controls_becomes_the_key(process_app, name, data):
    kind = ITEM_TYPES[name]
    content, key, _response = data.draw(random_items(name))
    answer = kind.full_response(content, key)
    raw_content, raw_answer = content.model_dump(mode="json"), answer.model_dump(mode="json")
    begun = replace(opened(name, raw_content, {}), key=KeyState({}, raw_answer, is_pending=True))
    with process_app.test_request_context():
        read = ITEM_VIEWS[name].read_form(content, sent(process_app, begun), "key-")
    assume(_states(name, content, read) == _states(name, content, raw_answer))

    stated = posted(process_app, begun).key

    assert {field: stated.key.get(field) for field in stated_fields(name)} == _states(name, content, raw_answer)


def _states(name, content, raw_answer):
    """The fields of a key that an answer states."""
    key = ITEM_TYPES[name].key_with(content, parse_response(name, content, raw_answer), {})
    return {field: key.get(field) for field in stated_fields(name)}


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_each_field_of_a_key_stands_in_one_place(name):
    kind = ITEM_TYPES[name]
    rest = {part.name for part in form_of_rest(name).control.parts}
    exact = {part.name for part in form_of_exact(name).control.parts}

    assert rest | stated_fields(name) == set(kind.key.model_fields)
    assert not rest & stated_fields(name)
    assert exact == exact_fields(name) <= stated_fields(name)
    assert stated_fields(name), "an answer must state something"


@pytest.mark.parametrize(
    ("name", "stated", "exact"),
    [
        ("choice", {"choices"}, set()),
        ("claim-verdict", {"label", "evidence"}, set()),
        ("span-highlight", {"spans"}, {"spans"}),
        ("rubric-score", {"levels"}, {"levels"}),
        ("pairwise-preference", {"preference", "strength", "reasons"}, {"strength"}),
        ("first-wrong-step", {"step", "reasons"}, {"reasons"}),
        ("data-check", {"rows"}, set()),
        ("numeric", {"value", "unit"}, set()),
    ],
)
def test_what_an_answer_states_is_derived_from_the_type(name, stated, exact):
    assert stated_fields(name) == stated
    assert exact_fields(name) == exact


def test_a_changed_control_changes_the_key_and_leaves_the_rest(process_app):
    begun = opened("choice", CHOICE, {"choices": ["a"], "accepted": [["c"]], "distribution": None})

    changed = posted(process_app, begun, **{"key-choices": "b"})

    assert changed.key.key == {"choices": ["b"], "accepted": [["c"]], "distribution": None}


def test_votes_are_entered_in_the_form_and_stay_when_another_control_changes(process_app):
    begun = opened("rubric-score", RUBRIC, {"levels": {"clarity": {"2": 3, "3": 1}, "fidelity": 1}})

    changed = posted(process_app, begun, **{"key-level-fidelity": "3"})
    voted = posted(process_app, changed, **{"key.levels.0.0~key": "3", "key.levels.0.1~key": "2"})

    assert changed.key.key == {"levels": {"clarity": {"2": 3, "3": 1}, "fidelity": 3}}
    assert voted.key.key == {"levels": {"clarity": {"3": 3, "2": 1}, "fidelity": 3}}
    assert voted.key.answer == {"levels": {"clarity": 3, "fidelity": 3}}


def test_what_is_critical_is_said_in_the_form_and_stays(process_app):
    span = {"start": 25, "end": 29, "category": "wrong-number", "critical": False}
    begun = opened("span-highlight", SPANS, {"spans": [span], "accepted": [], "tolerance": 3})

    critical = posted(process_app, begun, **{"key.spans.0.critical": "1"})
    again = posted(process_app, critical, **{"key.tolerance": "0"})

    assert again.key.key == {"spans": [{**span, "critical": True}], "accepted": [], "tolerance": 0}


def test_a_half_finished_answer_is_kept_beside_the_key(process_app):
    begun = opened("rubric-score", RUBRIC, {})

    half = posted(process_app, begun, **{"key-level-clarity": "2"})
    kept = half.written
    reopened = open_form(half.kind, kept)
    whole = posted(process_app, reopened, **{"key-level-fidelity": "1"})

    assert kept.answer == {"levels": {"clarity": 2}}
    assert reopened.key.answer == {"levels": {"clarity": 2}}
    assert whole.key.key == {"levels": {"clarity": 2, "fidelity": 1}}
    assert whole.written.answer is None


def test_an_answer_outlives_content_that_is_unfinished_for_a_while(process_app):
    begun = opened("choice", CHOICE, {"choices": ["b"], "accepted": [], "distribution": None})

    broken = posted(process_app, begun, **{"content.prompt": ""})
    reopened = open_form(broken.kind, broken.written)
    mended = posted(process_app, reopened, **{"content.prompt": "Which, then?"})

    assert broken.parsed is None
    assert mended.key.key == begun.key.key
    assert mended.parsed.prompt == "Which, then?"


def test_a_new_criterion_leaves_the_levels_of_the_others(process_app):
    begun = opened("rubric-score", RUBRIC, {"levels": {"clarity": 2, "fidelity": 1}})
    third = {**RUBRIC["criteria"][0], "id": "brevity"}
    more = opened("rubric-score", {**RUBRIC, "criteria": [*RUBRIC["criteria"], third]}, begun.key.key, begun.key.answer)

    stated = posted(process_app, more, **{"key-level-brevity": "3"})

    assert stated.key.key == {"levels": {"clarity": 2, "fidelity": 1, "brevity": 3}}


def test_an_answer_that_does_not_fit_is_shown_again_with_the_reason(process_app):
    begun = opened("choice", CHOICE, {})

    refused = posted(process_app, begun, **{"key-choices": ["a", "b"]})

    assert refused.key.is_pending
    assert "takes one" in refused.key.fault
    assert refused.key.answer == {"choices": ["a", "b"]}


def test_faulty_details_are_not_overwritten_by_the_controls(process_app):
    begun = opened("rubric-score", RUBRIC, {"levels": {"clarity": {"2": 3, "3": 1}, "fidelity": 1}})

    unclear = posted(process_app, begun, **{"key.levels.0.0": "many", "key-level-fidelity": "3"})
    mended = posted(process_app, unclear, **{"key.levels.0.0": "4"})

    assert unclear.key.key["levels"]["clarity"] == {"2": "many", "3": 1}
    assert unclear.key.is_pending
    assert mended.key.key == {"levels": {"clarity": {"2": 4, "3": 1}, "fidelity": 3}}


BOMB = urlsafe_b64encode(compress(b'"' + b"x" * 5_000_000 + b'"')).decode()


@pytest.mark.parametrize("junk", ["", "{", "[]", '"x"', "9" * 5000, '{"prompt": 3}', "eJw=", "Ω", BOMB])
@pytest.mark.parametrize("name", ["key~content", "key~shown", "key~base", "key~pending"])
def test_hidden_fields_that_were_tampered_with_break_nothing(process_app, name, junk):
    begun = opened("choice", CHOICE, {"choices": ["b"], "accepted": [], "distribution": None})

    again = posted(process_app, begun, **{name: junk})

    assert again.kind.name == "choice"


@pytest.mark.parametrize("name", TYPE_NAMES)
@pytest.mark.parametrize("rubbish", [{}, {"levels": "x"}, {"accepted": 3, "spans": [3], "answers": [3], "rows": "x"}])
def test_a_key_of_rubbish_is_shown_and_read_without_breaking(process_app, name, rubbish):
    kind = ITEM_TYPES[name]
    content = kind.examples[0].content.model_dump(mode="json")
    again = posted(process_app, opened(name, content, rubbish))

    with process_app.test_request_context():
        assert sent(process_app, again)


def test_that_nothing_is_wrong_is_a_key_only_when_somebody_says_so(process_app):
    fresh = posted(process_app, open_form(ITEM_TYPES["span-highlight"], written(SPANS, {}, {})))
    said = posted(process_app, fresh, **{"key-no_errors": "1"})
    reopened = open_form(said.kind, said.written)

    assert fresh.written.answer is not None
    assert said.written.answer is None
    assert said.key.key["spans"] == []
    assert reopened.key.answer["no_errors"] is True


def test_levels_typed_in_the_form_alone_are_not_wiped_by_controls_left_empty(process_app):
    fresh = open_form(ITEM_TYPES["rubric-score"], written(RUBRIC, {}, {}))
    rows = {"key.levels~rows": "2", "key.levels.0~key": "clarity", "key.levels.0": "2"}

    typed = posted(process_app, fresh, **rows, **{"key.levels.1~key": "fidelity", "key.levels.1": "3"})

    assert typed.key.key == {"levels": {"clarity": 2, "fidelity": 3}}
    assert typed.key.answer == {"levels": {"clarity": 2, "fidelity": 3}}
