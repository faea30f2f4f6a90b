"""Reads a signed certificate back, in a jail: what is in it, and whether it is as it was signed."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from certificates.adapters.pdf.jail import Jail, JailFailure, JailTimeout, Limits

MOST_BYTES = 20_000_000
SERVICE = "certificates.adapters.pdf.dissection:serve"
# For one file: an attack on the process that reads finds nobody after it. Most of the time goes into its start.
_LIMITS = Limits(seconds=30, cpu_seconds=10, memory_bytes=600_000_000, messages=1)


class UnreadablePdf(ValueError):
    """What was given is no signed certificate that can be read; the message is for people."""


@dataclass(frozen=True, slots=True)
class SignedPdf:
    """What a signed PDF holds, whoever signed it.

    `credential` is the embedded file and `signer_certificate` the DER of an X.509 certificate that vouches for itself
    alone: whether to trust its key is for others to decide. `signed_at` is what the file claims. It is intact when
    nothing speaks against it; `problems` says in sentences what does.
    """

    credential: bytes
    signer_certificate: bytes
    covers_whole_document: bool
    is_intact: bool
    signed_at: datetime | None
    problems: tuple[str, ...]


class Answer(BaseModel):
    """What the jailed process answers: a PDF, or why there is none."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    pdf: SignedPdf | None = None
    unreadable: str = ""


def read_signed_pdf(data: bytes) -> SignedPdf:
    """What a PDF holds, and whether it is as it was signed.

    Raises UnreadablePdf for what is no PDF, too large, encrypted, malformed, without credential or not signed once.
    """
    check_size(data)
    jail = Jail(SERVICE, _LIMITS)
    try:
        answer = Answer.model_validate_json(jail.ask(data))
    except JailTimeout as error:
        raise UnreadablePdf("Reading this PDF takes too long; it is not one of our certificates.") from error
    except JailFailure as error:
        raise UnreadablePdf("This PDF cannot be read; it is damaged, or not one of our certificates.") from error
    finally:
        jail.close()
    if answer.pdf is None:
        raise UnreadablePdf(answer.unreadable)
    return answer.pdf


def check_size(data: bytes) -> None:
    """Raise UnreadablePdf for what is too large, or does not begin as a PDF does."""
    if len(data) > MOST_BYTES:
        raise UnreadablePdf(f"This file is too large: a certificate has at most {MOST_BYTES // 1_000_000} MB.")
    if not data.startswith(b"%PDF-"):
        raise UnreadablePdf("This file is not a PDF.")
