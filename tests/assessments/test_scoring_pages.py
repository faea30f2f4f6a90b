"""The public pages about scoring: made by the code that scores, complete, and recomputable by hand."""

import re
from datetime import UTC, datetime
from fractions import Fraction
from html import unescape
from inspect import cleandoc
from urllib.parse import unquote

import pytest
from flask import get_template_attribute

from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.scores import Part, weigh
from assessments.web.published_formula import publish
from assessments.web.worked_examples import figure, plain, show_example
from tests.assessments.factories import BANK, make_bank, make_test

ISSUED = datetime(2026, 11, 21, tzinfo=UTC)
EXAMPLES = [(kind, number, example) for kind in ITEM_TYPES.values() for number, example in enumerate(kind.examples, 1)]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def bare(text: str) -> str:
    """The letters of a text, without what its layout changes."""
    return "".join(character for character in text if character.isalpha())


def test_everybody_may_read_them_and_the_footer_leads_there(client):
    page = client.get("/scoring/").text

    for kind in ITEM_TYPES.values():
        assert f'href="/scoring/{kind.name}"' in page
        assert kind.task in unescape(page)
    assert 'href="/scoring/"' in client.get("/courses/").text
    assert client.get("/scoring/no-such-kind").status_code == 404


def test_test_pages_lead_there(client, session):
    make_bank(session, at=ISSUED)
    make_test(session, at=ISSUED)
    session.commit()

    assert 'href="/scoring/"' in client.get(f"/tests/{BANK}/").text


@pytest.mark.parametrize("kind", ITEM_TYPES.values(), ids=ITEM_TYPES)
def test_every_kind_publishes_its_whole_formula(client, kind):
    answer = client.get(f"/scoring/{kind.name}")
    published = answer.text.partition('<div class="formula"')[2].partition("</div>")[0]

    assert answer.status_code == 200
    paragraphs = cleandoc(kind.score.__doc__).split("\n\n")
    for paragraph in paragraphs:
        if not paragraph.startswith("Raises"):
            assert bare(paragraph.removeprefix("Return ")) in bare(words(published)), paragraph


@pytest.mark.parametrize("kind", ITEM_TYPES.values(), ids=ITEM_TYPES)
def test_every_doi_of_a_formula_is_a_link_to_it(kind):
    published = publish(kind.score.__doc__, opening="An answer earns")

    linked = [unquote(address) for address in re.findall(r'href="https://doi\.org/([^"]+)"', unescape(str(published)))]
    assert len(linked) == kind.score.__doc__.count("doi:")
    assert all(address in kind.score.__doc__ and address[-1] not in ".,;:" for address in linked)
    assert "doi:" not in re.sub(r"<a .*?</a>", "", str(published))


@pytest.mark.parametrize(("kind", "number", "example"), EXAMPLES, ids=[f"{k.name}-{n}" for k, n, _ in EXAMPLES])
def test_every_example_shows_what_its_own_code_computes(client, app, kind, number, example):
    score = kind.score(example.content, example.key, example.response)
    page = client.get(f"/scoring/{kind.name}").text
    section = words(page.partition(f'<h2 id="example-{number}"')[2].partition(f'<h2 id="example-{number + 1}"')[0])

    for part in score.parts:
        for value in (part.points, part.weight, part.points * part.weight):
            shown = figure(value)
            assert shown.decimal in section or shown.exact in section
    assert f"{float(score.points):.3f}" in section or str(score.points) in section
    for strategy in kind.simple_strategies(example.content):
        assert strategy in section


@pytest.mark.parametrize(("kind", "number", "example"), EXAMPLES, ids=[f"{k.name}-{n}" for k, n, _ in EXAMPLES])
def test_points_times_weight_add_up_to_the_total(app, kind, number, example):
    with app.test_request_context():
        shown = show_example(kind, example, number)

    contributions = [part.contribution for part in shown.parts]
    if all(value.exact for value in (*contributions, shown.total)):
        assert sum((Fraction(value.exact) for value in contributions), Fraction(0)) == Fraction(shown.total.exact)
    total = sum(float(value.decimal) for value in contributions)
    assert total == pytest.approx(float(shown.total.decimal), abs=0.0005 * (len(contributions) + 1))


@pytest.mark.parametrize("kind", ITEM_TYPES.values(), ids=ITEM_TYPES)
def test_the_items_are_shown_as_to_candidates_and_cannot_be_operated(client, kind):
    page = client.get(f"/scoring/{kind.name}").text

    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    assert page.count('class="card example-item"') == len(kind.examples)


def test_results_are_explained_with_an_example_that_the_code_computes(client):
    page = words(client.get("/scoring/results").text)

    assert "The margin is √(0.1300 / 3 / 4) = 0.104. The score of 0.750 is not below the cut of 0.700" in page
    assert "the mean of the last 3 is 0.733. The agreement is not reached yet." in page
    assert "An item counts with its first try alone." in page


def test_a_formula_is_laid_out_in_paragraphs_lists_and_code():
    text = """Return a sum.

    First part: one
        and more.
    Second part: two.

    Then:
    - a, see doi:10.1000/a(b)c;
    - b (https://example.org/x).

        x^2 + `y`

    Raises ValueError never.
    """

    assert str(publish(text, opening="It is")).split("\n") == [
        "<p>It is a sum.</p>",
        "<ul><li>First part: one and more.</li><li>Second part: two.</li></ul>",
        '<p>Then:</p><ul><li>a, see <a href="https://doi.org/10.1000/a(b)c" rel="noopener noreferrer">'
        'doi:10.1000/a(b)c</a>;</li><li>b (<a href="https://example.org/x" rel="noopener noreferrer">'
        "https://example.org/x</a>).</li></ul>",
        "<pre>x^2 + `y`</pre>",
    ]


def test_what_has_no_docstring_cannot_be_published():
    with pytest.raises(ValueError, match="no docstring"):
        publish(None, opening="It is")


def test_markup_in_a_formula_is_shown_and_not_obeyed():
    assert "&lt;b&gt;" in publish("Return <b>.", opening="It is")


def test_a_key_is_shown_as_plain_data_with_the_words_that_offsets_mean():
    example = ITEM_TYPES["span-highlight"].examples[0]

    shown = plain(example.key, example.content)

    assert shown["spans"][0]["words"] == example.content.text[21:25] == "1937"
    assert plain(frozenset({"b", "a"}), example.content) == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([["a", "b"], ["c"]], "(a, b), c"),
        ([["a"], ["b"]], "a, b"),
        ({"accepted": {}, "spans": []}, "accepted none spans none"),
        ([{"start": 1}, {"start": 2}], "start 1 start 2"),
        ({"is sure": True, "points": 0}, "is sure yes points 0"),
    ],
)
def test_plain_data_keeps_together_what_belongs_together(app, value, shown):
    with app.test_request_context():
        described = get_template_attribute("assessments/public/figures.html", "described")
        assert words(described(value)) == shown


def test_a_fraction_is_given_exactly_where_it_is_short():
    assert figure(Fraction(2, 3)) == figure(weigh(Part("p", Fraction(2, 3), Fraction(1))).points)
    assert (figure(Fraction(2, 3)).exact, figure(Fraction(2, 3)).decimal) == ("2/3", "0.667")
    assert figure(Fraction(123456789, 987654321 + 1)).exact == ""
