"""Packages: what their manifests list is read, what is missing, unsafe or of another kind is told."""

import io
import random
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.adapters import file_formats
from assessments.adapters.exchange import Omission, ReadItem, Refusal, UnreadableFile, WrittenItem
from assessments.adapters.qti.versions import QTI_2_2, QTI_3_0
from assessments.adapters.qti.writing import write_package
from tests.assessments.exchange.qti_files import (
    CHOICE,
    MATCH_CORRECT,
    declaration,
    item,
    package,
    packed,
    refused,
    rows_of,
)

OPTIONS = [{"id": "a", "text": "Lisbon"}, {"id": "b", "text": "Porto"}]
OURS = WrittenItem(
    identifier="capital",
    type="choice",
    use="test",
    skill="geography",
    difficulty="easy",
    content={"prompt": "Which?", "passage": None, "options": OPTIONS, "many": False},
    key={"choices": ["a"], "accepted": [], "distribution": {"a": 9, "b": 1}},
    rationale="It has the parliament.",
    sources=({"author": "A", "title": "T", "year": 2001},),
    temptations={"b": "It gave the country its name."},
    tags=("europe",),
    provenance={"given_by": "geographers", "experts": 10},
    attribution={"source": "An atlas", "licence": "CC BY 4.0", "url": "https://example.org"},
)
STIMULUS = b"""<assessmentStimulus xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="s" title="S">
<stimulusBody><p>Portugal is a country.</p></stimulusBody></assessmentStimulus>"""


def reference(href: str) -> bytes:
    """An item that refers to a stimulus."""
    return item(CHOICE, declaration("A") + f'<assessmentStimulusRef identifier="s" href="{href}"/>')


def only(kind, rows):
    return [row for row in rows if isinstance(row, kind)]


def edited(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A package after another system changed one of its files."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for each in source.namelist():
            text = source.read(each)
            target.writestr(each, text.replace(old, new) if each == name else text)
    return out.getvalue()


def test_items_are_rows_in_the_order_of_the_manifest(tmp_path):
    rows = rows_of(tmp_path, package(item(CHOICE, identifier="one"), item("<p/>"), item(CHOICE, identifier="two")))

    told = [(row.row, row.where) for row in rows if not isinstance(row, Omission)]
    assert told == [(1, "items/1.xml"), (2, "items/2.xml, line 1"), (3, "items/3.xml")]
    assert [row.identifier for row in only(ReadItem, rows)] == ["one", "two"]


def test_the_package_may_stand_in_one_folder(tmp_path):
    with zipfile.ZipFile(io.BytesIO(package(item(CHOICE)))) as archive:
        data = packed({f"folder/{name}": archive.read(name) for name in archive.namelist()})

    assert len(only(ReadItem, rows_of(tmp_path, data))) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (packed({"item.xml": item(CHOICE)}), "no imsmanifest.xml"),
        (packed({"imsmanifest.xml": b"<other/>"}), "expected a <manifest>"),
        (packed({"imsmanifest.xml": b"<manifest"}), "not well-formed"),
        (package(), "lists no QTI item"),
        (b"PK\x03\x04 broken", "not a ZIP archive"),
        (packed({"../imsmanifest.xml": b""}), "the path has"),
    ],
)
def test_what_is_no_package_cannot_be_read(tmp_path, data, said):
    with pytest.raises(UnreadableFile, match=said):
        rows_of(tmp_path, data)


def test_a_lone_document_over_five_megabytes_cannot_be_read(tmp_path):
    with pytest.raises(UnreadableFile, match="at most 5,000,000"):
        rows_of(tmp_path, b"<a>" + b" " * 5_000_000 + b"</a>")


def test_a_file_that_the_manifest_lists_and_the_package_lacks_is_refused(tmp_path):
    listed = '<resource identifier="x" type="imsqti_item_xmlv2p2" href="items/gone%20away.xml"/>'

    rows = rows_of(tmp_path, package(item(CHOICE), resources=listed))

    assert only(Refusal, rows) == [
        Refusal(2, "items/gone away.xml", "the package has no file items/gone away.xml, which it lists")
    ]


def test_an_item_that_would_explode_is_refused_and_the_others_are_read(tmp_path):
    rows = rows_of(tmp_path, package(b"<a>" + b" " * 30_000_000 + b"</a>", item(CHOICE)))

    (refusal,) = only(Refusal, rows)
    assert refusal.where == "items/1.xml"
    assert "unpacks to more than 5,000,000 bytes" in refusal.reason
    assert len(only(ReadItem, rows)) == 1


def test_a_stimulus_beside_the_items_is_their_passage(tmp_path):
    data = package(reference("../texts/s%201.xml"), more={"texts/s 1.xml": STIMULUS})

    (read,) = only(ReadItem, rows_of(tmp_path, data))
    assert read.content["passage"] == "Portugal is a country."


@pytest.mark.parametrize(
    ("href", "said"),
    [
        ("gone.xml", "no file items/gone.xml"),
        ("https://example.org/s.xml", "outside the package"),
        ("/etc/passwd", "outside the package"),
        ("../../../etc/passwd", "the package has no file"),
        ("http://[", "no address"),
    ],
)
def test_a_stimulus_elsewhere_is_not_fetched(tmp_path, href, said):
    (refusal,) = rows_of(tmp_path, package(reference(href)))

    assert said in refusal.reason


def test_tests_in_a_package_are_told_and_other_files_are_not(tmp_path):
    listed = """<resource identifier="t" type="imsqti_test_xmlv2p2" href="test.xml"/>
    <resource identifier="c" type="webcontent" href="a.css"/>"""

    told = only(Omission, rows_of(tmp_path, package(item(CHOICE), resources=listed)))

    assert [note.reason for note in told[:-1]] == ["test.xml (imsqti_test_xmlv2p2) was left out: items alone are read"]
    assert told[0].where.startswith("imsmanifest.xml, line ")


def test_rights_of_a_package_are_the_attribution_of_its_items(tmp_path):
    lom = """<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string>Atlas</string></title></general>
    <rights><description><string>CC BY 4.0,
    by the atlas makers</string></description></rights></lom></metadata>"""

    (read,) = only(ReadItem, rows_of(tmp_path, package(item(CHOICE), metadata=lom)))

    assert read.attribution == {"source": "Atlas", "licence": "CC BY 4.0, by the atlas makers"}


@pytest.mark.parametrize(
    "companion", [b"{", b'{"format": "other"}', b"[" * 100_000, b'{"items": {"item-1": {"type": 5}}}', b"\xff"]
)
def test_a_companion_that_we_did_not_write_is_left_aside_and_told(tmp_path, companion):
    rows = rows_of(tmp_path, package(item(CHOICE), more={"assay.json": companion}))

    assert rows[0].where == "assay.json"
    assert "was left aside" in rows[0].reason
    assert len(only(ReadItem, rows)) == 1


@pytest.mark.parametrize("version", [QTI_3_0, QTI_2_2], ids=lambda version: version.number)
def test_what_another_system_changed_holds_and_the_rest_of_ours_is_kept(tmp_path, version):
    data, _ = write_package(version, [OURS])

    rows = rows_of(tmp_path, edited(data, "items/item-capital.xml", b"Porto", b"Oporto"))

    (read,) = only(ReadItem, rows)
    assert [option["text"] for option in read.content["options"]] == ["Lisbon", "Oporto"]
    assert read.key == {"choices": ["a"], "distribution": {"a": 9, "b": 1}}
    assert (read.skill, read.sources, read.temptations) == (OURS.skill, OURS.sources, OURS.temptations)
    assert [note.reason for note in only(Omission, rows)] == [
        "it was changed since it was written here; what stands in the file holds"
    ]


def test_other_systems_see_the_rights_of_an_item(tmp_path):
    data, _ = write_package(QTI_3_0, [OURS])

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = archive.read("imsmanifest.xml").decode()
    assert "An atlas; CC BY 4.0; https://example.org" in manifest


@pytest.mark.parametrize(
    ("item_", "said"),
    [
        (replace(OURS, type="rubric-score"), "no interaction for rubric-score"),
        (replace(OURS, rationale="bell \x07"), "U+0007"),
        (replace(OURS, content=OURS.content | {"prompt": "\ufffe?"}), "U+FFFE"),
        (replace(OURS, content={}), "no sound choice item"),
    ],
)
def test_what_qti_cannot_hold_is_refused_and_the_others_are_written(tmp_path, item_, said):
    data, (refusal,) = write_package(QTI_3_0, [replace(item_, identifier="other"), OURS])

    assert (refusal.row, refusal.where) == (1, "other")
    assert said in refusal.reason
    assert len(only(ReadItem, rows_of(tmp_path, data))) == 1


def test_an_item_may_be_called_like_a_device(tmp_path):
    data, _ = write_package(QTI_3_0, [replace(OURS, identifier="con")])

    assert [row.identifier for row in rows_of(tmp_path, data)] == ["con"]


def test_an_identifier_is_written_once():
    _, refusals = write_package(QTI_2_2, [OURS, OURS])

    assert [refusal.reason for refusal in refusals] == ["its identifier stands in the package already"]


def test_both_versions_are_formats(tmp_path):
    for name in ("qti-3", "qti-2"):
        form = file_formats.file_format(name)
        data, refusals = form.write([OURS])
        (tmp_path / "package.zip").write_bytes(data)

        assert refusals == []
        assert [row.identifier for row in form.read(tmp_path / "package.zip")] == ["capital"]


PIECES = re.compile(rb'<[^>]*>|"[^"]*"|[^<"]+')
SOURCES = [
    item(CHOICE),
    item('<p>A <textEntryInteraction responseIdentifier="RESPONSE"/></p>', declaration("1", base_type="float")),
    item(f"<table><tr><td>{CHOICE}</td></tr></table><p>x<sup>2</sup></p>", version=QTI_3_0),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=st.sampled_from(SOURCES), seed=st.integers(0, 10**6))
def test_whatever_a_document_holds_it_is_read_or_refused(tmp_path, source, seed):
    chance = random.Random(seed)
    pieces = PIECES.findall(source)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(pieces))
        pieces[at] = chance.choice(
            [b"", chance.choice(pieces), b'"INF"', b'"multiple"', b"<multiple/>", b"<li>", b'"["']
        )

    first, *others = rows_of(tmp_path, b"".join(pieces))

    assert isinstance(first, ReadItem | Refusal)
    assert all(isinstance(row, Omission) for row in others)


def test_nothing_of_a_refused_item_is_told_beside_the_refusal(tmp_path):
    assert refused(tmp_path, item(CHOICE, declaration(), MATCH_CORRECT + "<catalogInfo/>")).row == 1
