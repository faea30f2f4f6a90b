"""What a holder asks of the organisation: the present name on a certificate, or another look at a decision."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.life_cycle import IN_FORCE
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from lms.accounts.models import Membership, Person, PersonState
from lms.accounts.people import get_person
from lms.audit.operations import record
from lms.errors import Conflict, Invalid, NotFound
from lms.mail.operations import send_mail
from lms.organisations.roles import Role

LONGEST_APPEAL = 2000  # characters


def ask_for_present_name(
    session: Session, *, certificate_id: str, person_id: UUID, base_url: str, at: datetime
) -> None:
    """Ask the managers to issue a certificate in the name that the holder's account has now.

    Raises NotFound for somebody else's, Conflict when the certificate says that name or is not in force.
    """
    certificate = _get_own(session, certificate_id, person_id)
    person = get_person(session, person_id=person_id)
    if certificate.state not in IN_FORCE:
        raise Conflict(_("This certificate is not in force any more, so it is not issued in another name."))
    if person.name == certificate.holder_name:
        raise Conflict(_("The certificate says your present name already. Change the name of your account first."))
    _write_to_managers(
        session,
        person,
        certificate,
        subject=_("A certificate in another name"),
        asks=_(
            "asks for a certificate in the present name. It says “%(old)s”, the account says “%(new)s”.",
            old=certificate.holder_name,
            new=person.name,
        ),
        base_url=base_url,
        at=at,
    )
    _record(session, certificate, "certificate.name-asked-for", at)


def appeal(session: Session, *, certificate_id: str, text: str, person_id: UUID, base_url: str, at: datetime) -> None:
    """Say that a decision on one's certificate is wrong; every manager gets it by mail.

    Raises NotFound for somebody else's, Invalid for no text or more than 2,000 characters.
    """
    certificate = _get_own(session, certificate_id, person_id)
    said = text.strip()
    if not said:
        raise Invalid(_("Say what you think is wrong."))
    if len(said) > LONGEST_APPEAL:
        raise Invalid(_("This is too long: at most %(most)s characters are kept.", most=LONGEST_APPEAL))
    _write_to_managers(
        session,
        get_person(session, person_id=person_id),
        certificate,
        subject=_("An appeal about a certificate"),
        asks=_("asks you to look again at a decision:\n\n%(text)s", text=said),
        base_url=base_url,
        at=at,
    )
    _record(session, certificate, "certificate.appealed", at)


def _get_own(session: Session, certificate_id: str, person_id: UUID) -> Certificate:
    certificate = session.get(Certificate, certificate_id, populate_existing=True)
    if certificate is None or certificate.person_id != person_id or certificate.state is CertificateState.ERASED:
        raise NotFound(_("There is no such certificate among yours."))
    return certificate


def _write_to_managers(
    session: Session,
    person: Person,
    certificate: Certificate,
    *,
    subject: str,
    asks: str,
    base_url: str,
    at: datetime,
) -> None:
    """To each manager but the holder, with the address at which the holder is answered."""
    managers = session.scalars(
        select(Person)
        .where(
            Person.state == PersonState.ACTIVE,
            Person.id != person.id,
            Person.id.in_(select(Membership.person_id).where(Membership.role.in_((Role.MANAGER, Role.OPERATOR)))),
        )
        .order_by(Person.id)
    )
    for manager in managers:
        assert manager.email is not None  # of an active person
        body = _(
            "Hello %(manager)s,\n\n%(name)s (%(email)s) %(asks)s\n\nThe certificate: %(page)s\n",
            manager=manager.name,
            name=person.name,
            email=person.email,
            asks=asks,
            page=f"{base_url}/manage/certificates/{certificate.id}",
        )
        send_mail(session, to_name=manager.name, to=manager.email, subject=subject, body=body, at=at)


def _record(session: Session, certificate: Certificate, action: str, at: datetime) -> None:
    person_id = certificate.person_id
    record(session, action=action, actor=person_id, subject_id=person_id, at=at, certificate=certificate.id)
