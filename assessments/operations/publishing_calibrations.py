"""Publishing calibrations: what their file says holds for rounds that begin from now on."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.calibration import Standard
from assessments.models.calibration import Calibration
from lms.db.scope import organisation_of


def publish_calibration(
    session: Session, *, slug: str, title: str, summary: str, standard: Standard, items: Sequence[str]
) -> bool:
    """Make these the current terms of a calibration; False when they are already."""
    said = {
        "title": title,
        "summary": summary,
        "agreement": standard.agreement,
        "window": standard.window,
        "items": list(items),
        "is_retired": False,
    }
    calibration = _find(session, slug)
    if calibration is None:
        session.add(Calibration(organisation_id=organisation_of(session), slug=slug, **said))
        session.flush()
        return True
    is_new = any(getattr(calibration, name) != value for name, value in said.items())
    for name, value in said.items() if is_new else ():
        setattr(calibration, name, value)
    session.flush()
    return is_new


def retire_calibration(session: Session, *, slug: str) -> bool:
    """Let no new round begin; False when there is no such calibration in use."""
    calibration = _find(session, slug)
    if calibration is None or calibration.is_retired:
        return False
    calibration.is_retired = True
    session.flush()
    return True


def _find(session: Session, slug: str) -> Calibration | None:
    return session.scalars(select(Calibration).where(Calibration.slug == slug)).one_or_none()
