"""The mail of an invitation: who invites, to what, and the link; the same whoever has an account."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lms.mail.operations import send_mail
from lms.organisations.roles import Role


def role_in_words(role: Role) -> str:
    """What somebody with this role does, as the end of a sentence."""
    words: dict[Role, str] = {
        Role.CANDIDATE: _("learn, sit tests and earn certificates"),
        Role.AUTHOR: _("write courses, items and tests"),
        Role.MARKER: _("mark what people have to judge"),
        Role.MANAGER: _("manage the organisation"),
        Role.AUDITOR: _("read everything and change nothing"),
        Role.OPERATOR: _("operate the installation"),
    }
    return words[role]


def mail_invitation(session: Session, *, sender: str, to: str, name: str, role: Role, link: str, at: datetime) -> None:
    """Send it once this transaction is committed."""
    hello = _("Hello %(name)s,", name=name) if name else _("Hello,")
    reason = _("%(sender)s invites you to %(role)s on Assay.", sender=sender, role=role_in_words(role))
    how = _("Open this link within 14 days. You see first what they would be able to see of you, and then decide:")
    rest = _("If you did not expect this, do nothing: without you nothing happens.")
    body = f"{hello}\n\n{reason}\n\n{how}\n\n{link}\n\n{rest}\n\nAssay\n"
    send_mail(session, to_name=name, to=to, subject=_("%(sender)s invites you", sender=sender), body=body, at=at)
