"""Where certificates are signed and printed. It takes PyLD, which is heavy: only the worker imports this."""

from certificates.adapters.canonical_json import canonical, parse_json
from certificates.adapters.credential_jwt import sign_jwt
from certificates.adapters.data_integrity import add_proof
from certificates.adapters.key_ring import ActiveKey, DocumentKey
from certificates.adapters.pdf.press import PdfPress
from certificates.adapters.pdf.request import RenderRequest
from certificates.adapters.pdf.signing import sign_pdf
from certificates.domain.credential import with_evidence
from certificates.domain.inclusion import FORMAT, Inclusion
from certificates.domain.issuance import Intent, Printing, SignedCredential

REASON = "Issued by the organisation named on the certificate"


class Workshop:
    """Signs credentials, prints and signs PDFs. One of these belongs to a process; its press is a process beside it."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._press = PdfPress()

    def sign_credential(self, intent: Intent, *, key: ActiveKey, document_key: DocumentKey) -> SignedCredential:
        """The credential with the proof that it is in the log, and its signature; once more gives the same document."""
        content = parse_json(intent.content)
        document = add_proof(
            with_evidence(content, evidence=_evidence(intent.inclusion, self._base_url)),
            key=key.private,
            verification_method=f"{content['issuer']['id']}#{key.id}",
            created=intent.intended_at,
        )
        token = sign_jwt(document, key=document_key.private, kid=document_key.id)
        return SignedCredential(canonical(document), token, key.id, document_key.id)

    def print(self, printing: Printing, *, key: DocumentKey) -> bytes:
        """The signed PDF of a credential, which is embedded in it.

        Raises RenderFailed or RenderTimeout when the press could not do it.
        """
        request = RenderRequest(
            certificate=printing.certificate,
            design=printing.design,
            credential=printing.document,
            base_url=self._base_url,
            is_development=key.is_development,
        )
        return sign_pdf(
            self._press.render(request),
            key=key.private,
            certificate=key.x509,
            at=max(printing.signed_at, key.since),  # a file that is made anew may have a younger key
            reason=REASON,
            name=printing.certificate.issuer,
        )

    def close(self) -> None:
        self._press.close()


def _evidence(inclusion: Inclusion, base_url: str) -> dict[str, object]:
    return {
        "id": f"{base_url}/log/leaves/{inclusion.index}",
        "type": ["Evidence"],
        "name": "Entry in the issuance log",
        "genre": FORMAT,
        "narrative": inclusion.as_text(),
    }
