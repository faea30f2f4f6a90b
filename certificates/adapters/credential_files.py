"""The files that a credential comes in: told apart by what is in them, and opened."""

import re
from dataclasses import dataclass
from typing import Any

from certificates.adapters.badge.unbaking import credential_in_png, credential_in_svg
from certificates.adapters.canonical_json import parse_json
from certificates.adapters.pdf.reading import SignedPdf, read_signed_pdf
from certificates.domain.verdicts import FileKind

_TOKEN = re.compile(rb"eyJ[\w-]*\.[\w-]+\.[\w-]+")  # a header that begins a JSON object, and two more parts
_WHITE = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PNG = b"\x89PNG"  # the rest of its signature says how a PNG was damaged
_MARKUP = (b"<", b"\xff\xfe<\0", b"\xfe\xff\0<")  # in UTF-8, and in either UTF-16
_WEB_PAGES = (b"<!doctype html", b"<html")
_PICTURES = {b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"RIFF": "WebP"}


@dataclass(frozen=True, slots=True)
class CredentialFile:
    """An opened file: the credential or the token in it, and the PDF around it."""

    kind: FileKind
    document: dict[str, Any] | None = None
    token: str | None = None
    pdf: SignedPdf | None = None


def read_credential_file(data: bytes) -> CredentialFile:
    """Open a PDF, a credential as JSON or JWT, or a badge with one of these baked in. Nothing is verified by that.

    Raises ValueError, with a sentence for people, for anything else.
    """
    kind = kind_of(data)
    if kind is FileKind.PDF:
        pdf = read_signed_pdf(data)
        return CredentialFile(kind, document=_read_document(pdf.credential, "The credential in this PDF"), pdf=pdf)
    if kind is FileKind.JWT:
        return CredentialFile(kind, token=data.strip(_WHITE).decode("ascii"))
    if kind.is_picture:
        return _baked(kind, credential_in_png(data) if kind is FileKind.PNG else credential_in_svg(data))
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
    if data.startswith(_PNG):
        return FileKind.PNG
    if text[:14].lower().startswith(_WEB_PAGES):
        raise ValueError("This is a web page (HTML); expected the file of a certificate.")
    if text.startswith(_MARKUP):
        return FileKind.SVG
    picture = next((name for begin, name in _PICTURES.items() if data.startswith(begin)), None)
    if picture is not None:
        raise ValueError(f"This is a picture ({picture}), which holds no credential; expected a badge as PNG or SVG.")
    raise ValueError("This is neither a PDF nor a credential (JSON or JWT) nor a badge (PNG or SVG).")


def _baked(kind: FileKind, content: bytes) -> CredentialFile:
    what, text = f"The credential in this {kind.value.upper()}", content.strip(_WHITE)
    if _TOKEN.fullmatch(text):
        return CredentialFile(kind, token=text.decode("ascii"))
    if not text.removeprefix(_BYTE_ORDER_MARK).startswith(b"{"):
        raise ValueError(f"{what} is neither JSON nor a JWT.")
    return CredentialFile(kind, document=_read_document(text, what))


def _read_document(data: bytes, what: str) -> dict[str, Any]:
    try:
        document = parse_json(data.removeprefix(_BYTE_ORDER_MARK))
    except ValueError as fault:
        raise ValueError(f"{what} cannot be read: {fault}.") from None
    types = document.get("type") if isinstance(document, dict) else None
    if not isinstance(types, list) or "VerifiableCredential" not in types:
        raise ValueError(f"{what} is no verifiable credential.")
    return dict(document)
