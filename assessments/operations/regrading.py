"""Regrading: a repair of a key is proposed, foreseen in a dry run, and committed by a second person."""

from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assessments.domain.regrade_tally import Tally
from assessments.models.items import AnswerKey
from assessments.models.regrades import Regrade, RegradeState
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.outbox.operations import post

TOPIC = "regrade.run"
LONGEST_REASON = 1000  # characters
_WAITS = "A regrade of this key is proposed already. Decide on that one first."


def propose_regrade(
    session: Session, *, old_key_id: UUID, new_key_id: UUID | None, reason: str, person_id: UUID, at: datetime
) -> UUID:
    """Propose that what was scored with one key be scored with another, or (None) that the question be dropped.

    The worker then foresees what would change. Raises NotFound for a key that is not there, Invalid without a reason or
    for a key of another version, Conflict when such a proposal waits already, or the question was dropped.
    """
    old_key = session.get(AnswerKey, old_key_id)
    if old_key is None:
        raise NotFound("There is no such key.")
    said = _said(reason, _("Say in plain words what was wrong: everybody whose score changes reads it."))
    _check_new_key(session, old_key, new_key_id)
    _refuse_repaired(session, old_key)
    regrade = Regrade(
        id=uuid4(),
        organisation_id=organisation_of(session),
        item_version_id=old_key.item_version_id,
        old_key_id=old_key_id,
        new_key_id=new_key_id,
        state=RegradeState.PROPOSED,
        reason=said,
        proposed_by=person_id,
        proposed_at=at,
        seen=0,
        tally=Tally().as_json(),
    )
    try:
        with session.begin_nested():
            session.add(regrade)
    except IntegrityError as error:  # somebody else's proposal for the same key was faster
        raise Conflict(_WAITS) from error
    ask_for_run(session, regrade.id, at=at)
    record(
        session,
        action="regrade.proposed",
        actor=person_id,
        subject_id=regrade.id,
        at=at,
        old_key=str(old_key_id),
        new_key=new_key_id and str(new_key_id),
        reason=said,
    )
    return regrade.id


def foresee_again(session: Session, *, regrade_id: UUID, at: datetime) -> None:
    """Have the dry run of a proposal made anew. Raises Conflict when it is not a proposal, or is being foreseen."""
    begun = session.execute(
        update(Regrade)
        .where(Regrade.id == regrade_id, Regrade.state == RegradeState.PROPOSED, Regrade.finished_at.is_not(None))
        .values(cursor=None, seen=0, tally=Tally().as_json(), finished_at=None)
        .returning(Regrade.id)
    ).scalar_one_or_none()
    if begun is None:
        raise Conflict("The dry run is under way, or somebody decided on this regrade already.")
    ask_for_run(session, regrade_id, at=at)


def withdraw_regrade(session: Session, *, regrade_id: UUID, person_id: UUID, at: datetime) -> None:
    """Take a proposal back. Raises Conflict when it was decided on already."""
    withdrawn = session.execute(
        update(Regrade)
        .where(Regrade.id == regrade_id, Regrade.state == RegradeState.PROPOSED)
        .values(state=RegradeState.WITHDRAWN, withdrawn_by=person_id, withdrawn_at=at)
        .returning(Regrade.id)
    ).scalar_one_or_none()
    if withdrawn is None:
        raise Conflict("Somebody decided on this regrade already.")
    record(session, action="regrade.withdrawn", actor=person_id, subject_id=regrade_id, at=at)


def commit_regrade(session: Session, *, regrade_id: UUID, note: str, person_id: UUID, at: datetime) -> None:
    """Commit a proposal that somebody else made: from now on it counts, and the worker carries it out.

    Raises NotFound, Invalid without a note, NotAllowed for whoever proposed it; Conflict when it was decided on, while
    its dry run is under way, or while another regrade is being carried out.
    """
    regrade = session.get(Regrade, regrade_id, populate_existing=True)
    if regrade is None:
        raise NotFound("There is no such regrade.")
    said = _said(note, _("Say why it is right to change these results; it is kept."))
    if regrade.proposed_by == person_id:
        raise NotAllowed("A second person decides: you proposed this regrade yourself.")
    if regrade.state is RegradeState.PROPOSED and regrade.finished_at is None:
        raise Conflict("The dry run is still under way. Look at what would change, then decide.")
    number = select(func.coalesce(func.max(Regrade.commit_number), 0) + 1).scalar_subquery()
    try:
        with session.begin_nested():
            committed = session.execute(
                update(Regrade)
                .where(Regrade.id == regrade_id, Regrade.state == RegradeState.PROPOSED)
                .values(
                    state=RegradeState.COMMITTED,
                    commit_number=number,
                    approved_by=person_id,
                    approval_note=said,
                    committed_at=at,
                    cursor=None,
                    seen=0,
                    tally=Tally().as_json(),
                    finished_at=None,
                )
                .returning(Regrade.id),
                execution_options={"synchronize_session": False},
            ).scalar_one_or_none()
    except IntegrityError as error:  # of two that are carried out at once the database takes one
        raise Conflict("Another regrade is being carried out. Wait until it is through.") from error
    if committed is None:
        raise Conflict("Somebody decided on this regrade already.")
    ask_for_run(session, regrade_id, at=at)
    record(session, action="regrade.committed", actor=person_id, subject_id=regrade_id, at=at, note=said)


def ask_for_run(session: Session, regrade_id: UUID, *, at: datetime, due_at: datetime | None = None) -> None:
    """Have the worker go through the affected attempts."""
    post(session, topic=TOPIC, payload={"regrade_id": str(regrade_id)}, at=at, due_at=due_at)


def _said(text: str, otherwise: str) -> str:
    said = text.strip()
    if not said:
        raise Invalid(otherwise)
    if len(said) > LONGEST_REASON:
        raise Invalid(_("At most %(most)s characters are kept.", most=LONGEST_REASON))
    return said


def _check_new_key(session: Session, old_key: AnswerKey, new_key_id: UUID | None) -> None:
    if new_key_id is None:
        return
    new_key = session.get(AnswerKey, new_key_id)
    if new_key is None or new_key.item_version_id != old_key.item_version_id or new_key_id == old_key.id:
        raise Invalid(_("Choose another key of the same version, or to drop the question."))


def _refuse_repaired(session: Session, old_key: AnswerKey) -> None:
    """One proposal a key at a time, and none for what was dropped."""
    rows = session.execute(
        select(Regrade.state, Regrade.new_key_id).where(
            Regrade.old_key_id == old_key.id, Regrade.state != RegradeState.WITHDRAWN
        )
    ).all()
    if any(state is RegradeState.PROPOSED for state, _new in rows):
        raise Conflict(_WAITS)
    if any(new_key_id is None for _state, new_key_id in rows):
        raise Conflict("This question was dropped; nobody is scored by it any more.")
