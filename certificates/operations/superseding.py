"""Superseding: a newer certificate of the same person for the same achievement takes the place of the older one."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.adapters.signing import Signing
from certificates.domain.life_cycle import IN_FORCE
from certificates.domain.standing import CertificateState
from certificates.models.achievements import AchievementVersion
from certificates.models.certificates import Certificate
from certificates.operations.state_changes import change_state


def supersede_older(session: Session, *, certificate_id: str, signing: Signing, at: datetime) -> Sequence[str]:
    """Let a certificate that was just issued take the place of those before it; returns their ids.

    An older one whose time is over stays as it is: it expired, and nothing took its place in time.
    """
    achievement = (
        select(AchievementVersion.achievement_id)
        .join(Certificate, Certificate.achievement_version_id == AchievementVersion.id)
        .where(Certificate.id == certificate_id)
        .scalar_subquery()
    )
    holder = select(Certificate.person_id).where(Certificate.id == certificate_id).scalar_subquery()
    older = session.scalars(
        select(Certificate.id)
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .where(
            AchievementVersion.achievement_id == achievement,
            Certificate.person_id == holder,
            Certificate.id != certificate_id,
            Certificate.state.in_(IN_FORCE),
            Certificate.valid_until > at,
        )
        .order_by(Certificate.id)
        .with_for_update(of=Certificate)  # all of them before the log is held: whoever holds one may wait for the log
    ).all()
    for one in older:
        change_state(
            session,
            certificate_id=one,
            to=CertificateState.SUPERSEDED,
            reason=_("A new test renewed it: the certificate %(id)s.", id=certificate_id),
            actor_id=None,
            signing=signing,
            at=at,
            source="release",
        )
    return older
