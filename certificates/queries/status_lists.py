"""Status lists: which bits are set, which lists there are, and whether anything changed since."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, or_, select
from sqlalchemy.orm import Session

from certificates.domain.standing import CertificateState
from certificates.domain.status_list import StatusPurpose
from certificates.models.certificates import Certificate
from certificates.models.credentials import Credential, CredentialState
from certificates.models.log import LogCheckpoint, LogHead
from certificates.models.status_lists import StatusList
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation


@dataclass(frozen=True, slots=True)
class Signer:
    """The organisation in whose name a list is signed: that of the credentials which name the list."""

    slug: str
    is_public: bool


_GONE = (CertificateState.REVOKED, CertificateState.SUPERSEDED, CertificateState.ERASED)


def list_set_bits(session: Session, *, purpose: StatusPurpose, number: int) -> list[int]:
    """The entries of a list whose bit is set; in one statement.

    Revocation: the certificate is revoked, superseded or erased, or a later credential took the place of this one.
    Suspension: the same, or the certificate is suspended. Open Badges 3.0 leaves room for one entry in a credential, so
    ours names this list: it tells that a credential is not to be relied on, and the other one whether for good.
    What is not signed yet is not current either, and counts as what it will be.
    """
    # The tables and not the classes: the earliest lists hold credentials of whoever issued then.
    credential, certificate = _table(Credential), _table(Certificate)
    found = (
        select(credential.c.status_index)
        .join(certificate, certificate.c.id == credential.c.certificate_id)
        .where(credential.c.status_list == number, _is_set(purpose, credential, certificate))
    )
    return list(session.execute(found).scalars())


def log_root(session: Session) -> str | None:
    """The root above the leaves of the log; None of an empty log.

    Each change of a certificate's state takes a leaf. A credential that is signed in place of another took its leaf
    some moments before.
    """
    return session.scalars(
        select(LogCheckpoint.root).join_from(LogHead, LogCheckpoint, LogCheckpoint.size == LogHead.size)
    ).one_or_none()


def find_signer(session: Session, number: int) -> Signer | None:
    """The organisation whose list this is; None when there is no such list."""
    row = session.execute(
        select(Organisation.slug, Organisation.id)
        .join(StatusList, StatusList.organisation_id == Organisation.id)
        .where(StatusList.number == number)
    ).one_or_none()
    return Signer(row.slug, row.id == PUBLIC_ORGANISATION_ID) if row else None


def _is_set(purpose: StatusPurpose, credential: Table, certificate: Table) -> ColumnElement[bool]:
    states = _GONE if purpose is StatusPurpose.REVOCATION else (*_GONE, CertificateState.SUSPENDED)
    was_replaced = and_(~credential.c.is_current, credential.c.state == CredentialState.SIGNED)
    return or_(was_replaced, certificate.c.state.in_(states))


def _table(model: type[Certificate] | type[Credential]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
