"""Takes a signed PDF apart. Runs in the jail, for the file may have been made to do harm."""

import re
import struct
import zlib
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.adapters.pdf.integrity import Sealed, find_seal
from certificates.adapters.pdf.parts import CREDENTIAL_NAME, SIGNATURE_FIELD
from certificates.adapters.pdf.reading import Answer, SignedPdf, UnreadablePdf, check_size

# What pyHanko raises by itself, and what its parts do when bytes mean nothing. Anything else ends the jailed process.
MALFORMED = (
    PdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    RecursionError,
    NotImplementedError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def serve() -> Callable[[bytes], bytes]:
    """Answers a PDF with what is in it, for the process that is started for it."""
    return lambda data: _answer(data).model_dump_json().encode()


def dissect(data: bytes) -> SignedPdf:
    """As reading.read_signed_pdf, in this process. Raises UnreadablePdf, and MemoryError for what is too much."""
    check_size(data)
    sealed = find_seal(data)
    try:
        credential, signed_at = _contents(data, sealed)
    except UnreadablePdf:
        raise
    except MALFORMED as error:
        raise UnreadablePdf("This PDF is damaged, or was not made as our certificates are.") from error
    return SignedPdf(
        credential=credential,
        signer_certificate=sealed.signer_certificate,
        covers_whole_document=sealed.covers_whole_document,
        is_intact=not sealed.problems,
        signed_at=signed_at,
        problems=sealed.problems,
    )


def _answer(data: bytes) -> Answer:
    try:
        return Answer(pdf=dissect(data))
    except UnreadablePdf as error:
        return Answer(unreadable=str(error))


def _contents(data: bytes, sealed: Sealed) -> tuple[bytes, datetime | None]:
    """The credential, and when the file says that it was signed; pyHanko bounds what streams unfold to."""
    reader = PdfFileReader(BytesIO(data), strict=True)
    if reader.encrypted:
        raise UnreadablePdf("This PDF is encrypted; our certificates are not.")
    _check_field(reader.root, sealed)
    return _credential(reader.root), _signed_at(reader.root)


def _signature(root: Any) -> Any:
    fields = root["/AcroForm"]["/Fields"]
    if len(fields) != 1 or fields[0]["/T"] != SIGNATURE_FIELD:
        raise UnreadablePdf("This PDF has other fields than the one for our signature.")
    return fields[0]["/V"]


def _check_field(root: Any, sealed: Sealed) -> None:
    """The signature that readers are shown must be the one that was judged, not one in a place that nobody sees."""
    if tuple(int(number) for number in _signature(root)["/ByteRange"]) != sealed.byte_range:
        raise UnreadablePdf("The signature of this PDF is not where it says.")


def _credential(root: Any) -> bytes:
    try:
        names = root["/Names"]["/EmbeddedFiles"]["/Names"]
    except KeyError as error:
        raise UnreadablePdf("This PDF holds no credential.") from error
    if len(names) != 2 or names[0] != CREDENTIAL_NAME:
        raise UnreadablePdf("This PDF does not hold one credential and nothing else.")
    content: bytes = names[1]["/EF"]["/F"].data
    return content


def _signed_at(root: Any) -> datetime | None:
    claimed = _signature(root).get("/M")
    if claimed is None or not re.fullmatch(r"D:\d{14}(Z|[+-]\d\d'\d\d'?)", str(claimed)):
        return None
    signed_at: datetime = generic.parse_pdf_date(str(claimed))
    return signed_at
