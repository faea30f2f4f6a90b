"""What a person reads when a response has the wrong shape."""

import pytest
from hypothesis import find

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import ECHO_LIMIT, InvalidResponse
from tests.assessments.item_strategies import ITEMS

CONTENTS = {name: find(items, lambda _: True)[0] for name, items in ITEMS.items()}

REFUSALS = [
    ("choice", None, "the response should be an object"),
    ("choice", {"choices": "o1"}, "choices should be a list"),
    ("choice", {"choices": ["o1", "B!"]}, "lower case letters and digits, joined by hyphens"),
    ("choice", {"choices": [f"o{n}" for n in range(11)]}, "choices should have at most 10 items"),
    ("choice", {"score": 1}, "score is not a field of the response; its fields are choices"),
    ("choice", {1: 2}, "1 should be text"),
    ("claim-verdict", {"label": "true"}, "label should be 'supported', 'contradicted' or 'not-verifiable'"),
    ("claim-verdict", {"confidence": 1.01}, "confidence should be less than or equal to 1"),
    ("claim-verdict", {"confidence": float("nan")}, "confidence should be a finite number"),
    ("claim-verdict", {"evidence": [0]}, "evidence.0 should be greater than or equal to 1"),
    ("span-highlight", {"spans": [{"start": 1}]}, "spans.0.end is missing"),
    (
        "span-highlight",
        {"spans": [{"start": 3, "end": 3, "category": "a"}]},
        "a span must end after it starts, got 3 to 3",
    ),
    ("rubric-score", {"levels": {"c0": 1.5}}, "levels.c0 should be a valid integer"),
    ("rubric-score", {"levels": {"C": 1}}, "levels.C should be lower case letters"),
]


@pytest.mark.parametrize(("name", "raw", "sentence"), REFUSALS)
def test_a_refusal_names_the_field_and_what_was_expected(name, raw, sentence):
    with pytest.raises(InvalidResponse) as refusal:
        parse_response(name, CONTENTS[name], raw)

    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("choice", {"x" * 5000: 1}),
        ("choice", {"choices": [letter * 60 for letter in "xyzuvw"]}),
        ("rubric-score", {"levels": {letter * 60: 1 for letter in "xyzuvw"}}),
        ("span-highlight", {"spans": [{"start": 0, "end": 1, "category": "x" * 60}]}),
        ("claim-verdict", {"label": "x" * 5000}),
    ],
)
def test_a_refusal_repeats_no_more_than_80_characters_of_what_came(name, raw):
    with pytest.raises(InvalidResponse) as refusal:
        parse_response(name, CONTENTS[name], raw)

    assert sum(str(refusal.value).count(letter * 10) for letter in "xyzuvw") * 10 <= ECHO_LIMIT
    assert len(str(refusal.value)) < 250
