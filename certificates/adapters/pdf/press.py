"""The press: renders certificates in a jailed process that is kept warm."""

from certificates.adapters.pdf.jail import Jail, JailFailure, JailTimeout, Limits
from certificates.adapters.pdf.request import RenderRequest, packed

SERVICE = "certificates.adapters.pdf.rendering:serve"


class RenderFailed(Exception):
    """A certificate could not be rendered; the message says why. It may be tried again."""


class RenderTimeout(RenderFailed):
    """Rendering a certificate took too long."""


class PdfPress:
    """Renders certificates, one after another, in a process that is started when the first one comes."""

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008  # frozen, so that it may be shared
        self._jail = Jail(SERVICE, limits)

    @property
    def process_id(self) -> int | None:
        """Of the process that renders; None while there is none."""
        return self._jail.process_id

    def render(self, request: RenderRequest) -> bytes:
        """The PDF of a certificate, unsigned: the same bytes for the same request.

        Raises RenderTimeout when it takes too long, RenderFailed when the process dies over it. Either way the next
        certificate is rendered by a new process.
        """
        try:
            return self._jail.ask(packed(request))
        except JailTimeout as error:
            raise RenderTimeout(f"certificate {request.certificate.id} was not rendered: {error}") from error
        except JailFailure as error:
            raise RenderFailed(f"certificate {request.certificate.id} was not rendered: {error}") from error

    def close(self) -> None:
        """End the process. Rendering again starts another."""
        self._jail.close()
