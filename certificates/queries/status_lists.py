"""Status lists: which bits are set, which lists there are, and whether anything changed since."""

from sqlalchemy import ColumnElement, Table, and_, or_, select
from sqlalchemy.orm import Session

from certificates.domain.standing import CertificateState
from certificates.domain.status_list import StatusPurpose
from certificates.models.certificates import Certificate
from certificates.models.credentials import Credential, CredentialState
from certificates.models.log import LogCheckpoint, LogHead
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation

_GONE = (CertificateState.REVOKED, CertificateState.SUPERSEDED, CertificateState.ERASED)


def list_set_bits(session: Session, *, purpose: StatusPurpose, number: int) -> list[int]:
    """The entries of a list whose bit is set, of all organisations; in one statement.

    Revocation: the certificate is revoked, superseded or erased, or a later credential took the place of this one.
    Suspension: the same, or the certificate is suspended. Open Badges 3.0 leaves room for one entry in a credential, so
    ours names this list: it tells that a credential is not to be relied on, and the other one whether for good.
    What is not signed yet is not current either, and counts as what it will be.
    """
    # The tables and not the classes: lists are shared by all organisations, and a session sees the rows of its own.
    credential, certificate = _table(Credential), _table(Certificate)
    found = (
        select(credential.c.status_index)
        .join(certificate, certificate.c.id == credential.c.certificate_id)
        .where(credential.c.status_list == number, _is_set(purpose, credential, certificate))
    )
    return list(session.execute(found).scalars())


def log_version(session: Session) -> tuple[int, str | None]:
    """How many leaves the log has, and the root above them; None of an empty log.

    Each change of a certificate's state takes a leaf. A credential that is signed in place of another took its leaf
    some moments before.
    """
    found = select(LogHead.size, LogCheckpoint.root).outerjoin(LogCheckpoint, LogCheckpoint.size == LogHead.size)
    size, root = session.execute(found).one()
    return size, root


def public_slug(session: Session) -> str:
    """The slug of the organisation in whose name the lists are signed."""
    return session.scalars(select(Organisation.slug).where(Organisation.id == PUBLIC_ORGANISATION_ID)).one()


def _is_set(purpose: StatusPurpose, credential: Table, certificate: Table) -> ColumnElement[bool]:
    states = _GONE if purpose is StatusPurpose.REVOCATION else (*_GONE, CertificateState.SUSPENDED)
    was_replaced = and_(~credential.c.is_current, credential.c.state == CredentialState.SIGNED)
    return or_(was_replaced, certificate.c.state.in_(states))


def _table(model: type[Certificate] | type[Credential]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
