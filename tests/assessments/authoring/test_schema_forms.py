"""Generated forms: raw values come back from the form as they went in, whatever they are; rows change by buttons."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.schemas.base import Identifier, Line, Text
from assessments.operations.checking_items import Particulars, Reasons
from assessments.web.schema_forms import SchemaForm
from assessments.web.schema_forms_faults import Faults, faults_of
from assessments.web.schema_forms_shown import Field as Shown
from assessments.web.schema_forms_shown import walk
from tests.assessments.authoring.generated_forms import html_of, there_and_back
from tests.assessments.authoring.posted_forms import PostedForm
from tests.assessments.every_type import TYPE_NAMES, random_items

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)  # what can be stored
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
QUICK = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(BaseModel):
    id: Identifier
    number: int
    text: Text


class Everything(BaseModel):
    """One field of every kind that a form has a control for, and one that it has none for."""

    line: Line
    text: Text | None = None
    flag: bool = True
    whole: int = 3
    share: float | None = None
    exact: Decimal = Decimal("1.50")
    colour: Colour
    literal: Literal["x", "y"] = "x"
    maybe: Colour | None = None
    inner: Inner | None = None
    rows: Annotated[tuple[Inner, ...], Field(min_length=2)]
    texts: tuple[Text, ...] = ()
    lines: tuple[Line, ...] = ()
    words: frozenset[Identifier] = frozenset()
    numbers: tuple[int, ...] = ()
    table: tuple[tuple[Annotated[str, Field(max_length=100)], ...], ...] = ()
    sets: tuple[frozenset[Identifier], ...] = ()
    nested: tuple[tuple[Inner, ...], ...] = ()
    votes: dict[Colour, int | float] | None = None
    named: dict[Identifier, Text] = Field(default_factory=dict)
    either: dict[Identifier, int | dict[int, int | float]] = Field(default_factory=dict)
    odd: dict[str, list[dict[str, int]]] | int = 0


FORM = SchemaForm(Everything, "e")
INNER = {"id": "a", "number": 1, "text": "Über\n\nzwei “Zeilen”"}
FULL = {
    "line": "A <b>line</b> & more",
    "text": "\nTwo\nlines ",
    "flag": False,
    "whole": 7,
    "share": 0.25,
    "exact": "2.500",
    "colour": "blue",
    "literal": "y",
    "maybe": "red",
    "inner": INNER,
    "rows": [INNER, {"id": "b", "number": 2, "text": "x"}],
    "texts": ["one\ntwo", "three"],
    "lines": ["a, b", "c"],
    "words": ["a", "b-c"],
    "numbers": [3, -1],
    "table": [["a", "b,c"], ["", 'd "e"']],
    "sets": [["a", "b"], ["c"]],
    "nested": [[INNER], [], [INNER, INNER]],
    "votes": {"red": 3, "blue": 0.5},
    "named": {"a": "why", "b": "not\nso"},
    "either": {"x": 3, "y": {"1": 2, "2": 0.5}},
    "odd": {"a": [{"b": 1}]},
}


def dumped(model: Any) -> dict[str, Any]:
    return model.model_dump(mode="json")


def is_kept(before: Any, after: Any) -> bool:
    """Whether all that was said is still said; defaults may have come in addition."""
    if is_blank(before):
        return True
    if isinstance(before, dict) and isinstance(after, dict):
        return all(is_kept(value, after.get(name)) for name, value in before.items())
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(is_kept, before, after))
    return before == after


def is_blank(value: Any) -> bool:
    if isinstance(value, (dict, list)):
        return all(is_blank(entry) for entry in (value.values() if isinstance(value, dict) else value))
    return value is None or value is False or value == ""


@pytest.mark.parametrize("name", TYPE_NAMES)
@QUICK
@given(data=st.data())
def test_content_and_key_of_every_type_come_back_as_they_are(process_app, name, data):
    content, key, _response = data.draw(random_items(name))
    kind = ITEM_TYPES[name]

    assert there_and_back(process_app, SchemaForm(kind.content, "content"), dumped(content)) == dumped(content)
    assert there_and_back(process_app, SchemaForm(kind.key, "key"), dumped(key)) == dumped(key)


@pytest.mark.parametrize("name", TYPE_NAMES)
@QUICK
@given(data=st.data())
def test_unfinished_and_odd_values_lose_nothing(process_app, name, data):
    content, _key, _response = data.draw(random_items(name))
    raw = dumped(content)
    place = data.draw(st.sampled_from(sorted(raw)))
    raw[place] = spoilt(data, raw[place])
    form = SchemaForm(ITEM_TYPES[name].content, "content")

    back = there_and_back(process_app, form, raw)

    assert is_kept(raw, back)
    assert is_kept(back, there_and_back(process_app, form, back))


def spoilt(data: st.DataObject, value: Any) -> Any:
    """A value with something else in its place, or somewhere inside it."""
    if isinstance(value, list) and value and data.draw(st.booleans()):
        number = data.draw(st.integers(0, len(value) - 1))
        return [spoilt(data, entry) if n == number else entry for n, entry in enumerate(value)]
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(value)))
        return {**value, name: spoilt(data, value[name])}
    return data.draw(ANY_JSON)


def test_every_kind_of_field_comes_back(process_app):
    assert there_and_back(process_app, FORM, FULL) == FULL


def test_what_a_browser_would_change_is_edited_as_json(process_app):
    raw = {**FULL, "text": "a\r\nb", "line": "c\rd", "lines": ["one\ntwo"], "words": ["a, b"]}

    assert there_and_back(process_app, FORM, raw) == raw


def test_a_line_with_a_break_in_it_gets_several_lines(process_app):
    raw = {**FULL, "line": "one\ntwo"}

    assert there_and_back(process_app, FORM, raw) == raw
    assert "<textarea" in html_of(process_app, FORM, {"line": "one\ntwo"}).partition('name="e.line"')[0][-200:]


def test_what_is_not_there_shows_its_default_and_what_is_unknown_stays(process_app):
    back = there_and_back(process_app, FORM, {"unheard": {"of": [1, 2]}})

    assert back["flag"] is True
    assert back["whole"] == 3
    assert back["exact"] == "1.50"
    assert "colour" not in back
    assert back["unheard"] == {"of": [1, 2]}


def test_text_where_a_number_belongs_stays_for_the_schema_to_judge(process_app):
    raw = {**FULL, "whole": "three", "share": "half", "exact": "much"}

    assert there_and_back(process_app, FORM, raw) == raw


@pytest.mark.parametrize(
    ("typed", "read"),
    [("3", 3), (" 3 ", 3), ("0,5", 0.5), ("1e3", 1000.0), ("1e999", "1e999"), ("nan", "nan"), ("9" * 40, "9" * 40)],
)
def test_numbers_are_read_as_people_type_them(process_app, typed, read):
    sent = PostedForm(html_of(process_app, FORM, FULL)).form
    sent["e.votes.red"] = typed
    if typed == "9" * 40:
        read = float(typed)

    assert FORM.read(sent)["votes"]["red"] == read


def test_a_table_can_be_pasted_with_tabs_or_with_commas(process_app):
    sent = PostedForm(html_of(process_app, FORM, FULL)).form

    sent["e.table"] = "a\tb\r\nc\t\r\n"
    with_tabs = FORM.read(sent)["table"]
    sent["e.table"] = 'a,"b, c"\r\n\r\nd,e'
    with_commas = FORM.read(sent)["table"]

    assert with_tabs == [["a", "b"], ["c", ""]]
    assert with_commas == [["a", "b, c"], ["d", "e"]]


@pytest.mark.parametrize("typed", ["{", '{"a": NaN}', '"\\ud800"', '["\\u0000"]', "[" * 100_000, "1" * 5000])
def test_json_that_cannot_be_kept_stays_text(process_app, typed):
    sent = PostedForm(html_of(process_app, FORM, FULL)).form
    sent["e.odd~json"] = typed

    read = FORM.read(sent)["odd"]

    assert read == typed
    assert there_and_back(process_app, FORM, {**FULL, "odd": read})["odd"] == typed


def test_a_name_that_stands_twice_keeps_both_entries(process_app):
    raw = {**FULL, "named": [["a", "one"], ["a", "two"]]}

    assert there_and_back(process_app, FORM, raw) == raw
    with process_app.test_request_context():
        faults = faults_of(Everything, raw)
    assert "Each name may stand once only." in html_of(process_app, FORM, raw, faults=faults)


@pytest.mark.parametrize(
    ("wish", "field", "expected"),
    [
        ("add:e.texts", "texts", ["one\ntwo", "three", ""]),
        ("remove:e.texts.0", "texts", ["three"]),
        ("up:e.texts.1", "texts", ["three", "one\ntwo"]),
        ("down:e.texts.0", "texts", ["three", "one\ntwo"]),
        ("up:e.texts.0", "texts", ["one\ntwo", "three"]),
        ("remove:e.texts.9", "texts", ["one\ntwo", "three"]),
        ("add:e.named", "named", {"a": "why", "b": "not\nso", "": ""}),
        ("remove:e.named.0", "named", {"b": "not\nso"}),
        ("add:e.either.1", "either", {"x": 3, "y": {"1": 2, "2": 0.5, "": ""}}),
        ("mapping:e.either.0", "either", {"x": {"3": 1}, "y": {"1": 2, "2": 0.5}}),
        ("single:e.either.1", "either", {"x": 3, "y": 1}),
        ("add:e.nested.1", "nested", [[INNER], [{"id": "a", "number": 1, "text": ""}], [INNER, INNER]]),
        ("sing:e.texts", "texts", ["one\ntwo", "three"]),
        ("add:e.nothing.3", "texts", ["one\ntwo", "three"]),
        ("add:", "texts", ["one\ntwo", "three"]),
    ],
)
def test_rows_change_as_a_button_asks(wish, field, expected):
    changed, _place = FORM.change(FULL, wish)

    assert changed[field] == expected


def test_a_new_row_counts_on_and_gets_a_name_of_its_own():
    changed, place = FORM.change(FULL, "add:e.rows")

    assert changed["rows"][-1] == {"id": "c", "number": 3, "text": ""}
    assert place == "e.rows.2"


def test_numbered_rows_stay_numbered_when_they_move():
    changed, _place = FORM.change(FULL, "up:e.rows.1")

    assert [(row["id"], row["number"]) for row in changed["rows"]] == [("b", 1), ("a", 2)]


def test_a_new_form_begins_with_the_rows_that_are_needed(process_app):
    begun = FORM.begin()

    assert [row["id"] for row in begun["rows"]] == ["a", "b"]
    assert begun["flag"] is True
    assert there_and_back(process_app, FORM, begun) == {**begun, "words": [], "numbers": []}


def test_the_focus_goes_to_what_was_added(process_app):
    changed, place = FORM.change(FULL, "add:e.rows")

    assert PostedForm(html_of(process_app, FORM, changed, focus=place)).autofocused[0] == "e.rows.2.id"


def test_faults_stand_at_their_fields_in_plain_words(process_app):
    raw = {
        **FULL,
        "line": " ",
        "whole": "three",
        "colour": "green",
        "rows": [{"id": "Not good", "number": 1, "text": "x"}],
        "either": {"Bad Name": 1, "y": {"1": "many"}},
        "named": {"a": ""},
    }
    del raw["votes"]
    with process_app.test_request_context():
        faults = faults_of(Everything, raw)
        said = {field.name: field.faults for field in walk(FORM.show(raw, faults)) if field.faults}

    assert said == {
        "e.line": ("Write something here.",),
        "e.whole": ("Write a whole number.",),
        "e.colour": ("Choose one.",),
        "e.rows": ("At least 2 must be given.",),
        "e.rows.0.id": ("Use lower case letters and digits, joined by hyphens: wrong-number.",),
        "e.either.0~key": ("Use lower case letters and digits, joined by hyphens: wrong-number.",),
        "e.either.1.0": ("Write a whole number.",),
        "e.named.0": ("Write something here.",),
    }


def test_a_fault_without_a_field_is_named():
    faults = Faults((((), "Of the whole."), (("gone", 2), "Of a part.")))

    assert faults.beside(["here"]) == ("Of the whole.", "Gone, 3: Of a part.")


@pytest.mark.parametrize("model", [Reasons, Particulars])
def test_what_stands_around_content_and_key_has_forms_without_json(process_app, model):
    form = SchemaForm(model, "x")
    with process_app.test_request_context():
        kinds = {field.kind for field in walk(form.show(form.begin()))}

    assert "json" not in kinds


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_no_type_needs_json_in_its_form(process_app, name):
    kind = ITEM_TYPES[name]
    with process_app.test_request_context():
        shown: list[Shown] = [
            SchemaForm(kind.content, "content").show(SchemaForm(kind.content, "content").begin()),
            *(SchemaForm(kind.content, "content").show(dumped(example.content)) for example in kind.examples),
            *(SchemaForm(kind.key, "key").show(dumped(example.key)) for example in kind.examples),
        ]

    assert not [field.name for one in shown for field in walk(one) if field.kind == "json"]


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_every_field_has_a_label_and_an_id_of_its_own(process_app, name):
    kind = ITEM_TYPES[name]
    page = PostedForm(html_of(process_app, SchemaForm(kind.content, "content"), dumped(kind.examples[0].content)))
    visible = {field for field, _value in page.sent if "~rows" not in field and "~mapping" not in field}

    assert visible <= page.labels
    assert len(page.ids) == len(set(page.ids))
