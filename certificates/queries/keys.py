"""Signing keys: their list, those that are trusted, the certificates that one of them signed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from certificates.domain.issuer import did_of
from certificates.domain.standing import CertificateState
from certificates.domain.trust import KeyUse, TrustedKey, TrustedKeys, read_jwk
from certificates.models.certificates import Certificate
from certificates.models.credentials import Credential
from certificates.models.keys import KeyPurpose, KeyState, SigningKey
from certificates.models.log import LogCheckpoint
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation

_COUNTS = (CertificateState.VALID, CertificateState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key without its private half."""

    id: str
    purpose: KeyPurpose
    state: KeyState
    is_development: bool
    public_jwk: dict[str, str]
    x509: str | None
    created_at: datetime
    retired_at: datetime | None
    compromised_at: datetime | None

    @property
    def is_trusted(self) -> bool:
        """Whether what it signed while it was active is good."""
        return self.state is not KeyState.COMPROMISED


def list_keys(session: Session) -> list[KeyView]:
    """All keys: those that sign first, then from the newest on."""
    rows = session.scalars(select(SigningKey).order_by(SigningKey.created_at.desc(), SigningKey.id))
    return sorted(map(_view, rows), key=lambda key: key.state is not KeyState.ACTIVE)


def find_key(session: Session, key_id: str) -> KeyView | None:
    row = session.get(SigningKey, key_id)
    return _view(row) if row else None


def trusted_keys(session: Session, *, base_url: str) -> TrustedKeys:
    """Every key that may have signed, under the DID of each organisation; those that were given away are not in it."""
    keys = {key.id: _trusted(key) for key in list_keys(session) if key.is_trusted}
    organisations = session.execute(select(Organisation.id, Organisation.slug))
    return TrustedKeys(
        {did_of(base_url, slug, is_public=id_ == PUBLIC_ORGANISATION_ID): keys for id_, slug in organisations}
    )


def list_certificates_of_key(session: Session, key_id: str) -> list[str]:
    """The ids of the certificates that count and whose current credential, JWT, PDF or log entry this key signed.

    A session that has entered an organisation sees those of this organisation.
    """
    signed = or_(Credential.key_id == key_id, Credential.document_key_id == key_id, _logged_under(key_id))
    found = (
        select(Certificate.id)
        .join(Credential, Credential.certificate_id == Certificate.id)
        .where(Credential.is_current, Certificate.state.in_(_COUNTS), signed)
        .order_by(Certificate.id)
    )
    return list(session.scalars(found))


def _logged_under(key_id: str) -> ColumnElement[bool]:
    """Whether the checkpoint in a credential's proof of inclusion, the first one after its leaf, is this key's."""
    first = select(func.min(LogCheckpoint.size)).where(LogCheckpoint.size > Credential.leaf_index)
    of_key = select(LogCheckpoint.size).where(LogCheckpoint.key_id == key_id)
    return first.correlate(Credential).scalar_subquery().in_(of_key)


def _trusted(key: KeyView) -> TrustedKey:
    return TrustedKey(
        id=key.id,
        use=KeyUse(key.purpose.value),
        public=read_jwk(key.public_jwk),
        since=key.created_at,
        until=key.retired_at,
    )


def _view(row: SigningKey) -> KeyView:
    return KeyView(
        id=row.id,
        purpose=row.purpose,
        state=row.state,
        is_development=row.is_development,
        public_jwk=row.public_jwk,
        x509=row.x509,
        created_at=row.created_at,
        retired_at=row.retired_at,
        compromised_at=row.compromised_at,
    )
