"""Names on certificates: a holder asks for the present one, and a manager has the certificate issued in it."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from certificates.adapters.signing import Signing
from certificates.domain.life_cycle import IN_FORCE
from certificates.models.certificates import Certificate
from certificates.models.credentials import Cause
from certificates.operations.credentials import ask_for_credential
from certificates.operations.revoking import get_foreign
from certificates.operations.state_changes import checked_reason
from certificates.operations.state_letters import send_letter
from lms.accounts.people import get_person
from lms.audit.operations import record
from lms.errors import Conflict


def issue_in_present_name(
    session: Session, *, certificate_id: str, reason: str, person_id: UUID, signing: Signing, at: datetime
) -> None:
    """Put the name of the account on a certificate, and have it signed anew under its id; the holder gets a letter.

    Raises NotFound, NotAllowed for the holder, Invalid without a reason, Conflict when the certificate says that name
    already or is not in force.
    """
    certificate = get_foreign(session, certificate_id=certificate_id, person_id=person_id)
    said = checked_reason(reason)
    old, new = certificate.holder_name, get_person(session, person_id=certificate.person_id).name
    if new == old:
        raise Conflict(_("The certificate says the name of the account already."))
    renamed = session.execute(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.state.in_(IN_FORCE), Certificate.holder_name == old)
        .values(holder_name=new)
        .returning(Certificate.id)
    ).scalar_one_or_none()
    if renamed is None:
        raise Conflict(_("This certificate is not in force any more, so it is not issued in another name."))
    ask_for_credential(session, certificate_id=certificate_id, cause=Cause.NAME, at=at)
    record(
        session,
        action="certificate.renamed",
        actor=person_id,
        subject_id=certificate.person_id,
        at=at,
        certificate=certificate_id,
        reason=said,
    )
    send_letter(
        session,
        certificate,
        subject=_("Your certificate says your present name"),
        meaning=_("your certificate now says “%(name)s”. A file that you downloaded before is outdated.", name=new),
        reason=said,
        base_url=signing.base_url,
        at=at,
    )
