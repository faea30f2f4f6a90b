"""The files that a credential comes in: told apart by what is in them, and opened."""

import re
from dataclasses import dataclass
from typing import Any

from certificates.adapters.canonical_json import parse_json
from certificates.adapters.pdf.reading import SignedPdf, read_signed_pdf
from certificates.domain.verdicts import FileKind

_TOKEN = re.compile(rb"eyJ[\w-]*\.[\w-]+\.[\w-]+")  # a header that begins a JSON object, and two more parts
_WHITE = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PICTURES = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"RIFF": "WebP"}


@dataclass(frozen=True, slots=True)
class CredentialFile:
    """An opened file: the credential in it, unless it is a token, and the PDF around it."""

    kind: FileKind
    document: dict[str, Any] | None = None
    token: str | None = None
    pdf: SignedPdf | None = None


def read_credential_file(data: bytes) -> CredentialFile:
    """Open a PDF, a credential as JSON, or one as JWT. Nothing is verified by that.

    Raises ValueError, with a sentence for people, for anything else.
    """
    kind = kind_of(data)
    if kind is FileKind.PDF:
        pdf = read_signed_pdf(data)
        return CredentialFile(kind, document=_read_document(pdf.credential, "The credential in this PDF"), pdf=pdf)
    if kind is FileKind.JWT:
        return CredentialFile(kind, token=data.strip(_WHITE).decode("ascii"))
    return CredentialFile(kind, document=_read_document(data, "This file"))


def kind_of(data: bytes) -> FileKind:
    """Which kind of file this is. Raises ValueError, with a sentence for people, when it is none of ours."""
    text = data.removeprefix(_BYTE_ORDER_MARK).strip(_WHITE)
    if not text:
        raise ValueError("The file is empty.")
    if data.startswith(b"%PDF-"):
        return FileKind.PDF
    if text.startswith(b"{"):
        return FileKind.CREDENTIAL
    if _TOKEN.fullmatch(text):
        return FileKind.JWT
    picture = next((name for begin, name in _PICTURES.items() if data.startswith(begin)), None)
    if picture is not None:
        raise ValueError(f"This is a picture ({picture}). Verify the PDF or the credential itself, or type its id.")
    raise ValueError("This is neither a PDF nor a credential as JSON or JWT.")


def _read_document(data: bytes, what: str) -> dict[str, Any]:
    try:
        document = parse_json(data.removeprefix(_BYTE_ORDER_MARK))
    except ValueError as fault:
        raise ValueError(f"{what} cannot be read: {fault}.") from None
    types = document.get("type") if isinstance(document, dict) else None
    if not isinstance(types, list) or "VerifiableCredential" not in types:
        raise ValueError(f"{what} is no verifiable credential.")
    return dict(document)
