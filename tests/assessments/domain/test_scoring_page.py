"""The page about scoring shows figures that the code really computes."""

from fractions import Fraction
from pathlib import Path

import pytest

from assessments.domain.item_types import item_type
from assessments.domain.results import GradedItem, grade
from assessments.domain.scoring.span_highlight import character_f1

PAGE = (Path(__file__).parents[3] / "docs" / "scoring.md").read_text()
TEXT = "The bridge opened in 1937. It was designed by Clara Weiss and cost 35 million dollars."

CHOICE = (
    "choice",
    {"prompt": "Which?", "many": True, "options": [{"id": name, "text": name} for name in "abcde"]},
    {"choices": ["a", "b"]},
)
VERDICT = (
    "claim-verdict",
    {"claim": "A claim.", "evidence_title": "Source", "evidence": ["one", "two", "three"]},
    {
        "label": "contradicted",
        "evidence": [2],
        "distribution": {"contradicted": 0.8, "not-verifiable": 0.2},
    },
)
CATEGORIES = [
    {"id": name, "title": name, "rule": "A rule."} for name in ("wrong-number", "wrong-entity", "unsupported")
]
YEAR = {"start": 21, "end": 25, "category": "wrong-number"}
NAME = {"start": 46, "end": 57, "category": "wrong-entity"}
SPANS = (
    "span-highlight",
    {"prompt": "Mark.", "text": TEXT, "categories": CATEGORIES},
    {"spans": [{**YEAR, "critical": True}, NAME], "tolerance": 3},
)
CLAUSE = {"start": 34, "end": 57, "category": "unsupported"}
NESTED = ("span-highlight", SPANS[1], {"spans": [CLAUSE, NAME], "tolerance": 3})
CRITICAL = ("span-highlight", SPANS[1], {"spans": [CLAUSE, {**NAME, "critical": True}], "tolerance": 3})
RUBRIC = (
    "rubric-score",
    {
        "task": "A task.",
        "response": "An answer.",
        "criteria": [
            {
                "id": name,
                "title": name,
                "question": "How well?",
                "levels": [{"level": level, "descriptor": "What it takes."} for level in range(1, levels + 1)],
            }
            for name, levels in (("first", 5), ("second", 4))
        ],
    },
    {"levels": {"first": {3: 0.75, 4: 0.25}, "second": 2}},
)


def stands_in_page(section: str, figure: float | Fraction) -> bool:
    chapter = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return f"**{float(figure):.3f}**" in chapter


def score(item, response):
    name, content, key = item
    kind = item_type(name)
    content, key = kind.content.model_validate(content), kind.key.model_validate(key)
    kind.check_key(content, key)
    return kind.score(content, key, kind.response.model_validate(response))


@pytest.mark.parametrize(
    ("section", "item", "response", "points"),
    [
        ("Choice", CHOICE, {"choices": ["a", "b", "c"]}, "2/3"),
        ("Choice", CHOICE, {"choices": ["a", "c"]}, "1/6"),
        (
            "Claim verdict",
            VERDICT,
            {"label": "contradicted", "evidence": [2, 3], "confidence": 0.9},
            Fraction(6, 10) + Fraction(2, 15) + Fraction(198, 1000),
        ),
        ("Claim verdict", VERDICT, {"label": "not-verifiable", "evidence": [2], "confidence": 0.5}, "0.382"),
        ("Claim verdict", VERDICT, {"label": "supported", "confidence": 0}, "0.2"),
        (
            "Span highlight",
            SPANS,
            {"spans": [{**YEAR, "start": 18}, {"start": 52, "end": 57, "category": "unsupported"}]},
            Fraction(310, 649) * Fraction(85, 100),
        ),
        ("Span highlight", SPANS, {"spans": [NAME]}, "241/708"),
        ("Span highlight", SPANS, {"spans": [YEAR, NAME, {**NAME, "category": "unsupported"}]}, "25/28"),
        ("Span highlight", SPANS, {"spans": [{**NAME, "start": 0, "end": 86}]}, "0"),
        (
            "Span highlight",
            SPANS,
            {"spans": [{"start": 0, "end": 86, "category": category["id"]} for category in CATEGORIES]},
            "0",
        ),
        ("Span highlight", NESTED, {"spans": [CLAUSE, NAME]}, "1"),
        ("Span highlight", NESTED, {"spans": [CLAUSE]}, "65/68"),
        ("Span highlight", CRITICAL, {"spans": [CLAUSE]}, "65/136"),
        ("Span highlight", NESTED, {"spans": [NAME]}, "1651/7600"),
        ("Rubric score", RUBRIC, {"levels": {"first": 4, "second": 3}}, "11/21"),
    ],
)
def test_every_worked_example_is_what_the_code_computes_and_the_page_shows(section, item, response, points):
    assert score(item, response).points == Fraction(points)
    assert stands_in_page(section, Fraction(points))


def test_the_steps_of_the_examples_stand_in_the_page():
    gold = [(21, 25), (46, 57)]
    for marked in ([(0, 86)], [(18, 25), (52, 57)], [(46, 57)]):
        assert stands_in_page("Span highlight", character_f1(gold, marked, length=len(TEXT), tolerance=3))
    for response in ({"spans": [{**YEAR, "start": 18}, {**NAME, "start": 52}]}, {"spans": [NAME]}):
        assert stands_in_page("Span highlight", score(SPANS, response).parts[0].points)
    for marked in ([(0, 86)], [(46, 57)]):
        assert stands_in_page("Span highlight", character_f1([(34, 57), (46, 57)], marked, length=86, tolerance=3))
    for item, response in (
        (SPANS, {"spans": [YEAR, NAME, {**NAME, "category": "unsupported"}]}),
        (NESTED, {"spans": [CLAUSE]}),
        (NESTED, {"spans": [NAME]}),
    ):
        location, category = score(item, response).parts
        assert stands_in_page("Span highlight", location.points)
        assert stands_in_page("Span highlight", category.points / location.points)
    for part in score(RUBRIC, {"levels": {"first": 4, "second": 3}}).parts:
        assert stands_in_page("Rubric score", part.points)


def test_the_example_of_a_result_is_what_the_code_computes():
    result = grade([GradedItem("skill", Fraction(points)) for points in ("0.8", "1", "0.5", "0.7")], Fraction("0.7"))

    assert result.has_passed
    assert stands_in_page("The result of an attempt", result.score)
    assert stands_in_page("The result of an attempt", result.standard_error)


def test_the_page_shows_the_text_of_its_example():
    assert TEXT in PAGE
