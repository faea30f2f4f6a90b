"""Names on a certificate: in any script, of any length, always on one page and never a missing letter."""

import unicodedata

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.adapters.pdf.names import direction_of, size_class
from tests.certificates.printed import FORMATS, make_design, make_request, opened, plain, render, text_of

SCRIPTS = {
    "latin": "Zoë Ødegård-Nuñez",
    "vietnamese": "Nguyễn Thị Hồng Nhung",
    "cyrillic": "Юлия Щербакова",
    "greek": "Ελένη Παπαδοπούλου",
    "arabic": "محمد بن موسى الخوارزمي",
    "hebrew": "ליאת כהן",
    "devanagari": "आर्यभट शर्मा",
    "thai": "สมชาย ใจดี",
    "chinese": "李时珍",
    "japanese": "はるか 山田",
    "korean": "김민준",
    "georgian": "ნინო ბერიძე",
    "armenian": "Անի Պետրոսյան",
    "tamil": "சுப்பிரமணியன்",
    "mixed": "Ada 李时珍 محمد",
}
LONG = ("Maximiliana Aurelia Wilhelmine von und zu Hohenlohe-Waldenburg-Schillingsfürst " * 2)[:120]


def letters(text: str) -> list[str]:
    """The letters of a text in no order: what runs from right to left comes back in several."""
    return sorted(one for one in plain(unicodedata.normalize("NFKD", text)) if unicodedata.category(one)[0] == "L")


def missing_glyphs(pdf: bytes) -> int:
    """How often the glyph that stands for a missing one, number 0, is shown."""
    with opened(pdf) as document:
        shown = [
            bytes(part)
            for operands, operator in pikepdf.parse_content_stream(document.pages[0])
            if str(operator) == "TJ"
            for part in operands[0]
            if isinstance(part, pikepdf.String)
        ]
    return sum(glyphs[at : at + 2] == b"\0\0" for glyphs in shown for at in range(0, len(glyphs), 2))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_in_any_script_is_read_back_from_the_page(script):
    name = SCRIPTS[script]
    pdf = render(make_request(holder_name=name))
    text = text_of(pdf)
    begin, end = text.index("This certifies that"), text.index("passed the qualification test")

    shown = letters(text[begin + len("This certifies that") : end])

    assert shown == letters(name)
    assert missing_glyphs(pdf) == 0


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", SCRIPTS["greek"], SCRIPTS["chinese"], SCRIPTS["thai"], SCRIPTS["devanagari"], LONG]
)
def test_a_name_from_left_to_right_is_read_back_in_order(name):
    assert plain(name) in plain(text_of(render(make_request(holder_name=name))))


@pytest.mark.parametrize(("paper", "orientation"), FORMATS)
@pytest.mark.parametrize("name", [LONG, "测试" * 60, "W" * 200])
def test_the_longest_names_are_whole_and_on_one_page(name, paper, orientation):
    pdf = render(make_request(holder_name=name, design=make_design(paper=paper, orientation=orientation)))

    with opened(pdf) as document:
        assert len(document.pages) == 1
    assert plain(name) in plain(text_of(pdf))


@settings(max_examples=12, deadline=None)
@given(name=st.text(st.sampled_from("aW -李محمआéЖΩ"), min_size=1, max_size=200), format_=st.sampled_from(FORMATS))
def test_every_length_of_name_takes_one_page(name, format_):
    paper, orientation = format_
    pdf = render(make_request(holder_name=name, design=make_design(paper=paper, orientation=orientation, logo=None)))

    with opened(pdf) as document:
        assert len(document.pages) == 1


@pytest.mark.parametrize("name", [" ", "\u200b", "\u3164", "\u2800", "\ue000", "\U000e0041"])
def test_a_name_that_nobody_can_see_does_not_keep_its_certificate_from_being_printed(name):
    with opened(render(make_request(holder_name=name))) as document:
        assert len(document.pages) == 1


def test_control_characters_in_a_name_are_left_out():
    assert "AdaLovelace" in plain(text_of(render(make_request(holder_name="Ada\x00\x07\ufffe Lovelace\x1b"))))


def test_a_name_has_the_direction_of_its_first_letter():
    names = ["Ada", SCRIPTS["arabic"], SCRIPTS["devanagari"], SCRIPTS["chinese"], "1. محمد", "42"]

    assert [direction_of(name) for name in names] == ["ltr", "rtl", "ltr", "ltr", "rtl", "ltr"]


def test_full_width_letters_count_twice():
    assert size_class("李" * 11) == size_class("a" * 22) == "xl"
    assert size_class("李" * 12) == "l"
    assert size_class("李" * 200) == "xxs"
