"""Items of other systems: what each interaction is read into, what is told of it, and what is refused."""

from decimal import Decimal

import pytest

from assessments.adapters.qti.feedback import NO_RATIONALE
from assessments.adapters.qti.interactions.extended_text import NO_EXEMPLAR
from assessments.adapters.qti.versions import QTI_2_2, QTI_3_0
from tests.assessments.exchange.qti_files import (
    CHOICE,
    MAP_RESPONSE,
    MATCH_CORRECT,
    OPTIONS,
    declaration,
    item,
    read_one,
    refused,
)

ENTRY = '<p>The missing word: <textEntryInteraction responseIdentifier="RESPONSE"/>.</p>'
ESSAY = '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Write.</prompt></extendedTextInteraction>'
PLAIN_3_0 = b"""<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="Capital_1" title="Capital"
    adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>A</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
  <qti-item-body>
    <p>Portugal is a country in Europe.</p>
    <qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
      <qti-prompt>Which is the capital?</qti-prompt>
      <qti-simple-choice identifier="A">Lisbon</qti-simple-choice>
      <qti-simple-choice identifier="B">Porto</qti-simple-choice>
    </qti-choice-interaction>
  </qti-item-body>
  <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
</qti-assessment-item>"""


def matched(*pairs: str, entries: str = "AB", targets: str = "XY", more: str = "", after: str = MATCH_CORRECT) -> bytes:
    """A match item of single-letter names."""
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(f'<simpleAssociableChoice identifier="{n}" matchMax="1">{n}</simpleAssociableChoice>' for n in names)
        + "</simpleMatchSet>"
        for names in (entries, targets)
    )
    interaction = f'<matchInteraction responseIdentifier="RESPONSE"><prompt>Match.</prompt>{sets}</matchInteraction>'
    return item(interaction, declaration(*pairs, cardinality="multiple", base_type="directedPair", more=more), after)


def scored(condition: str, otherwise: str = "") -> str:
    """Response processing of one condition."""
    setting = '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
    branch = f"<responseIf>{condition}{setting}</responseIf>{otherwise}"
    return f"<responseProcessing><responseCondition>{branch}</responseCondition></responseProcessing>"


def equal(attributes: str, other: str = '<correct identifier="RESPONSE"/>') -> str:
    return f'<equal {attributes}><variable identifier="RESPONSE"/>{other}</equal>'


def test_an_item_of_version_3_is_a_choice_with_its_passage(tmp_path):
    read, told = read_one(tmp_path, PLAIN_3_0)

    assert (read.type, read.identifier, read.row) == ("choice", "capital-1", 1)
    assert read.content == {
        "prompt": "Which is the capital?",
        "passage": "Portugal is a country in Europe.",
        "options": [{"id": "a", "text": "Lisbon"}, {"id": "b", "text": "Porto"}],
        "many": False,
    }
    assert read.key == {"choices": ["a"]}
    assert told == []


def test_both_versions_of_an_item_are_read_alike(tmp_path):
    second, _ = read_one(tmp_path, item(CHOICE, version=QTI_2_2))
    third, _ = read_one(tmp_path, item(CHOICE, version=QTI_3_0))

    assert second == third


def test_version_2_1_is_read(tmp_path):
    older = item(CHOICE).replace(b"imsqti_v2p2", b"imsqti_v2p1")

    assert read_one(tmp_path, older)[0].key == {"choices": ["a"]}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"<questestinterop/>", "QTI 1.2"),
        (b"<html/>", "<html> is in the namespace (none)"),
        (b'<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"/>', "a <assessmentTest>"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (b"not XML", "not well-formed"),
        (b"", "not well-formed"),
    ],
)
def test_what_is_no_item_is_refused(tmp_path, document, said):
    assert said in refused(tmp_path, document).reason


OTHERS = """associate customXy drawing gapMatch graphicOrder hotspot hottext inlineChoice media portableCustom
positionObject selectPoint slider upload"""


@pytest.mark.parametrize("name", OTHERS.split())
def test_other_interactions_are_refused_by_name_and_line(tmp_path, name):
    document = item(f'<p>\n\n<{name}Interaction responseIdentifier="RESPONSE"/></p>')

    refusal = refused(tmp_path, document)

    assert f"its interaction is {name}Interaction; read are choiceInteraction, " in refusal.reason
    assert refusal.where == "file, line 3"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (item("<p>Read this.</p>"), "no interaction"),
        (item(CHOICE + CHOICE), "has 2 interactions"),
        (item(CHOICE, declaration()), "which answer is right"),
        (item(CHOICE, ""), "no response declaration RESPONSE"),
        (item(CHOICE, declaration("C")), "names C, which is no choice"),
        (item(CHOICE.replace('identifier="B"', 'identifier="A"')), "two choices are called A"),
        (item(CHOICE.replace("Porto", "")), "the choice B has no text"),
        (item(CHOICE.replace(OPTIONS, OPTIONS.replace("A", "{}") * 11)), "has 22 choices"),
        (item(CHOICE, declaration("A") + "<templateDeclaration identifier='T'/>"), "a template from which"),
        (item(CHOICE + '<p><img src="map.png"/></p>'), "map.png has no description"),
        (item(CHOICE, declaration("A") + '<assessmentStimulusRef identifier="s" href="s.xml"/>'), "the whole package"),
    ],
)
def test_items_that_cannot_be_ours_are_refused(tmp_path, document, said):
    assert said in refused(tmp_path, document).reason


@pytest.mark.parametrize(
    ("texts", "kind"), [("True/False", "true-false"), ("FALSE./true", "true-false"), ("Yes/No", "choice")]
)
def test_true_and_false_are_a_true_false_item_only_where_they_are_said(tmp_path, texts, kind):
    first, second = texts.split("/")

    read, _ = read_one(tmp_path, item(CHOICE.replace("Lisbon", first).replace("Porto", second)))

    assert read.type == kind
    if kind == "true-false":
        assert read.content == {"statement": "Which is the capital?"}
        assert read.key == {"answer": first.strip(".").lower()}


def test_several_right_options_are_a_choice_of_many(tmp_path):
    third = '<simpleChoice identifier="C">Faro</simpleChoice>'
    body = CHOICE.replace('maxChoices="1"', 'maxChoices="0"').replace(OPTIONS, OPTIONS + third)

    read, _ = read_one(tmp_path, item(body, declaration("A", "C", cardinality="multiple")))

    assert read.content["many"] is True
    assert read.key == {"choices": ["a", "c"]}


def test_a_mapping_gives_the_key_and_its_weights_are_told(tmp_path):
    mapping = '<mapping><mapEntry mapKey="A" mappedValue="2"/><mapEntry mapKey="B" mappedValue="-1"/></mapping>'

    read, (told,) = read_one(tmp_path, item(CHOICE, declaration(more=mapping), MAP_RESPONSE))

    assert read.key == {"choices": ["a"]}
    assert told == "its weights (A: 2, B: -1) are not kept; it is scored by our own rule instead"


def test_answers_that_custom_rules_count_as_fully_right_are_accepted(tmp_path):
    also = '<match><variable identifier="RESPONSE"/><baseValue baseType="identifier">B</baseValue></match>'
    right = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'

    read, told = read_one(tmp_path, item(CHOICE, after=scored(f"<or>{right}{also}</or>")))

    assert read.key == {"choices": ["a"], "accepted": [["b"]]}
    assert told == []


def test_custom_rules_that_say_more_are_told(tmp_path):
    right = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
    more = """<responseElse><setOutcomeValue identifier="FEEDBACK"><baseValue baseType="identifier">no</baseValue>
    </setOutcomeValue></responseElse>"""

    read, told = read_one(tmp_path, item(CHOICE, after=scored(right, more)))

    assert read.key == {"choices": ["a"]}
    assert told == ["its response processing is custom; it is scored by our own rule instead"]


def test_a_match_has_one_target_for_each_entry(tmp_path):
    read, told = read_one(tmp_path, matched("A X", "B X"))

    assert read.type == "match"
    assert read.content["entries"] == [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]
    assert read.content["targets"] == [{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}]
    assert read.key == {"pairs": {"a": "x", "b": "x"}}
    assert told == []


def test_the_lists_of_a_match_change_places_where_only_so_each_entry_has_one_target(tmp_path):
    read, (told,) = read_one(tmp_path, matched("A X", "A Y"))

    assert read.key == {"pairs": {"x": "a", "y": "a"}}
    assert "changed places" in told


def test_equal_weights_beyond_the_right_pairs_are_accepted_targets(tmp_path):
    mapping = "".join(f'<mapEntry mapKey="{pair}" mappedValue="1"/>' for pair in ("A X", "A Y", "B Y"))

    read, told = read_one(tmp_path, matched("A X", "B Y", more=f"<mapping>{mapping}</mapping>", after=MAP_RESPONSE))

    assert read.key == {"pairs": {"a": "x", "b": "y"}, "accepted": {"a": ["y"]}}
    assert told == []


@pytest.mark.parametrize(
    ("pairs", "said"),
    [(("A X", "A Y", "B Y"), "several partners"), (("X A",), "is no pair"), (("A",), "is no pair"), ((), "is right")],
)
def test_other_matches_are_refused(tmp_path, pairs, said):
    assert said in refused(tmp_path, matched(*pairs)).reason


@pytest.mark.parametrize("right", ["ABCD", "DCBA"])
def test_an_order_that_stands_right_already_is_shuffled_and_always_alike(tmp_path, right):
    choices = "".join(f'<simpleChoice identifier="{name}">{name}</simpleChoice>' for name in "ABCD")
    body = f'<orderInteraction responseIdentifier="RESPONSE"><prompt>Sort.</prompt>{choices}</orderInteraction>'
    document = item(body, declaration(*right, cardinality="ordered"))

    read, told = read_one(tmp_path, document)
    shown = "".join(entry["text"] for entry in read.content["entries"])

    assert read.key == {"order": [name.lower() for name in right]}
    assert sorted(shown) == sorted("ABCD")
    assert (shown == "ABCD", bool(told)) == ((False, True) if right == "ABCD" else (True, False))
    assert read == read_one(tmp_path, document)[0]


def test_an_order_of_some_entries_only_is_refused(tmp_path):
    body = f'<orderInteraction responseIdentifier="RESPONSE"><prompt>Sort.</prompt>{OPTIONS}</orderInteraction>'

    assert "names 1 of 2 entries" in refused(tmp_path, item(body, declaration("A", cardinality="ordered"))).reason


@pytest.mark.parametrize(
    ("rule", "field", "size"),
    [
        ('toleranceMode="exact"', None, None),
        ('toleranceMode="absolute" tolerance="0.5 0.5"', "absolute", "0.5"),
        ('toleranceMode="absolute" tolerance="2"', "absolute", "2"),
        ('toleranceMode="relative" tolerance="5 5"', "relative", "0.05"),
    ],
)
def test_a_number_has_the_tolerance_of_its_rule(tmp_path, rule, field, size):
    document = item(ENTRY, declaration("12.50", base_type="float"), scored(equal(rule)))

    read, told = read_one(tmp_path, document)

    assert read.type == "numeric"
    assert read.content == {"prompt": "The missing word: ____."}
    assert read.key.pop("value") == "12.50"
    assert {name: Decimal(value) for name, value in read.key.items()} == ({field: Decimal(size)} if field else {})
    assert told == []


def test_further_numbers_of_the_same_rule_are_accepted(tmp_path):
    also = equal('toleranceMode="exact"', '<baseValue baseType="integer">13</baseValue>')
    rules = scored("<or>" + equal('toleranceMode="exact"') + also + "</or>")

    assert read_one(tmp_path, item(ENTRY, declaration("12", base_type="integer"), rules))[0].key == {
        "value": "12",
        "accepted": ["13"],
    }


def test_a_rounded_number_is_right_within_half_a_unit(tmp_path):
    rule = """<equalRounded roundingMode="decimalPlaces" figures="2"><variable identifier="RESPONSE"/>
    <correct identifier="RESPONSE"/></equalRounded>"""

    read, told = read_one(tmp_path, item(ENTRY, declaration("3.14", base_type="float"), scored(rule)))

    assert read.key == {"value": "3.14", "absolute": "0.005"}
    assert "half a unit" in told[0]


@pytest.mark.parametrize(
    ("value", "rule", "said"),
    [
        ("many", 'toleranceMode="exact"', "is no number"),
        ("INF", 'toleranceMode="exact"', "is no number"),
        ("1e999999999", 'toleranceMode="exact"', "is no number"),
        ("1", 'toleranceMode="absolute" tolerance="1 2"', "1 below and 2 above"),
        ("1", 'toleranceMode="absolute"', "expected one or two numbers"),
    ],
)
def test_numbers_that_we_cannot_score_are_refused(tmp_path, value, rule, said):
    assert said in refused(tmp_path, item(ENTRY, declaration(value, base_type="float"), scored(equal(rule)))).reason


def test_a_short_text_has_its_mapping_as_points(tmp_path):
    mapping = "".join(
        f'<mapEntry mapKey="{text}" mappedValue="{worth}" caseSensitive="true"/>'
        for text, worth in (("York", "4"), ("york", "1"), ("Kent", "0"))
    )
    document = item(ENTRY, declaration("York", base_type="string", more=f"<mapping>{mapping}</mapping>"), MAP_RESPONSE)

    read, told = read_one(tmp_path, document)

    assert read.type == "short-text"
    assert read.key == {
        "answers": [{"text": "York", "points": 1.0}, {"text": "york", "points": 0.25}],
        "is_case_sensitive": True,
    }
    assert told == ["answers that its mapping gives no points are not kept"]


def test_a_short_text_without_a_mapping_is_compared_as_it_stands(tmp_path):
    read, _ = read_one(tmp_path, item(ENTRY, declaration("York", base_type="string")))

    assert read.key == {"answers": [{"text": "York", "points": 1.0}], "is_case_sensitive": True}


def test_an_essay_has_the_notes_of_its_scorers_and_general_criteria_that_are_told(tmp_path):
    body = f'<p>Sam writes.</p>{ESSAY}<rubricBlock view="scorer"><p>Look for dates.</p></rubricBlock>'

    read, (told,) = read_one(tmp_path, item(body, declaration(base_type="string"), ""))

    assert read.type == "essay"
    assert (read.content["prompt"], read.content["reference"]) == ("Write.", "Sam writes.")
    assert read.key == {"exemplar": NO_EXEMPLAR, "notes": "Look for dates."}
    assert len(read.content["criteria"]) == 1
    assert "no criteria and no exemplary text" in told


def test_instructions_for_candidates_are_part_of_the_text_and_those_for_others_are_told(tmp_path):
    body = f'<rubricBlock view="candidate"><p>Take care.</p></rubricBlock><rubricBlock view="author"/>{CHOICE}'

    read, (told,) = read_one(tmp_path, item(body))

    assert read.content["passage"] == "Take care."
    assert told == "a rubric for author was left out"


def test_feedback_is_the_rationale_and_on_a_wrong_option_why_it_tempts(tmp_path):
    inline = '<feedbackInline outcomeIdentifier="F" identifier="B" showHide="show">Once it was.</feedbackInline>'
    modal = '<modalFeedback outcomeIdentifier="F" identifier="{}" showHide="show"><p>{}</p></modalFeedback>'
    after = MATCH_CORRECT + modal.format("A", "It has the parliament.") + modal.format("ok", "Well done.")
    after += modal.format("again", "Well done.")

    read, told = read_one(tmp_path, item(CHOICE.replace("Porto", f"Porto{inline}"), after=after))

    assert read.content["options"][1]["text"] == "Porto"
    assert read.rationale == "It has the parliament.\n\nWell done."
    assert read.temptations == {"b": "Once it was."}
    assert told == []


def test_a_missing_rationale_is_said_to_be_missing(tmp_path):
    assert read_one(tmp_path, item(CHOICE))[0].rationale == NO_RATIONALE


def test_hints_and_unknown_parts_are_told(tmp_path):
    button = '<p><endAttemptInteraction responseIdentifier="HINT" title="Hint"/></p>'
    document = item(CHOICE + button, after=MATCH_CORRECT + "<catalogInfo/>", attributes="").replace(
        b'adaptive="false"', b'adaptive="true"'
    )

    _, told = read_one(tmp_path, document)

    assert told == [
        "its button 'Hint' was left out",
        "it is adaptive: several tries with hints become one try",
        "<catalogInfo> was left out",
    ]


def test_a_title_stands_in_for_a_missing_question(tmp_path):
    read, (told,) = read_one(tmp_path, item(CHOICE.replace("Which is the capital?", "")))

    assert read.content["prompt"] == "A title"
    assert "no question but its title" in told


def test_names_that_differ_in_case_alone_stay_different(tmp_path):
    body = CHOICE.replace('identifier="B"', 'identifier="a"').replace("</choiceInteraction>", "")
    more = '<simpleChoice identifier="選">Faro</simpleChoice></choiceInteraction>'

    read, _ = read_one(tmp_path, item(body + more, declaration("a")))

    assert [option["id"] for option in read.content["options"]] == ["a", "a-2", "option-3"]
    assert read.key == {"choices": ["a-2"]}
