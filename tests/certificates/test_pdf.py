"""The PDF of a certificate: tagged, one page, the same bytes each time, in any script, and it fetches nothing."""

import subprocess
from io import BytesIO

import pikepdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from certificates.adapters.pdf.names import direction_of, size_class
from certificates.adapters.pdf.rendering import CertificateRenderer, OnlyOrnaments
from certificates.domain.contents import SkillShown
from tests.certificates.factories import BASE_URL, NAME, make_view

SCRIPTS = ["Ada Lovelace", "محمد بن موسى الخوارزمي", "आर्यभट", "李时珍"]
LONG = "Maximiliana Aurelia " * 10


@pytest.fixture(scope="module")
def renderer() -> CertificateRenderer:
    return CertificateRenderer(BASE_URL)


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def letters(text: str) -> set[str]:
    return {character for character in text if character.isalnum()}


def test_it_is_tagged_titled_and_says_its_language(renderer):
    with pikepdf.open(BytesIO(renderer.render(make_view()))) as pdf:
        assert pdf.Root.Lang == "en"
        assert pdf.Root.MarkInfo.Marked is True
        assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.docinfo.Title) == f"Certificate: {NAME}, Ada Lovelace"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_pdfinfo_agrees(renderer):
    told = subprocess.run(["pdfinfo", "-"], input=renderer.render(make_view()), capture_output=True, check=True)

    assert "Tagged:          yes" in told.stdout.decode()
    assert "Pages:           1" in told.stdout.decode()


def structure(node, found):
    """Every tag of the structure tree with its alternative text."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            structure(child, found)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.append((str(node.S), str(node.get("/Alt", ""))))
        structure(node.get("/K"), found)
    return found


def test_the_only_picture_is_the_code_and_it_has_an_alternative_text(renderer):
    view = make_view()
    with pikepdf.open(BytesIO(renderer.render(view))) as pdf:
        tags = structure(pdf.Root.StructTreeRoot.K, [])

    assert [alt for tag, alt in tags if tag == "/Figure"] == [f"QR code of the address {BASE_URL}/verify/{view.id}"]
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/P", "/Link"} <= {tag for tag, _alt in tags}


@pytest.mark.parametrize("name", SCRIPTS)
def test_name_score_and_address_can_be_read_back_in_any_script(renderer, name):
    view = make_view(holder_name=name)

    text = text_of(renderer.render(view))

    assert letters(name) - letters(text) == set()
    assert f"{BASE_URL}/verify/{view.id}" in text
    assert "87 %" in text
    assert "70 % was needed to pass." in text
    assert "not digitally signed" in " ".join(text.split())
    assert "21 November 2026" in text
    assert "21 November 2028" in text


@pytest.mark.parametrize("name", [*SCRIPTS, LONG, "W" * 200, "测试" * 100, "Ada 李时珍 आर्यभट محمد"])
def test_every_name_fits_on_one_page(renderer, name):
    with pikepdf.open(BytesIO(renderer.render(make_view(holder_name=name)))) as pdf:
        assert len(pdf.pages) == 1


def test_the_longest_texts_that_the_catalogue_takes_fit_on_one_page(renderer):
    view = make_view(
        holder_name="W" * 200,
        achievement="Senior reviewer of scenes " * 4,
        description="What it is. " * 58,
        criteria="What it took. " * 50,
        skills=tuple(
            SkillShown(str(n), f"A skill with a rather long title, number {n}", make_view().score) for n in range(12)
        ),
    )
    pdf = renderer.render(view)

    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1
    assert "number 11" in text_of(pdf)


def test_the_same_certificate_gives_the_same_bytes():
    view = make_view(holder_name="李时珍 محمد")

    assert CertificateRenderer(BASE_URL).render(view) == CertificateRenderer(BASE_URL).render(view)


@pytest.mark.parametrize(
    "name",
    [
        "<img src=file:///etc/passwd>",
        "<link rel=attachment href=http://127.0.0.1:1/canary>",
        "<style>@import url(http://127.0.0.1:1/);</style>",
        "{{ 7 * 7 }}{% raw %}",
    ],
)
def test_markup_in_a_name_is_shown_as_text(renderer, name):
    pdf = renderer.render(make_view(holder_name=name))

    assert "".join(name.split()) in "".join(text_of(pdf).split())
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert "/EmbeddedFiles" not in opened.Root.get("/Names", {})


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "http://127.0.0.1:1/", "https://example.org/", "data:image/svg+xml,<svg/>", "ornament:x"],
)
def test_nothing_is_fetched_but_our_own_ornaments(url):
    with pytest.raises(FatalURLFetchingError):
        OnlyOrnaments({"ornament:frame": "<svg/>"}).fetch(url)


def test_a_name_has_the_direction_of_its_first_letter():
    assert [direction_of(name) for name in (*SCRIPTS, "1. محمد", "42")] == ["ltr", "rtl", "ltr", "ltr", "rtl", "ltr"]


def test_full_width_letters_count_twice():
    assert size_class("李" * 11) == size_class("a" * 22) == "xl"
    assert size_class("李" * 12) == "l"
    assert size_class("李" * 200) == "xxs"
