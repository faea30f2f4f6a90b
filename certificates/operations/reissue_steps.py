"""The steps of a run: each certificate gets a new credential asked for, or is refused with the reason."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session, aliased

from certificates.domain.standing import CertificateState
from certificates.domain.validity import validity
from certificates.models.achievements import AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.credentials import Cause, Credential
from certificates.models.reissues import ReissueRun, ReissueStep, RunKind, StepState
from certificates.operations.credentials import ask_for_credential
from certificates.operations.expiring import watch_expiry
from certificates.operations.standings import ask_to_follow
from certificates.queries.designs import current_design_version_id
from lms.accounts.models import Person
from lms.audit.operations import record
from lms.mail.operations import send_mail

CAUSES = {RunKind.KEYS: Cause.KEYS, RunKind.DESIGN: Cause.DESIGN, RunKind.RENEW: Cause.RENEWED}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A certificate whose turn it is, and what the decision about it depends on."""

    certificate: Certificate
    achievement: str
    months: int | None  # for which the achievement is valid now; None when it is not offered any more
    person: Person
    design_version_id: UUID | None  # of the current credential
    intended_at: datetime | None  # likewise


def go_through(session: Session, *, run: ReissueRun, base_url: str, at: datetime, limit: int) -> None:
    """Decide on the next certificates of a run that the caller holds, and do what was decided."""
    noted_at = at.replace(microsecond=0)  # to the second, as what follows is: credentials are not begun before that
    design = current_design_version_id(session) if run.kind is RunKind.DESIGN else None
    refused: dict[str, list[str]] = defaultdict(list)
    accepted: list[Waiting] = []
    for waiting in _take(session, run.id, limit):
        reason = _refusal(run, waiting, design, at)
        if reason is None:
            accepted.append(waiting)
        else:
            refused[reason].append(waiting.certificate.id)
    for reason, ids in refused.items():
        _note(session, run.id, ids, state=StepState.REFUSED, refusal=reason, done_at=noted_at)
    noted = _note(session, run.id, [one.certificate.id for one in accepted], state=StepState.DONE, done_at=noted_at)
    with session.no_autoflush:  # what is written goes out together at the end, and not once for each certificate
        for waiting in accepted:
            if waiting.certificate.id in noted:
                _do(session, run, waiting, base_url, at)
    session.flush()


def _take(session: Session, run_id: UUID, limit: int) -> list[Waiting]:
    """The next certificates, held until the commit; one that somebody is changing right now has its turn later."""
    # Picked first: the join below would otherwise go through all that wait to find the next few.
    ids = session.scalars(
        select(ReissueStep.certificate_id)
        .where(ReissueStep.run_id == run_id, ReissueStep.state == StepState.WAITING)
        .limit(limit)
    ).all()
    own, now = aliased(AchievementVersion), aliased(AchievementVersion)
    rows: Any = session.execute(
        select(
            Certificate,
            own.name,
            now.validity_months,
            Person,
            Credential.design_version_id,
            Credential.intended_at,
        )
        .join(own, own.id == Certificate.achievement_version_id)
        .outerjoin(now, and_(now.achievement_id == own.achievement_id, now.is_current))
        .join(Person, Person.id == Certificate.person_id)
        .outerjoin(Credential, and_(Credential.certificate_id == Certificate.id, Credential.is_current))
        .where(Certificate.id.in_(ids))
        .order_by(Certificate.id)
        .with_for_update(of=Certificate, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return [Waiting(*row) for row in rows]


def _refusal(run: ReissueRun, waiting: Waiting, design: UUID | None, at: datetime) -> str | None:
    """Why nothing is done for a certificate; None when something is."""
    certificate = waiting.certificate
    withdrawn: dict[CertificateState, str] = {
        CertificateState.ERASED: _("The holder deleted the account."),
        CertificateState.REVOKED: _("It is revoked."),
        CertificateState.SUPERSEDED: _("A newer certificate took its place."),
    }
    if certificate.state in withdrawn:
        return withdrawn[certificate.state]
    if run.kind is RunKind.RENEW:
        return _refusal_to_renew(waiting, at)
    if run.kind is RunKind.DESIGN and waiting.design_version_id == design:
        return str(_("It is in the present design already."))
    if run.kind is RunKind.KEYS and waiting.intended_at is not None and waiting.intended_at >= run.started_at:
        return str(_("It was signed anew in the meantime."))
    return None


def _refusal_to_renew(waiting: Waiting, at: datetime) -> str | None:
    if waiting.certificate.state is CertificateState.SUSPENDED:
        return str(_("It is suspended. Reinstate it, then renew it."))
    if waiting.months is None:
        return str(_("What it certifies is not offered any more."))
    if validity(at, waiting.months).date() <= waiting.certificate.valid_until.date():
        return str(_("It is valid for as long already."))
    return None


def _note(session: Session, run_id: UUID, ids: Sequence[str], **values: Any) -> frozenset[str]:
    """Write down what became of steps that still wait; the certificates of those that did."""
    noted = session.scalars(
        update(ReissueStep)
        .where(
            ReissueStep.run_id == run_id,
            ReissueStep.certificate_id.in_(ids),
            ReissueStep.state == StepState.WAITING,
        )
        .values(**values)
        .returning(ReissueStep.certificate_id)
        .execution_options(synchronize_session=False)
    )
    return frozenset(noted)


def _do(session: Session, run: ReissueRun, waiting: Waiting, base_url: str, at: datetime) -> None:
    if run.kind is RunKind.RENEW:
        _renew(session, run, waiting, base_url, at)
    ask_for_credential(session, certificate_id=waiting.certificate.id, cause=CAUSES[run.kind], at=at)


def _renew(session: Session, run: ReissueRun, waiting: Waiting, base_url: str, at: datetime) -> None:
    certificate, before = waiting.certificate, waiting.certificate.valid_until
    assert waiting.months is not None, "a certificate without months is refused"
    certificate.valid_until = validity(at, waiting.months)
    watch_expiry(session, certificate_id=certificate.id, valid_until=certificate.valid_until, at=at)
    ask_to_follow(session, person_id=certificate.person_id, at=at)
    record(
        session,
        action="certificate.renewed",
        actor=run.started_by or "run",
        subject_id=certificate.person_id,
        at=at,
        certificate=certificate.id,
        run=str(run.id),
        before=before.isoformat(),
        until=certificate.valid_until.isoformat(),
    )
    if waiting.person.email is None:
        return
    until = format_date(certificate.valid_until.date(), "d MMMM y", locale=get_locale() or "en")
    send_mail(
        session,
        to_name=waiting.person.name,
        to=waiting.person.email,
        subject=_("Your certificate is renewed: %(achievement)s", achievement=waiting.achievement),
        body=_letter(waiting, until, run.reason, f"{base_url}/certificates/{certificate.id}/"),
        at=at,
    )


def _letter(waiting: Waiting, until: str, reason: str, address: str) -> str:
    text: str = _(
        "Hello %(name)s,\n\n"
        "your certificate \u201c%(achievement)s\u201d is renewed: it is valid until %(until)s now.\n\n"
        "The reason: %(reason)s\n\n"
        "You do not have to do anything. Its address and its QR code stay the same; a new PDF is being prepared, and "
        "you find it here:\n\n"
        "%(address)s\n",
        name=waiting.person.name,
        achievement=waiting.achievement,
        until=until,
        reason=reason,
        address=address,
    )
    return text
