"""Markup becomes plain text without losing what it says; what would be lost is refused or told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from assessments.adapters.qti.flow import PLACE, around_place, with_blank
from assessments.adapters.qti.markup import write_blocks, write_running
from assessments.adapters.qti.notes import Notes, NotReadable
from assessments.adapters.qti.plain_text import text_of

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'


def text(markup: str, notes: Notes | None = None) -> str:
    return text_of(etree.fromstring(f"<div>{markup}</div>"), notes or Notes())


def reasons(markup: str) -> list[str]:
    notes = Notes()
    text(markup, notes)
    return [reason for _, reason in notes.entries]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One\n  line.</p>", "One line."),
        ("<p>One.</p>\n<p>Two.</p>", "One.\n\nTwo."),
        ("One<br/>two<br/>\n three", "One\ntwo\nthree"),
        ("<div><div><p>Deep.</p></div></div><p>Two.</p>", "Deep.\n\nTwo."),
        ("<p>A <b>bold</b> <i>word</i>, <em>and</em>more</p>", "A bold word, andmore"),
        ("<ul><li>one</li><li><p>two</p></li></ul>", "• one\n• two"),
        ("Do:<ol><li>one</li><li>two<br/>lines</li></ol>then", "Do:\n\n1. one\n2. two\nlines\n\nthen"),
        ("x<sup>2</sup> + H<sub>2</sub>O", "x² + H₂O"),
        ("e<sup>x+y</sup>, a<sup>x</sup>, v<sub>max</sub>", "e^(x+y), a^x, v_(max)"),
        ("the 5<sup>th</sup>", "the 5th"),
        ("<pre>def f():\n    return  1\n</pre>", "def f():\n    return  1"),
        ("<p>He said <q>yes</q>.</p>", "He said “yes”."),
        ("<ruby>漢<rt>かん</rt></ruby>", "漢(かん)"),
        ("<ruby>漢<rp>[</rp><rt>かん</rt><rp>]</rp></ruby>", "漢[かん]"),
        ("a<!-- b -->c<?d e?>f", "acf"),
        ("10\u00a0%  of\u00a0it", "10\u00a0% of\u00a0it"),
    ],
)
def test_markup_becomes_text_and_nothing_needs_to_be_told(markup, expected):
    assert text(markup) == expected
    assert reasons(markup) == []


@pytest.mark.parametrize(
    ("markup", "expected", "told"),
    [
        ('See <img src="a.png" alt="a cat"/>.', "See [a cat].", "the picture a.png was left out; its description"),
        ('<p>Hi<img src="a.png" alt=""/></p>', "Hi", "says that it is decoration"),
        ('<object data="b.png">A text.</object>', "A text.", "the object b.png was left out"),
        ("<picture><source/><img src='c' alt='d'/></picture>", "[d]", "the picture c was left out"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><th>3</th><td>4</td></tr></table>", "1 | 2\n3 | 4", "a table was"),
        ("<blink>now</blink>", "now", "<blink> was read as the text inside it"),
        ("a<infoControl>hint</infoControl>b", "ab", "<infoControl> was left out"),
    ],
)
def test_what_is_read_otherwise_is_told(markup, expected, told):
    assert text(markup) == expected
    (reason,) = reasons(markup)
    assert told in reason


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ('<img src="map.png"/>', "the picture map.png has no description"),
        ('<object data="page.html"/>', "the object page.html has no description"),
        ("<video src='a.mp4'/>", "a <video> has no description"),
        ('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="b.xml"/>', "inclusions are not followed"),
        ("<p>Add <printedVariable identifier='X'/>.</p>", "templates are not read"),
    ],
)
def test_what_carries_meaning_and_has_no_text_is_refused(markup, said):
    with pytest.raises(NotReadable, match=said):
        text(markup)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E = mc^2"),
        ("<mfrac><mrow><mn>1</mn><mo>+</mo><mi>x</mi></mrow><mn>2</mn></mfrac>", "(1 + x)/2"),
        ("<msqrt><mn>2</mn></msqrt>", "√(2)"),
        ("<mroot><mn>8</mn><mn>3</mn></mroot>", "3√8"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x_1^2"),
        ("<mi>f</mi><mfenced><mi>x</mi><mi>y</mi></mfenced>", "f(x, y)"),
    ],
)
def test_formulas_become_a_line_of_text(formula, expected):
    assert text(MATH.format(formula)) == expected
    assert reasons(MATH.format(formula)) == ["a formula was written as a line of text"]


def test_a_formula_that_no_line_can_hold_is_refused_unless_it_is_described():
    matrix = "<mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable>"

    with pytest.raises(NotReadable, match="<mtable>"):
        text(MATH.format(matrix))
    assert text(f'<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="the unit">{matrix}</math>') == "the unit"


def test_a_blank_stands_where_a_sentence_goes_on_around_it():
    assert with_blank(f"Now is the {PLACE} of our discontent") == "Now is the ____ of our discontent"
    assert with_blank(f"What is it?\n\n{PLACE}") == "What is it?"
    assert around_place(f"Read this.\n\n{PLACE}\n\nMind the time.") == "Read this.\n\nMind the time."


@given(st.text("ab \n\t\r\xa0\u2028<&—•", max_size=60).map(str.strip).filter(bool))
def test_any_text_is_read_as_it_was_written(plain):
    for write in (write_blocks, write_running):
        element = etree.Element("div")
        write(element, plain)
        etree.indent(element)

        again = etree.fromstring(etree.tostring(element))
        assert text_of(again, Notes()) == plain
