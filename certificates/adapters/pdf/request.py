"""What a certificate is rendered from, and how that travels to the process that renders it."""

from dataclasses import dataclass

from pydantic import ConfigDict, RootModel

from certificates.domain.contents import CertificateView
from certificates.domain.design import Design


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """A certificate, its look, and the file that goes into the PDF.

    `credential` are the bytes of the signed credential, embedded as credential.json. `base_url` begins the address
    at which the certificate is verified. `is_development` says that the signing key is one for development.
    """

    certificate: CertificateView
    design: Design
    credential: bytes
    base_url: str
    is_development: bool = False


class _Message(RootModel[RenderRequest]):
    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


def packed(request: RenderRequest) -> bytes:
    """A request as JSON."""
    return _Message(request).model_dump_json().encode()


def unpacked(message: bytes) -> RenderRequest:
    """The request that was packed. Raises ValueError for anything else."""
    return _Message.model_validate_json(message).root
