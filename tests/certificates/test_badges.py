"""Badges and cards: drawn in every script without running over, and baked as Open Badges 3.0 says."""

import io
import json
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from certificates.adapters.badge.baking import KEYWORD, NAMESPACE, bake_png, bake_svg
from certificates.adapters.badge.card import HEIGHT, WIDTH, Card, draw_card
from certificates.adapters.badge.drawing import SIDE, Face, draw_badge
from certificates.adapters.badge.lettering import em_width, fit
from certificates.adapters.rasterizing import png_of
from certificates.domain.design import HOUSE_DESIGN

FACE = Face("Badge: Reviewer, 2026", "Reviewer", "Assay", 2026, HOUSE_DESIGN.accent)
CARD = Card("Certificate", "Ada Lovelace", "Reviewer", "Issued", "Valid", "ok", "assay.example", HOUSE_DESIGN.accent)
NAMES = {
    "Latin": "Ada Lovelace",
    "Cyrillic": "Александр Сергеевич Пушкин",
    "Greek": "Ευάγγελος Παπαδόπουλος",
    "Arabic": "محمد بن أحمد",
    "Hebrew": "שלום עליכם",
    "Devanagari": "महात्मा गांधी",
    "Thai": "สมชาย ใจดี",
    "Chinese": "王小明",
    "Japanese": "やまだ たろう",
    "Korean": "김철수",
    "Tamil": "ஸ்ரீனிவாச",
    "mixed": "محمد Smith 王",
}
TINY = png_of(draw_badge(FACE), width=60)
DOCUMENT = '{"name":"Ünï ]]> 王 \\" <b>&amp;","proof":{}}'


def picture(svg: str, width: int) -> Image.Image:
    return Image.open(io.BytesIO(png_of(svg, width=width))).convert("RGBA")


def card_of(name: str, what: str = "Reviewer") -> str:
    return draw_card(Card("Certificate", name, what, "Issued", "Valid", "ok", "assay.example", HOUSE_DESIGN.accent))


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_in_any_script_stands_on_the_card(name):
    shown, nameless = picture(card_of(name), 600), picture(card_of("\N{NO-BREAK SPACE}"), 600)

    assert shown.size == (600, 315)
    assert shown.tobytes() != nameless.tobytes()


@pytest.mark.parametrize("name", [*NAMES.values(), "W" * 200, "Wolkenstein-Trostburg " * 9, "王" * 200, "ஸ்ரீ" * 50])
def test_no_name_runs_over_the_frame_of_the_card(name):
    shown = picture(card_of(name, what=name).replace('clip-path="url(#field)"', ""), WIDTH)

    margin = shown.crop((WIDTH - 15, 0, WIDTH, HEIGHT)).convert("RGB")
    assert len(margin.getcolors() or []) == 1
    right = shown.crop((WIDTH - 60, 40, WIDTH - 30, HEIGHT - 40)).convert("RGB")
    assert len(right.getcolors() or []) == 1, "letters stand beyond the text's right edge"


@given(st.text(min_size=1, max_size=120))
@settings(max_examples=30)
def test_whatever_a_name_holds_the_drawing_is_well_formed(name):
    for svg in (card_of(name), draw_badge(Face(name, name, name, 2026, HOUSE_DESIGN.accent))):
        ElementTree.fromstring(svg)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200), st.integers(80, 900))
def test_lines_fit_the_width_they_were_given(text, width):
    fitted = fit(text, width=width, sizes=(40.0, 20.0), most_lines=3)

    assert len(fitted.lines) <= 3
    for line in fitted.lines:
        assert em_width(line.removesuffix("…")) * fitted.size <= width + 2 * fitted.size


def test_a_word_is_broken_only_where_no_size_holds_it_whole():
    assert fit("Fact-Checking Reviewer", width=300, sizes=(48.0, 20.0), most_lines=3).lines == (
        "Fact-",
        "Checking",
        "Reviewer",
    )
    assert fit("Reviewers", width=60, sizes=(48.0, 20.0), most_lines=3).lines == ("Revi", "ewer", "s")


def test_the_badge_takes_the_colour_of_the_design():
    ours, theirs = draw_badge(FACE), draw_badge(Face("t", "Reviewer", "Assay", 2026, "#7a1f3d"))

    assert ours != theirs
    assert "Reviewer" in ours
    assert ours == draw_badge(FACE)


def test_the_badge_is_round_on_nothing():
    shown = picture(draw_badge(FACE), SIDE)

    assert shown.getpixel((3, 3))[3] == 0
    assert shown.getpixel((SIDE // 2, 60))[3] == 255


def test_the_credential_is_baked_into_the_png_as_the_standard_says():
    plain = png_of(draw_badge(FACE), width=200)

    baked = Image.open(io.BytesIO(bake_png(plain, DOCUMENT)))
    baked.load()

    assert baked.text == {KEYWORD: DOCUMENT}
    assert type(baked.text[KEYWORD]).__name__ == "iTXt"
    assert baked.tobytes() == Image.open(io.BytesIO(plain)).tobytes()


def test_the_credential_is_baked_into_the_svg_as_the_standard_says():
    root = ElementTree.fromstring(bake_svg(draw_badge(FACE), DOCUMENT))

    [credential] = root.findall(f"{{{NAMESPACE}}}credential")
    assert credential.text == DOCUMENT.replace("]]>", "]]\\u003e")
    assert credential.get("verify") is None


@settings(max_examples=30)
@given(st.dictionaries(st.text(max_size=20), st.text(max_size=40), max_size=5))
def test_any_credential_comes_back_from_both_pictures(said):
    document = json.dumps(said)
    svg = ElementTree.fromstring(bake_svg(draw_badge(FACE), document))
    png = Image.open(io.BytesIO(bake_png(TINY, document)))
    png.load()

    assert json.loads(png.text[KEYWORD]) == said
    assert json.loads(svg.findtext(f"{{{NAMESPACE}}}credential") or "") == said


@pytest.mark.parametrize("picture_", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n1234IDAT"])
def test_only_a_png_is_baked(picture_):
    with pytest.raises(ValueError, match="no PNG"):
        bake_png(picture_, "{}")


def test_only_an_svg_is_baked():
    with pytest.raises(ValueError, match="no SVG"):
        bake_svg("<html>", "{}")
