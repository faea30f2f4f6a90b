"""An issuer without a database: keys, a log of a few leaves, and what they sign, for tests of verification."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509 import load_pem_x509_certificate

from certificates.adapters.canonical_json import canonical
from certificates.adapters.credential_jwt import sign_jwt
from certificates.adapters.data_integrity import add_proof
from certificates.adapters.pdf.press import PdfPress
from certificates.adapters.pdf.request import RenderRequest
from certificates.adapters.pdf.signing import sign_pdf
from certificates.adapters.x509_certificates import make_certificate
from certificates.domain.checkpoints import Checkpoint, origin_of, sign_note
from certificates.domain.contents import CertificateView
from certificates.domain.credential import StatusEntry, build_content, with_evidence
from certificates.domain.design import HOUSE_DESIGN
from certificates.domain.did_document import did_document
from certificates.domain.inclusion import FORMAT, Inclusion
from certificates.domain.issuer import Issuer, did_of
from certificates.domain.log_leaves import commitment, leaf_bytes
from certificates.domain.merkle import inclusion_path, leaf_hash, root_of
from certificates.domain.trust import KeyUse, TrustedKey, TrustedKeys
from tests.certificates.factories import BASE_URL, ISSUED_ONCE, make_view

SALT = "5a" * 32
SIGNED = ISSUED_ONCE + timedelta(minutes=1)
TODAY = ISSUED_ONCE + timedelta(days=30)
OTHERS = [leaf_hash(b"one"), leaf_hash(b"two"), leaf_hash(b"three")]  # leaves of other certificates


@dataclass(frozen=True)
class IssuerAtHand:
    """Signs what it is given; every part of it can be replaced by a wrong one."""

    base_url: str = BASE_URL
    credential_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    log_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    document_key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    until: datetime | None = None

    @property
    def did(self) -> str:
        return did_of(self.base_url, "", is_public=True)

    @property
    def keys(self) -> list[TrustedKey]:
        publics = {
            KeyUse.CREDENTIAL: self.credential_key.public_key(),
            KeyUse.DOCUMENT: self.document_key.public_key(),
            KeyUse.LOG: self.log_key.public_key(),
        }
        return [TrustedKey(f"{use.value}-one", use, public, self.since, self.until) for use, public in publics.items()]

    @property
    def trust(self) -> TrustedKeys:
        return TrustedKeys({self.did: {key.id: key for key in self.keys}})

    @property
    def did_document(self) -> dict[str, Any]:
        return did_document(self.did, self.keys)

    def content(self, view: CertificateView | None = None, *, number: int = 1) -> dict[str, Any]:
        issuer = Issuer(self.did, "Assay public catalogue", f"{self.base_url}/")
        status = StatusEntry(list=1, index=4711)
        return build_content(view or make_view(), issuer=issuer, base_url=self.base_url, number=number, status=status)

    def inclusion(self, content: dict[str, Any], *, at: datetime = SIGNED) -> Inclusion:
        """The content as the third of four leaves."""
        mine = leaf_hash(leaf_bytes("credential", commitment(SALT, canonical(content)), at))
        leaves = [*OTHERS[:2], mine, *OTHERS[2:]]
        checkpoint = Checkpoint(origin_of(self.base_url), len(leaves), root_of(leaves))
        note = sign_note(checkpoint, key=self.log_key)
        return Inclusion(2, len(leaves), inclusion_path(leaves, 2), bytes.fromhex(SALT), note)

    def sign(
        self,
        content: dict[str, Any] | None = None,
        *,
        inclusion: Inclusion | None = None,
        method: str | None = None,
        at: datetime = SIGNED,
    ) -> dict[str, Any]:
        """The credential with its evidence and its proof."""
        said = content or self.content()
        included = inclusion or self.inclusion(said, at=at)
        evidence = {
            "id": f"{self.base_url}/log/leaves/{included.index}",
            "type": ["Evidence"],
            "name": "Entry in the issuance log",
            "genre": FORMAT,
            "narrative": included.as_text(),
        }
        return add_proof(
            with_evidence(said, evidence=evidence),
            key=self.credential_key,
            verification_method=method or f"{self.did}#credential-one",
            created=at,
        )

    def token(self, document: dict[str, Any] | None = None) -> str:
        return sign_jwt(document or self.sign(), key=self.document_key, kid="document-one")

    def print(self, document: dict[str, Any] | None = None, *, at: datetime = SIGNED) -> bytes:
        """The signed PDF with this credential in it."""
        request = RenderRequest(make_view(), HOUSE_DESIGN, canonical(document or self.sign()), self.base_url)
        press = PdfPress()
        try:
            rendered = press.render(request)
        finally:
            press.close()
        return self.sign_pdf(rendered, at=at)

    def sign_pdf(self, rendered: bytes, *, at: datetime = SIGNED) -> bytes:
        pem = make_certificate(self.document_key, host="127.0.0.1", is_development=True, at=self.since)
        certificate = load_pem_x509_certificate(pem.encode())
        return sign_pdf(rendered, key=self.document_key, certificate=certificate, at=at, reason="Issued", name="Assay")

    def with_new(self, *parts: str) -> "IssuerAtHand":
        """The same with another key for each of these parts."""
        fresh = IssuerAtHand(base_url=self.base_url)
        return replace(self, **{part: getattr(fresh, part) for part in parts})
