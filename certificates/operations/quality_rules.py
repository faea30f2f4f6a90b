"""Setting what a tier expects of the work in it."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from certificates.domain.outcomes import MOST_A_DAY
from certificates.domain.quality_watch import can_be_tested
from certificates.models.work_quality import QualityRule
from certificates.queries.quality_rules import get_rule
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Invalid

HIGHEST_BOUND = 100_000


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a tier is to expect: see `certificates.models.work_quality.QualityRule`."""

    skill: str | None = None
    floor: Fraction | None = None
    most_a_day: int = MOST_A_DAY
    extension_tasks: int | None = None


def set_quality_rule(session: Session, *, tier: str, draft: RuleDraft, by: UUID | None, at: datetime) -> None:
    """Set the rule of a tier, by its slug; what was counted against another floor begins anew.

    Raises NotFound, Invalid for a floor that cannot be watched, or an extension without a floor.
    """
    _check(draft)
    found, before = get_rule(session, tier)
    values = {
        "skill": draft.skill,
        "floor": draft.floor,
        "most_a_day": draft.most_a_day,
        "extension_tasks": draft.extension_tasks,
        "set_by": by,
        "set_at": at,
    }
    setting = insert_into(session, QualityRule).values(
        id=uuid4(), organisation_id=organisation_of(session), tier_id=found.id, **values
    )
    session.execute(setting.on_conflict_do_update(index_elements=["organisation_id", "tier_id"], set_=values))
    record(
        session,
        action="quality.rule-set",
        actor=by or "command",
        subject_id=found.id,
        at=at,
        tier=tier,
        skill=draft.skill,
        floor=str(draft.floor) if draft.floor is not None else None,
        floor_before=str(before.floor) if before is not None and before.floor is not None else None,
        most_a_day=draft.most_a_day,
        extension_tasks=draft.extension_tasks,
    )


def _check(draft: RuleDraft) -> None:
    if draft.floor is not None and not can_be_tested(draft.floor):
        raise Invalid(_("A floor lies from 5 % to 99 %: beyond that, no test can tell chance from a drop."))
    if not 1 <= draft.most_a_day <= HIGHEST_BOUND:
        raise Invalid(_("The bound is from 1 to %(most)s outcomes a day.", most=HIGHEST_BOUND))
    if draft.extension_tasks is not None and draft.floor is None:
        raise Invalid(_("Work can extend a certificate only where there is a floor to stay above."))
    if draft.extension_tasks is not None and draft.extension_tasks < 1:
        raise Invalid(_("An extension takes one task at least."))
