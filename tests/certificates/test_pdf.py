"""The PDF of a certificate: PDF/A-3a and PDF/UA-1, one page, the same bytes each time, and it fetches nothing."""

import subprocess
from fractions import Fraction

import pikepdf
import pytest

from certificates.adapters.pdf.parts import CREDENTIAL_NAME
from certificates.adapters.pdf.rendering import CertificateRenderer
from certificates.domain.contents import SkillShown
from tests.certificates.factories import BASE_URL, NAME, make_view
from tests.certificates.printed import (
    CREDENTIAL,
    FORMATS,
    make_design,
    make_request,
    opened,
    plain,
    render,
    text_of,
    the_signed,
)

XMP = "http://www.aiim.org/pdf{}/ns/id/"
SKILLS = (
    SkillShown("splitting", "Splitting claims", Fraction(92, 100)),
    SkillShown("judging", "Judging evidence", Fraction(97, 100)),
    SkillShown("writing", "Writing it down", Fraction(64, 100)),
)


@pytest.fixture(scope="module")
def house() -> bytes:
    return render(make_request(skills=SKILLS))


@pytest.fixture(scope="module")
def tree(house: bytes) -> list[tuple[str, str]]:
    with opened(house) as pdf:
        return elements(pdf.Root.StructTreeRoot.K, [])


def elements(node, found):
    """Every tag of the structure tree in reading order, with its alternative text."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            elements(child, found)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        found.append((str(node.S), str(node.get("/Alt", ""))))
        elements(node.get("/K"), found)
    return found


@pytest.mark.parametrize("is_signed", [False, True])
def test_it_says_that_it_is_pdf_a_3a_and_pdf_ua_1(house, is_signed):
    with opened(the_signed() if is_signed else house) as pdf, pdf.open_metadata() as metadata:
        assert metadata[f"{{{XMP.format('a')}}}part"] == "3"
        assert metadata[f"{{{XMP.format('a')}}}conformance"] == "A"
        assert metadata[f"{{{XMP.format('ua')}}}part"] == "1"
        written = bytes(pdf.Root.Metadata.read_bytes())
    within = written[written.index(b"<rdf:RDF") : written.index(b"</rdf:RDF>")]
    assert b"pdfuaid:part" in within
    assert b"pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/<" in within


def test_it_is_tagged_titled_and_says_its_language(house):
    with opened(house) as pdf:
        assert pdf.Root.Lang == "en"
        assert pdf.Root.MarkInfo.Marked is True
        assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
        assert pdf.pages[0].Tabs == "/S"
        assert str(pdf.docinfo.Title) == f"Certificate: {NAME}, Ada Lovelace"


def test_its_colours_have_an_output_intent_and_all_its_fonts_are_in_it(house):
    with opened(house) as pdf:
        [intent] = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        fonts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
        inner = [one for one in fonts if one.Subtype in ("/CIDFontType0", "/CIDFontType2")]
        assert len(inner) >= 4
        assert all({"/FontFile2", "/FontFile3"} & set(one.FontDescriptor.keys()) for one in inner)
        assert all("/ToUnicode" in one for one in fonts if one.Subtype == "/Type0")


def test_nothing_in_it_runs(house):
    with opened(house) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert "/AA" not in pdf.Root
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        assert "/AA" not in pdf.pages[0]
        assert {one.A.S for one in pdf.pages[0].Annots if "/A" in one} == {"/URI"}


def test_the_credential_is_its_associated_file(house):
    with opened(house) as pdf:
        [specification] = pdf.Root.AF
        assert specification.AFRelationship == "/Data"
        assert specification.UF == CREDENTIAL_NAME
        assert str(specification.Desc)
        file = specification.EF.F
        assert file.read_bytes() == CREDENTIAL
        assert file.Subtype == "/application/json"
        assert str(file.Params.ModDate) == "D:20261121090000Z"
        assert list(pdf.attachments) == [CREDENTIAL_NAME]


def test_headings_and_table_are_tagged_and_the_code_has_an_alternative_text(tree):
    address = f"{BASE_URL}/verify/{make_view().id}"

    assert [alt for tag, alt in tree if tag == "/Figure"] == [f"QR code of the address {address}"]
    assert [tag for tag, _alt in tree if tag in ("/H1", "/H2", "/H3")] == ["/H1", "/H2", "/H3", "/H3", "/H3"]
    assert [tag for tag, _alt in tree].count("/TR") == 1 + len(SKILLS)
    assert {"/Table", "/TH", "/TD", "/P", "/Link"} <= {tag for tag, _alt in tree}
    assert tree[-1] == ("/Form", "Digital signature of Assay public catalogue")


def test_it_reads_from_top_to_bottom(house):
    text = " ".join(text_of(house).split())
    told = ["This certifies that", "Ada Lovelace", NAME, "Splitting claims", "Writing it down", "87 %", "Issued by"]

    assert [text.index(each) for each in told] == sorted(text.index(each) for each in told)


def test_skills_are_shown_with_score_and_level(house):
    text = " ".join(text_of(house).split())

    assert "Splitting claims Advanced · 92 %" in text
    assert "Judging evidence Expert · 97 %" in text
    assert "Writing it down Developing · 64 %" in text
    assert "70 % was needed to pass." in text
    assert "21 November 2026" in text
    assert "21 November 2028" in text


def test_pdfinfo_and_qpdf_find_no_fault(house, tmp_path):
    (tmp_path / "house.pdf").write_bytes(house)
    told = subprocess.run(["pdfinfo", "-"], input=house, capture_output=True, check=True).stdout.decode()
    checked = subprocess.run(["qpdf", "--check", tmp_path / "house.pdf"], capture_output=True, check=False)

    assert "Tagged:          yes" in told
    assert "JavaScript:      no" in told
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(("paper", "orientation"), FORMATS)
def test_two_organisations_look_each_its_own_way_on_every_paper(paper, orientation):
    given = {"paper": paper, "orientation": orientation}
    northwind, harbour = (
        render(make_request(skills=SKILLS, design=make_design(**given, **look)))
        for look in ({}, {"display_name": "Harbour Guild", "accent": "#7a1f3d", "logo": None, "signatories": ()})
    )

    assert "NORTHWINDANNOTATIONCOOPERATIVE" in plain(text_of(northwind))
    assert "王小明" in text_of(northwind)
    assert "HARBOURGUILD" in plain(text_of(harbour))
    with opened(northwind) as one, opened(harbour) as other:
        assert len(one.pages) == len(other.pages) == 1
        assert (
            one.pages[0].Resources.XObject.Ground.read_bytes() != other.pages[0].Resources.XObject.Ground.read_bytes()
        )
        alternatives = [alt for tag, alt in elements(one.Root.StructTreeRoot.K, []) if tag == "/Figure"]
    assert alternatives[0] == "Northwind Annotation Cooperative"


def test_a_development_key_is_named_on_the_page():
    assert "Development key: not for use" in text_of(render(make_request(is_development=True)))
    assert "Development key" not in text_of(render(make_request()))


def test_the_same_certificate_gives_the_same_bytes():
    request = make_request(holder_name="李时珍 محمد", design=make_design())

    assert CertificateRenderer().render(request) == render(request)


def test_nobody_else_was_rendered_in_between():
    first = render(make_request(holder_name="Ada Lovelace"))
    render(make_request(holder_name="Grace Hopper", design=make_design()))

    assert render(make_request(holder_name="Ada Lovelace")) == first


@pytest.mark.parametrize(("paper", "orientation"), FORMATS)
def test_what_is_kept_from_page_to_page_changes_no_byte_of_any(paper, orientation):
    """Styles, lines and faces are kept: each page is as a renderer of its own sets it."""
    requests = [
        make_request(holder_name=name, skills=SKILLS[:count], description=text, design=design, is_development=is_new)
        for name, count, text, is_new in (
            ("Ada Lovelace", 3, "Short.", False),
            ("Ada Lovelace", 2, "Long. " * 100, True),
            ("李时珍 محمد", 3, "Short.", True),
            ("देवनागरी " * 6, 1, "Long. " * 60, False),
        )
        for design in (make_design(paper=paper, orientation=orientation), make_design(paper=paper, signatories=()))
    ]
    alone = [CertificateRenderer().render(each) for each in requests]

    assert [render(each) for each in requests] == alone
    assert [render(each) for each in reversed(requests)] == alone[::-1]


def test_certificates_of_two_people_hold_the_same_faces():
    """What differs between them is in a face for all: it is cut and compressed once."""
    first, second = (
        embedded_faces(render(make_request(id=each, holder_name=name)))
        for each, name in (("Az09-_" * 4, "Ada Lovelace"), ("qrstuvwx" * 3, "Grace Hopper-O'Neil"))
    )

    assert first == second
    assert sum(map(len, first)) < 40_000


def embedded_faces(pdf: bytes) -> set[bytes]:
    with opened(pdf) as document:
        described = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile2" in one]
        return {one.FontFile2.read_raw_bytes() for one in described}


def test_the_longest_texts_that_the_catalogue_takes_fit_on_one_page():
    request = make_request(
        holder_name="W" * 200,
        achievement="Senior reviewer of scenes " * 4,
        description="What it is. " * 58,
        criteria="What it took. " * 50,
        skills=tuple(
            SkillShown(str(n), f"A skill with a rather long title, number {n}", Fraction(8, 9)) for n in range(12)
        ),
    )
    pdf = render(request)

    with opened(pdf) as document:
        assert len(document.pages) == 1
    assert "number11" in plain(text_of(pdf))
