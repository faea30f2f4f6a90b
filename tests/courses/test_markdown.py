"""What a lesson's Markdown becomes, and what never gets through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.adapters.markdown import read_markdown
from courses.adapters.sanitising import sanitise
from courses.domain.drafts import Heading, Segment

ATTACKS = st.sampled_from(
    [
        *(
            "<script>",
            "</script>",
            "<img src=x ",
            "<svg/",
            "<a href=",
            "onclick=",
            "onerror=x ",
            "javascript:",
            "data:",
        ),
        *(
            "[x](",
            ")",
            "<",
            ">",
            '"',
            "'",
            "`",
            "\n",
            "&lt;",
            "&#106;",
            "java\tscript:",
            "style=",
            "<!--",
            "-->",
            "]]>",
        ),
        *("| a |\n|---|\n| ", "[r]: ", "![", "<iframe>", "<style>", "<math>", "\x00", "\u2028", "alert(1)"),
    ]
)
TEXTS = st.lists(ATTACKS | st.text(max_size=8), max_size=14).map("".join)
TAG = re.compile(r"<[^>]*>")


def html_of(text: str) -> str:
    return "".join(segment.html or "" for segment in read_markdown(text).segments)


def assert_harmless(html: str) -> None:
    for tag in TAG.findall(html):
        assert not re.match(r"</?\s*(script|style|iframe|img|svg|math|object|form|input)", tag, re.IGNORECASE), tag
        assert not re.search(r"[\s\"'/]on\w+\s*=", re.sub(r'"[^"]*"', '""', tag), re.IGNORECASE), tag
        assert not re.search(r'href="(?!https?:|mailto:)', tag, re.IGNORECASE), tag
        assert "style=" not in re.sub(r'"[^"]*"', '""', tag), tag


@given(TEXTS)
def test_whatever_an_author_writes_the_html_is_harmless(text: str):
    assert_harmless(html_of(text))


@given(TEXTS)
def test_the_sanitiser_alone_would_hold(text: str):
    assert_harmless(sanitise(text))


def test_raw_html_is_shown_as_text():
    assert html_of("See <b onclick=alert(1)>this</b>.") == "<p>See &lt;b onclick=alert(1)&gt;this&lt;/b&gt;.</p>"


def test_a_script_is_shown_as_text():
    assert "<script" not in html_of("<script>alert(1)</script>")
    assert "&lt;script&gt;" in html_of("<script>alert(1)</script>")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", "/courses/", "ftp://example.org/"]
)
def test_a_link_that_is_neither_web_nor_mail_has_no_address(address: str):
    assert "href" not in html_of(f"[read]({address})")


def test_a_link_to_the_web_keeps_its_address_and_gives_no_opener():
    assert html_of("[source](https://example.org/a)") == (
        '<p><a href="https://example.org/a" rel="noopener">source</a></p>'
    )


def test_a_table_can_scroll_and_its_columns_keep_their_alignment_without_style():
    html = html_of("| a | b |\n|---|--:|\n| 1 | 2 |")

    assert html.startswith('<div class="table-scroll" tabindex="0"><table>')
    assert '<th scope="col" class="is-right">b</th>' in html or '<th class="is-right" scope="col">b</th>' in html
    assert '<td class="is-right">2</td>' in html


def test_quotes_stay_as_they_were_typed():
    assert "&quot;a&quot; -- ..." in html_of('"a" -- ...') or '"a" -- ...' in html_of('"a" -- ...')


def test_a_practice_block_splits_the_text():
    body = read_markdown("Before.\n\n::: practice one-1\n:::\n\nAfter.\n\n::: practice two\n:::\n")

    assert body.segments == (
        Segment(html="<p>Before.</p>"),
        Segment(practice="one-1"),
        Segment(html="<p>After.</p>"),
        Segment(practice="two"),
    )
    assert [(e.line, e.identifier) for e in body.embeddings] == [(3, "one-1"), (8, "two")]
    assert body.faults == ()


def test_a_block_inside_a_code_example_is_only_an_example():
    body = read_markdown("```\n::: practice one\n:::\n```\n")

    assert body.embeddings == ()
    assert body.faults == ()


def test_headings_make_the_table_of_contents_with_anchors_that_are_in_the_html():
    body = read_markdown("## First `part`\n\ntext\n\n### Detail\n\n## First part\n")

    assert body.headings == (
        Heading("s-first-part", "First part", 2),
        Heading("s-detail", "Detail", 3),
        Heading("s-first-part-1", "First part", 2),
    )
    html = body.segments[0].html or ""
    assert all(f'id="{heading.anchor}"' in html for heading in body.headings)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a\n\n::: practice one\n\ntext", 3, "the block is not closed"),
        ("::: practice one", 1, "the block is not closed"),
        ("::: practice one\nhidden text\n:::\n", 1, "the block is not closed"),
        ("::: practise one\n:::\n", 1, "unknown block `::: practise one`"),
        ("::: practice One!\n:::\n", 1, "unknown block"),
        ("a\n\n- point\n\n  ::: practice one\n  :::\n", 5, "must stand by itself"),
        ("a\n\n:::\n", 3, "closes no block"),
        ("a\n\n# Title\n", 3, "begins with `##`"),
        ("a\nb ![alt](https://example.org/x.png)\n", 2, "no pictures"),
        ("a\n\nb\n[c](/courses/)\n", 4, "the link `/courses/`"),
    ],
)
def test_a_fault_is_told_at_its_line(text: str, line: int, message: str):
    faults = read_markdown(text).faults

    assert [fault.line for fault in faults] == [line]
    assert message in faults[0].message


def test_an_unclosed_block_does_not_hide_that_the_next_item_is_embedded():
    body = read_markdown("::: practice one\n\n::: practice two\n:::\n")

    assert [e.identifier for e in body.embeddings] == ["one", "two"]
    assert 1 in {fault.line for fault in body.faults}
