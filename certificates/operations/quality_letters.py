"""Letters about the quality of work: to the person whose work it is, and to those who decide."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.models.tiers import Tier
from lms.accounts.models import Membership, Person, PersonState
from lms.db.scope import organisation_of
from lms.mail.operations import send_mail
from lms.organisations.models import Organisation
from lms.organisations.roles import Role


def tell_of_proposal(
    session: Session, *, proposal_id: UUID, person_id: UUID, tier: Tier, base_url: str, at: datetime
) -> None:
    """Nothing is decided yet: the worker learns what is being looked at, the managers that somebody has to look."""
    _write_to_worker(
        session,
        person_id,
        subject=_("Somebody looks at your work in the tier %(tier)s", tier=tier.title),
        meaning=_(
            "your answers in the tier “%(tier)s” were right less often of late than the tier asks for. Nothing is "
            "closed to you: a person looks at the figures now and decides; you see the same figures.",
            tier=tier.title,
        ),
        page=f"{base_url}/me/quality/",
        at=at,
    )
    _write_to_managers(
        session,
        not_to={person_id},
        subject=_("A suspension is proposed: %(tier)s", tier=tier.title),
        meaning=_(
            "the work of somebody in the tier “%(tier)s” fell below its floor. The figures only propose: please look "
            "at the evidence, and confirm or dismiss the suspension with a reason.",
            tier=tier.title,
        ),
        page=f"{base_url}/manage/quality/proposals/{proposal_id}",
        at=at,
    )


def tell_of_dismissal(
    session: Session, *, person_id: UUID, tier: Tier, reason: str, base_url: str, at: datetime
) -> None:
    """It stays open."""
    _write_to_worker(
        session,
        person_id,
        subject=_("The tier %(tier)s stays open to you", tier=tier.title),
        meaning=_("somebody looked at your work in the tier “%(tier)s” and leaves it open to you.", tier=tier.title),
        page=f"{base_url}/me/quality/",
        reason=reason,
        at=at,
    )


def tell_of_sanction(
    session: Session,
    *,
    sanction_id: UUID,
    person_id: UUID,
    tier: Tier | None,
    reason: str,
    base_url: str,
    at: datetime,
) -> None:
    """With the way to appeal."""
    _write_to_worker(
        session,
        person_id,
        subject=_("You are suspended: %(what)s", what=_scope_of(session, tier)),
        meaning=_(
            "you may not work in %(what)s for now. Your certificates stay as they are. If you think that this is "
            "wrong, say so within 30 days on the page below: somebody else than the person who decided looks at it.",
            what=_scope_of(session, tier),
        ),
        page=f"{base_url}/me/quality/suspensions/{sanction_id}",
        reason=reason,
        at=at,
    )


def tell_of_lifting(
    session: Session, *, person_id: UUID, tier: Tier | None, reason: str, base_url: str, at: datetime
) -> None:
    """The suspension is over."""
    _write_to_worker(
        session,
        person_id,
        subject=_("Your suspension is lifted: %(what)s", what=_scope_of(session, tier)),
        meaning=_("your suspension from %(what)s is over from this moment.", what=_scope_of(session, tier)),
        page=f"{base_url}/me/quality/",
        reason=reason,
        at=at,
    )


def tell_of_appeal(
    session: Session, *, sanction_id: UUID, person_id: UUID, not_to: UUID | None, base_url: str, at: datetime
) -> None:
    """To everybody who may decide on it: whoever imposed the sanction may not."""
    _write_to_managers(
        session,
        not_to={person_id, not_to},
        subject=_("An appeal against a suspension"),
        meaning=_("somebody appeals against a suspension that another person imposed. Please decide on it."),
        page=f"{base_url}/manage/quality/suspensions/{sanction_id}",
        at=at,
    )


def tell_of_rejection(session: Session, *, person_id: UUID, reason: str, base_url: str, at: datetime) -> None:
    """The suspension stays."""
    _write_to_worker(
        session,
        person_id,
        subject=_("Your appeal was decided"),
        meaning=_("a second person looked at your suspension. It stays as it is."),
        page=f"{base_url}/me/quality/",
        reason=reason,
        at=at,
    )


def _scope_of(session: Session, tier: Tier | None) -> str:
    if tier is not None:
        return str(_("the tier “%(tier)s”", tier=tier.title))
    name = session.get_one(Organisation, organisation_of(session)).name
    return str(_("all tiers of %(organisation)s", organisation=name))


def _write_to_worker(
    session: Session,
    person_id: UUID,
    *,
    subject: str,
    meaning: str,
    page: str,
    at: datetime,
    reason: str | None = None,
) -> None:
    person = session.get_one(Person, person_id)
    if person.email is None:
        return
    said = _("The reason: %(reason)s", reason=reason) + "\n\n" if reason else ""
    body = _("Hello %(name)s,", name=person.name) + f"\n\n{meaning}\n\n{said}{page}\n"
    send_mail(session, to_name=person.name, to=person.email, subject=subject, body=body, at=at)


def _write_to_managers(
    session: Session, *, not_to: set[UUID | None], subject: str, meaning: str, page: str, at: datetime
) -> None:
    deciding = select(Membership.person_id).where(Membership.role.in_((Role.MANAGER, Role.OPERATOR)))
    managers = session.scalars(
        select(Person).where(Person.state == PersonState.ACTIVE, Person.id.in_(deciding)).order_by(Person.id)
    )
    for manager in managers:
        if manager.id not in not_to and manager.email is not None:
            body = _("Hello %(name)s,", name=manager.name) + f"\n\n{meaning}\n\n{page}\n"
            send_mail(session, to_name=manager.name, to=manager.email, subject=subject, body=body, at=at)
