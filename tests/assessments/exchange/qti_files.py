"""QTI files for tests: items in few words, packages of them, and what reading these yields."""

import io
import zipfile
from pathlib import Path

from lxml import etree

from assessments.adapters.exchange import Omission, ReadItem, Refusal
from assessments.adapters.qti.reading import read
from assessments.adapters.qti.versions import QTI_2_2, Version, with_names_of

MATCH_CORRECT = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"/>'
MAP_RESPONSE = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/map_response"/>'
OPTIONS = '<simpleChoice identifier="A">Lisbon</simpleChoice><simpleChoice identifier="B">Porto</simpleChoice>'
CHOICE = f"""<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Which is the capital?</prompt>
{OPTIONS}</choiceInteraction>"""


def declaration(*correct: str, cardinality: str = "single", base_type: str = "identifier", more: str = "") -> str:
    """A response declaration with the parts of its right answer."""
    values = "".join(f"<value>{value}</value>" for value in correct)
    right = f"<correctResponse>{values}</correctResponse>" if correct else ""
    names = f'identifier="RESPONSE" cardinality="{cardinality}" baseType="{base_type}"'
    return f"<responseDeclaration {names}>{right}{more}</responseDeclaration>"


def item(
    body: str,
    declared: str | None = None,
    after: str = MATCH_CORRECT,
    *,
    version: Version = QTI_2_2,
    identifier: str = "item-1",
    attributes: str = "",
) -> bytes:
    """An item of a version, written in the names of version 2."""
    declared = declaration("A") if declared is None else declared
    source = f"""<assessmentItem identifier="{identifier}" title="A title" adaptive="false" timeDependent="false"
    {attributes}>{declared}<itemBody>{body}</itemBody>{after}</assessmentItem>"""
    return etree.tostring(with_names_of(version, etree.fromstring(source)))


def package(*items: bytes, more: dict[str, bytes] | None = None, resources: str = "", metadata: str = "") -> bytes:
    """A package of items, and of other files if told."""
    listed = "".join(
        f'<resource identifier="i{number}" type="imsqti_item_xmlv2p2" href="items/{number}.xml"/>'
        for number in range(1, len(items) + 1)
    )
    manifest = f"""<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m">{metadata}
    <resources>{listed}{resources}</resources></manifest>"""
    files = {"imsmanifest.xml": manifest.encode()}
    files |= {f"items/{number}.xml": data for number, data in enumerate(items, start=1)}
    return packed(files | (more or {}))


def packed(files: dict[str, bytes]) -> bytes:
    """An archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def rows_of(folder: Path, data: bytes, name: str = "file") -> list[ReadItem | Refusal | Omission]:
    """All that reading a file yields."""
    path = folder / name
    path.write_bytes(data)
    return list(read(path))


def read_one(folder: Path, data: bytes) -> tuple[ReadItem, list[str]]:
    """The one item of a file, and what was read otherwise (that it gives no rationale goes without saying)."""
    first, *others = rows_of(folder, data)
    assert isinstance(first, ReadItem), first
    reasons = [row.reason for row in others if isinstance(row, Omission)]
    assert len(reasons) == len(others)
    return first, [reason for reason in reasons if not reason.startswith("no rationale")]


def refused(folder: Path, data: bytes) -> Refusal:
    """Why the one item of a file is refused."""
    (only,) = rows_of(folder, data)
    assert isinstance(only, Refusal), only
    return only
