"""Notices: the managers of an organisation are written to when one of its endpoints is disabled by itself."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import Membership, Person, PersonState
from lms.mail.operations import send_mail
from lms.organisations.roles import Role


def tell_managers(session: Session, *, endpoint_id: UUID, url: str, reason: str, base_url: str, at: datetime) -> None:
    """Write to every manager of the session's organisation that nothing is sent to this endpoint any more."""
    page = f"{base_url}/manage/webhooks/{endpoint_id}"
    managers = session.execute(
        select(Person.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == Role.MANAGER, Person.state == PersonState.ACTIVE)
        .order_by(Person.id)
    ).all()
    for name, email in managers:
        letter = _letter(name, url, reason, page)
        send_mail(session, to_name=name, to=email or "", subject=_("A webhook is disabled"), body=letter, at=at)


def _letter(name: str, url: str, reason: str, page: str) -> str:
    text: str = _(
        "Hello %(name)s,\n\n"
        "nothing is sent to this webhook any more:\n\n%(url)s\n\n"
        "The reason: %(reason)s\n\n"
        "What happens meanwhile waits for it. Once the receiver works again, enable the webhook here, and see there "
        "what every try came to:\n\n%(page)s\n",
        name=name,
        url=url,
        reason=reason,
        page=page,
    )
    return text
