"""What is written to QTI is read back equal: with the companion file in all, without it in all that QTI holds."""

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from assessments.adapters.exchange import Omission, ReadItem, WrittenItem
from assessments.adapters.qti.reading import read
from assessments.adapters.qti.versions import QTI_2_2, QTI_3_0, Version
from assessments.adapters.qti.writing import WRITERS, write_package
from tests.assessments.exchange.qti_strategies import items

VERSIONS = [QTI_3_0, QTI_2_2]
both_versions = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
all_types = pytest.mark.parametrize("kind", WRITERS)

round_trips = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=20
)

# Fields that stand in the QTI files themselves; all others stand beside them in assay.json.
IN_QTI = {
    "choice": ({"prompt", "passage", "options", "many"}, {"choices", "accepted"}),
    "essay": ({"prompt", "reference", "reference_title"}, {"exemplar"}),
    "match": ({"prompt", "passage", "entries", "targets"}, {"pairs"}),
    "numeric": ({"passage"}, {"value", "absolute", "relative", "accepted"}),
    "order": ({"prompt", "passage", "entries"}, {"order", "accepted"}),
    "short-text": ({"prompt", "passage"}, {"answers", "is_case_sensitive"}),
    "true-false": ({"statement", "passage"}, {"answer"}),
}


def written(version: Version, *given: WrittenItem) -> bytes:
    data, refusals = write_package(version, given)
    assert refusals == []
    return data


def read_back(folder: Path, data: bytes) -> tuple[list[ReadItem], list[str]]:
    """The items of a package and what was left out of them."""
    path = folder / "package.zip"
    path.write_bytes(data)
    rows = list(read(path))
    items = [row for row in rows if isinstance(row, ReadItem)]
    notes = [row.reason for row in rows if isinstance(row, Omission)]
    assert len(items) + len(notes) == len(rows), rows
    return items, notes


def without_companion(data: bytes) -> bytes:
    """The package as a system hands it on that keeps only what it knows."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name != "assay.json":
                target.writestr(name, source.read(name))
    return out.getvalue()


def values(item: WrittenItem | ReadItem) -> dict[str, Any]:
    """All that an item says, its content and key in the form of their type."""
    content_type, key_type, _ = WRITERS[item.type]
    around = ("identifier", "use", "skill", "difficulty", "rationale", "sources", "temptations", "tags")
    said = {name: getattr(item, name) for name in (*around, "provenance", "attribution")}
    return said | {"content": content_type.model_validate(item.content), "key": key_type.model_validate(item.key)}


@both_versions
@all_types
@round_trips
@given(data=st.data())
def test_an_item_is_read_back_equal(kind, version, data, tmp_path):
    item = data.draw(items(kind))

    (again,), notes = read_back(tmp_path, written(version, item))

    assert again.type == item.type
    assert values(again) == values(item)
    assert notes == []


@both_versions
@all_types
@round_trips
@given(data=st.data())
def test_what_qti_holds_is_read_back_equal_without_the_companion_file(kind, version, data, tmp_path):
    item = data.draw(items(kind))
    _assume_that_qti_can_say_it(item)

    (again,), _ = read_back(tmp_path, without_companion(written(version, item)))

    assert again.type == item.type
    assert again.identifier == item.identifier
    assert again.rationale == item.rationale
    ours, theirs = values(item), values(again)
    for part, fields in zip(("content", "key"), IN_QTI[kind], strict=True):
        for field in fields:
            assert getattr(theirs[part], field) == getattr(ours[part], field), field


def _assume_that_qti_can_say_it(item: WrittenItem) -> None:
    """Without the companion, what looks alike in QTI is alike."""
    content, key = item.content, item.key
    if item.type == "choice":
        assume(sorted(option["text"].lower().strip(" .") for option in content["options"]) != ["false", "true"])
    if item.type == "match":
        assume(not {entry["id"] for entry in content["entries"]} & {target["id"] for target in content["targets"]})
    if item.type == "short-text":
        texts = {answer["text"].casefold() for answer in key["answers"]}
        assume(len(texts) == len(key["answers"]))


@both_versions
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=10)
@given(data=st.data())
def test_the_same_items_are_always_the_same_bytes(version, data):
    several = [data.draw(items(kind)) for kind in WRITERS]

    assert write_package(version, several) == write_package(version, several)


if SCHEMAS := os.environ.get("ASSAY_QTI_SCHEMAS"):
    # The published schemas are not ours to ship; where a folder of them is named, all that we write is held to them.
    ITEM_SCHEMAS = {"3.0": "imsqti_asiv3p0_v1p0.xsd", "2.2": "imsqti_v2p2.xsd"}
    MANIFEST_SCHEMAS = {"3.0": "imsqtiv3p0_imscpv1p2_v1p0.xsd", "2.2": "imscp_v1p1.xsd"}

    @pytest.fixture(scope="module")
    def schemas() -> dict[tuple[str, bool], etree.XMLSchema]:
        named = [(MANIFEST_SCHEMAS, True), (ITEM_SCHEMAS, False)]
        return {
            (number, is_manifest): etree.XMLSchema(etree.parse(Path(SCHEMAS) / name))
            for names, is_manifest in named
            for number, name in names.items()
        }

    @both_versions
    @all_types
    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data())
    def test_what_is_written_is_valid_by_the_published_schemas(kind, version, schemas, data):
        package = written(version, data.draw(items(kind)))

        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            for name in archive.namelist():
                if name.endswith(".xml"):
                    schema = schemas[version.number, name == "imsmanifest.xml"]
                    schema.assertValid(etree.fromstring(archive.read(name)))
