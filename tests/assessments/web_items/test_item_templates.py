"""The items as HTML: their state is shown, a locked one takes nothing, and text is never markup."""

import json
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from flask import render_template
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import ITEM_TYPES
from assessments.web.item_views import ITEM_VIEWS
from tests.assessments.web_items.item_pages import Site, make_app
from tests.assessments.web_items.sample_items import CHOICE, CLAIM, ENGLISH, RUBRIC, span_content

ANSWERED = [
    ("choice", CHOICE, {"choices": ["b"]}),
    ("claim-verdict", CLAIM, {"label": "contradicted", "evidence": [2], "confidence": 0.8}),
    ("span-highlight", ENGLISH, {"spans": [{"start": 26, "end": 32, "category": "made-up"}]}),
    ("rubric-score", RUBRIC, {"levels": {"faithfulness": 3, "completeness": 1}}),
]


class Fields(HTMLParser):
    """The fields of a form as a browser without scripts would send them."""

    def __init__(self, html):
        super().__init__()
        self.sent, self.select, self.is_off = [], None, False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        self.is_off = "disabled" in facts if tag == "fieldset" else self.is_off
        if tag == "select":
            self.select = facts.get("name")
        if self.is_off or "disabled" in facts:
            return
        if (
            tag == "input"
            and "name" in facts
            and (facts.get("type") not in {"radio", "checkbox"} or "checked" in facts)
        ):
            self.sent.append((facts["name"], facts.get("value", "")))
        if tag == "option" and "selected" in facts:
            self.sent.append((self.select, facts["value"]))


@pytest.fixture(scope="module")
def show():
    app = make_app(Site([]))

    def render(name, content, raw=None, is_locked=False):
        view = ITEM_VIEWS[name]
        response = ITEM_TYPES[name].response.model_validate(raw or {})
        with app.test_request_context():
            return render_template(
                view.template,
                content=content,
                response=response,
                view=view.context(content, response),
                prefix="r1-",
                is_locked=is_locked,
            )

    return render


@pytest.mark.parametrize(("name", "content", "response"), ANSWERED)
def test_an_answered_item_posts_the_same_answer_again(show, name, content, response):
    form = MultiDict(Fields(show(name, content, response)).sent)

    assert ITEM_VIEWS[name].read_form(content, form, "r1-") == response


@pytest.mark.parametrize(("name", "content", "response"), ANSWERED)
def test_a_locked_item_can_send_nothing(show, name, content, response):
    assert Fields(show(name, content, response, is_locked=True)).sent == []


def test_text_is_never_markup(show):
    html = show("span-highlight", span_content("<b>1 & 2</b> \"x\" 'y' <script>"))

    assert "<b>" not in html
    assert "<script>" not in html


def test_spans_survive_the_attribute_that_carries_them(show):
    html = show("span-highlight", ENGLISH, {"spans": [{"start": 26, "end": 32, "category": "made-up"}]})

    carried = re.search(r"data-spans='([^']*)'", html)
    assert json.loads(carried[1]) == [{"start": 26, "end": 32, "category": "made-up"}]


def marks_in(html):
    """The kind and lane of each mark element, in the order of the page; and those that carry a number."""
    marks = re.findall(r'<mark data-kind="(\d)" data-lane="(\d)"( data-is-end)?>', html)
    return [(kind, lane) for kind, lane, _ in marks], [kind for kind, _, is_end in marks if is_end]


@pytest.mark.parametrize("is_locked", [True, False])
def test_marks_that_overlap_lie_in_one_another_and_each_has_a_line_of_its_own(show, is_locked):
    inner, outer, after = (26, 32, "made-up"), (22, 40, "wrong-entity"), (36, 45, "wrong-number")
    spans = [dict(zip(("start", "end", "category"), span, strict=True)) for span in (inner, outer, after)]

    html = show("span-highlight", ENGLISH, {"spans": spans}, is_locked=is_locked)

    drawn, ending = marks_in(html)
    entity, made_up, number = ("2", "0"), ("3", "1"), ("1", "1")
    assert drawn == [entity, entity, made_up, entity, entity, number, number]
    assert ending == ["3", "2", "1"]
    assert 'data-lanes="2"' in html
    text = html.partition('data-part="text"')[2].partition(">")[2].partition("</div>")[0]
    assert unescape(re.sub(r"<[^>]+>", "", text)) == ENGLISH.text


def test_one_stretch_under_two_categories_is_shown_under_both(show):
    spans = [{"start": 26, "end": 32, "category": category} for category in ("wrong-entity", "made-up")]

    html = show("span-highlight", ENGLISH, {"spans": spans}, is_locked=True)

    assert marks_in(html) == ([("2", "0"), ("3", "1")], ["2", "3"])
    assert html.count('<q dir="auto">Vienna</q>') == 2


def test_many_marks_over_one_another_keep_to_the_last_lane(show):
    spans = [{"start": 0, "end": end, "category": "made-up"} for end in range(3, 23, 2)]

    drawn, _ = marks_in(show("span-highlight", ENGLISH, {"spans": spans}))

    assert {lane for _, lane in drawn} == set("012345")


@pytest.mark.parametrize(("name", "content", "response"), ANSWERED)
def test_nothing_is_styled_or_scripted_inline(show, name, content, response):
    html = show(name, content, response)

    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", html)
