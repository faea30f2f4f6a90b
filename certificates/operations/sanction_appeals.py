"""Appeals against sanctions: the person says what is wrong, and somebody else than before decides."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from certificates.models.sanctions import AppealState, Sanction, SanctionAppeal
from certificates.operations.quality_letters import tell_of_appeal, tell_of_rejection
from certificates.operations.sanctions import Decider, lift_sanction
from certificates.operations.state_changes import checked_reason
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Gone, Invalid, NotAllowed, NotFound

LONGEST_GROUNDS = 2000  # characters
TIME_TO_APPEAL = timedelta(days=30)


def make_appeal(
    session: Session, *, sanction_id: UUID, person_id: UUID, grounds: str, base_url: str, at: datetime
) -> UUID:
    """Say what is wrong with a sanction, and return the id of the appeal; the managers are told.

    Raises NotFound for somebody else's, Invalid without grounds or with more than 2,000 characters of them, Gone after
    30 days, Conflict when it was appealed against before or is lifted.
    """
    sanction = session.get(Sanction, sanction_id, populate_existing=True)
    if sanction is None or sanction.person_id != person_id:
        raise NotFound(_("There is no such suspension."))
    said = _checked_grounds(grounds)
    if sanction.lifted_at is not None:
        raise Conflict(_("This suspension is lifted, so there is nothing to appeal against."))
    if at > sanction.imposed_at + TIME_TO_APPEAL:
        raise Gone(_("The 30 days for an appeal are over. Write to the organisation if you learnt something new."))
    appeal_id = session.execute(
        insert_into(session, SanctionAppeal)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            sanction_id=sanction_id,
            person_id=person_id,
            imposed_by=sanction.imposed_by,
            grounds=said,
            state=AppealState.OPEN,
            made_at=at,
        )
        .on_conflict_do_nothing()
        .returning(SanctionAppeal.id)
    ).scalar_one_or_none()
    if appeal_id is None:
        raise Conflict(_("You have appealed against this suspension already."))
    record(session, action="sanction.appealed", actor=person_id, subject_id=person_id, at=at, sanction=str(sanction_id))
    tell_of_appeal(
        session, sanction_id=sanction_id, person_id=person_id, not_to=sanction.imposed_by, base_url=base_url, at=at
    )
    return appeal_id


def decide_appeal(
    session: Session,
    *,
    appeal_id: UUID,
    decision: AppealState,
    reason: str,
    person_id: UUID,
    base_url: str,
    at: datetime,
) -> None:
    """Uphold an appeal, which lifts the sanction, or reject it.

    Raises NotFound, Invalid without a decision or a reason, NotAllowed for the person concerned and for whoever imposed
    the sanction, Conflict when it was decided on already.
    """
    appeal = session.get(SanctionAppeal, appeal_id, populate_existing=True)
    if appeal is None:
        raise NotFound(_("There is no such appeal."))
    if decision not in (AppealState.UPHELD, AppealState.REJECTED):
        raise Invalid(_("Choose whether the appeal is upheld or rejected."))
    said = checked_reason(reason)
    if person_id == appeal.person_id:
        raise NotAllowed(_("Somebody else decides about your own work."))
    if person_id == appeal.imposed_by:
        raise NotAllowed(_("A second person decides: you imposed the suspension yourself."))
    decided = session.execute(
        update(SanctionAppeal)
        .where(SanctionAppeal.id == appeal_id, SanctionAppeal.state == AppealState.OPEN)
        .values(state=decision, decided_by=person_id, decided_at=at, reason=said)
        .returning(SanctionAppeal.sanction_id)
    ).scalar_one_or_none()
    if decided is None:
        raise Conflict(_("Somebody decided on this appeal already."))
    record(
        session,
        action=f"sanction.appeal-{decision.value}",
        actor=person_id,
        subject_id=appeal.person_id,
        at=at,
        sanction=str(decided),
        reason=said,
    )
    if decision is AppealState.UPHELD:
        lift_sanction(session, sanction_id=decided, reason=said, by=Decider(person_id), base_url=base_url, at=at)
    else:
        tell_of_rejection(session, person_id=appeal.person_id, reason=said, base_url=base_url, at=at)


def _checked_grounds(grounds: str) -> str:
    said = grounds.strip()
    if not said:
        raise Invalid(_("Say what you think is wrong."))
    if len(said) > LONGEST_GROUNDS:
        raise Invalid(_("This is too long: at most %(most)s characters are kept.", most=LONGEST_GROUNDS))
    return said
