"""Adds to a set page what WeasyPrint has no words for: drawn ornaments, the code, and the field of the signature."""

import re
import zlib
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pydyf
from weasyprint import Document

from certificates.adapters.pdf.bars import bars
from certificates.adapters.pdf.ornaments import frame, moved
from certificates.adapters.pdf.parts import EMPTY_SIGNATURE, SIGNATURE_FIELD
from certificates.adapters.pdf.punches import punches
from certificates.adapters.pdf.seal import seal
from certificates.adapters.pdf.sheets import POINTS, SEAL, Sheet
from certificates.adapters.pdf.tones import INK_RGB, tones_of
from certificates.adapters.qr_code import qr_path

_PER_FACE = {"Length1", "N"}  # what is said of the streams of faces and of profiles: ISO 32000-1, tables 127 and 66
_SIGNED_AND_APPEND_ONLY = 3  # ISO 32000-1, table 219
_PRINTED = 4  # the annotation flag Print: ISO 32000-1, table 165


@dataclass(frozen=True, slots=True)
class Ornaments:
    """What is added to a page.

    `code_name` is the name under which the page shows the picture of the code."""

    sheet: Sheet
    accent: str
    fineness: str
    year: int
    address: str
    code_name: str
    signature_text: str
    name: str
    name_place: int
    scores: tuple[Fraction, ...]


def finish(document: Document, pdf: Any, ornaments: Ornaments) -> None:
    """Draw the ornaments and add an empty signature field; `pdf` is the pydyf.PDF of one page."""
    page = pdf.objects[pdf.pages["Kids"][0]]
    _draw_ground(document, pdf, page, ornaments)
    _draw_code(pdf, page, ornaments)
    _spell_name(pdf, page, ornaments)
    _add_field(pdf, page, ornaments)
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))  # WeasyPrint names each file twice
    _keep(pdf)


class _Kept(pydyf.Object):  # type: ignore[misc]  # pydyf publishes no types
    """An object that is written out once: pydyf asks for it when it writes, and again for the identifier."""

    def __init__(self, source: Any) -> None:
        super().__init__()
        self.number = source.number
        self._data: bytes = source.data
        self._is_compressible: bool = source.compressible

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return self._is_compressible


class _EmptySignature(pydyf.Object):  # type: ignore[misc]  # pydyf publishes no types
    """Room for a signature, outside of the compressed objects."""

    compressible = False
    data = EMPTY_SIGNATURE


def _keep(pdf: Any) -> None:
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and each.compress and _PER_FACE & each.extra.keys():
            [content] = each.stream
            each.stream, each.compress = [_deflated(content)], False
            each.extra["Filter"] = "/FlateDecode"
    pdf.objects[1:] = [_Kept(each) for each in pdf.objects[1:]]


@lru_cache(maxsize=64)
def _deflated(content: bytes) -> bytes:
    """What stands in many files, compressed once: faces, and the profile of the colours."""
    return zlib.compress(content, 9)


def _draw_ground(document: Document, pdf: Any, page: Any, ornaments: Ornaments) -> None:
    """Put frame, bars and punches under everything else, as artifacts: they say nothing that the text does not."""
    sheet = ornaments.sheet
    size = (sheet.width * POINTS, sheet.height * POINTS)
    ground = _form(frame(sheet, ornaments.accent), size, is_deflated=True)
    pdf.add_object(ground)
    _pictures(pdf, page)["Ground"] = ground.reference
    row = moved(
        *sheet.punches_at,
        punches(ornaments.fineness, ornaments.year, ornaments.accent),
        scale=sheet.punches_scale,
    )
    shown = bars(document, ornaments.scores, sheet, tones_of(ornaments.accent).pale)
    drawn = f"/Artifact BMC q /Ground Do {POINTS:.5f} 0 0 {POINTS:.5f} 0 0 cm {shown} {row} Q EMC"
    _resolved(pdf, page["Contents"]).stream.insert(0, drawn.encode())


def _draw_code(pdf: Any, page: Any, ornaments: Ornaments) -> None:
    """Exchange the picture that keeps the place of the code for the code as a path: sharp at any size."""
    code = _form(f"{INK_RGB} rg {qr_path(ornaments.address)}".encode(), (1, 1), is_deflated=False)
    place = _resolved(pdf, _pictures(pdf, page)[ornaments.code_name])
    code.number = place.number
    pdf.objects[place.number] = code


def _spell_name(pdf: Any, page: Any, ornaments: Ornaments) -> None:
    """Say what the glyphs of the name spell: from ligatures and marks that moved, no reader could tell.

    The first line spells all of it, so that it is found as a whole. ISO 32000-1, 14.9.4.
    """
    section = _resolved(pdf, _structure(pdf).document["K"][0])
    lines = [_resolved(pdf, line)["K"][0] for line in _resolved(pdf, section["K"][ornaments.name_place])["K"]]
    spelled = dict.fromkeys(lines, "") | dict.fromkeys(lines[:1], ornaments.name)
    drawn = _resolved(pdf, page["Contents"]).stream
    for at, operand in enumerate(drawn):
        if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in spelled:
            operand["ActualText"] = pydyf.String(spelled[operand["MCID"]])
            drawn[at - 1] = b"/Span"


def _add_field(pdf: Any, page: Any, ornaments: Ornaments) -> None:
    """A signature field where the seal stands, tagged last: it is read after all that is signed.

    Its signature is still empty, and is to certify the file: ISO 32000-1, 12.8.4.
    """
    left, bottom = (millimetres * POINTS for millimetres in ornaments.sheet.seal_at)
    side = SEAL * POINTS
    look = _form(seal(ornaments.accent), (side, side), is_deflated=True)
    pdf.add_object(look)
    signature = _EmptySignature()
    pdf.add_object(signature)
    structure = _structure(pdf)
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(SIGNATURE_FIELD),
            "V": signature.reference,
            "TU": pydyf.String(ornaments.signature_text),
            "Rect": pydyf.Array([round(at, 3) for at in (left, bottom, left + side, bottom + side)]),
            "F": _PRINTED,
            "P": pdf.page_references[0],
            "AP": pydyf.Dictionary({"N": look.reference}),
            "StructParent": structure.next_key,
        }
    )
    pdf.add_object(field)
    page.setdefault("Annots", pydyf.Array()).append(field.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {"Fields": pydyf.Array([field.reference]), "SigFlags": _SIGNED_AND_APPEND_ONLY}
    )
    pdf.catalog["Perms"] = pydyf.Dictionary({"DocMDP": signature.reference})
    structure.tag_as_form(pdf, field, ornaments.signature_text)


@dataclass(frozen=True, slots=True)
class _Structure:
    """The structure tree of a document: its root element, its parent tree, and the next free key of that."""

    root: Any
    document: Any
    parents: Any

    @property
    def next_key(self) -> int:
        return int(max(self.parents["Nums"][::2])) + 1

    def tag_as_form(self, pdf: Any, field: Any, text: str) -> None:
        widget = pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": pdf.page_references[0]})
        form = pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/Form",
                "P": self.document.reference,
                "Pg": pdf.page_references[0],
                "Alt": pydyf.String(text),
                "K": pydyf.Array([widget]),
            }
        )
        pdf.add_object(form)
        self.document["K"].append(form.reference)
        self.parents["Nums"].extend([field["StructParent"], form.reference])
        self.root["ParentTreeNextKey"] = field["StructParent"] + 1


def _structure(pdf: Any) -> _Structure:
    root = _resolved(pdf, pdf.catalog["StructTreeRoot"])
    return _Structure(root, _resolved(pdf, root["K"][0]), _resolved(pdf, root["ParentTree"]))


def _pictures(pdf: Any, page: Any) -> Any:
    return _resolved(pdf, page["Resources"])["XObject"]


def _form(content: bytes, size: tuple[float, float], *, is_deflated: bool) -> Any:
    extra = {
        "Type": "/XObject",
        "Subtype": "/Form",
        "BBox": pydyf.Array([0, 0, *(round(side, 3) for side in size)]),
        "Resources": pydyf.Dictionary(),
    }
    if is_deflated:
        extra["Filter"] = "/FlateDecode"
    return pydyf.Stream([content], extra, compress=not is_deflated)


def _resolved(pdf: Any, reference: bytes) -> Any:
    number = re.match(rb"\d+", reference)
    assert number
    return pdf.objects[int(number[0])]
