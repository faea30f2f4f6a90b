"""Runs over many certificates: started by one statement, carried on batch by batch, stopped and resumed by people."""

from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session

from certificates.models.certificates import Certificate
from certificates.models.reissues import ReissueRun, ReissueStep, RunKind, RunState, StepState
from certificates.operations.reissue_steps import go_through
from certificates.queries.reissues import Selection, find_running, select_certificates
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid, NotFound
from lms.organisations.models import Organisation
from lms.outbox.operations import post

RUN_TOPIC = "certificate.run"
BATCH = 50  # certificates a transaction: what is due beside them never waits for more
LONGEST_REASON = 500  # characters
OPERATOR = "assay certificates reissue"  # the actor in the audit where no person is


def start_run(session: Session, *, selection: Selection, reason: str, actor_id: UUID | None, at: datetime) -> UUID:
    """Note every certificate that the selection takes, leave them to the worker, and return the id of the run.

    Raises Invalid without a reason (a single certificate is renewed without one) or when no certificate is taken,
    Conflict while another run of the kind is under way.
    """
    said = _checked_reason(reason, selection)
    _take_turns(session)
    _refuse_second(session, selection.kind)
    run = ReissueRun(
        id=uuid4(),
        organisation_id=organisation_of(session),
        kind=selection.kind,
        state=RunState.RUNNING,
        reason=said,
        total=0,
        started_by=actor_id,
        started_at=at,
    )
    session.add(run)
    session.flush()
    run.total = _add_steps(session, run, selection, at)
    if not run.total:
        raise Invalid(_("No certificate is like that, so there is nothing to do."))
    record(
        session,
        action="certificates.run-started",
        actor=actor_id or OPERATOR,
        at=at,
        run=str(run.id),
        kind=run.kind.value,
        reason=said,
        total=run.total,
        achievement=selection.achievement,
        key=selection.key_id,
    )
    _leave_to_worker(session, run.id, at)
    session.flush()
    return run.id


def carry_on(session: Session, *, run_id: UUID, base_url: str, at: datetime, limit: int = BATCH) -> bool:
    """Go through the next certificates of a run; True while some wait. The last batch ends the run.

    Whoever holds the run's row does the next batch, so that workers take turns and no certificate is taken twice.
    What is asked for and what is noted are one transaction: a crash loses both or neither.
    """
    run = _hold(session, run_id)
    if run is None or run.state is not RunState.RUNNING:
        return False
    go_through(session, run=run, base_url=base_url, at=at, limit=limit)
    still = select(ReissueStep.run_id).where(ReissueStep.run_id == run_id, ReissueStep.state == StepState.WAITING)
    if session.scalars(still.limit(1)).first() is not None:
        return True
    run.state, run.ended_at = RunState.DONE, at
    record(session, action="certificates.run-done", actor="worker", at=at, run=str(run_id))
    session.flush()
    return False


def stop_run(session: Session, *, run_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    """Stop a run after the batch that is in work; what is done stays. Raises NotFound, Conflict when it is over."""
    run = _get_held(session, run_id)
    if run.state is not RunState.RUNNING:
        raise Conflict(_("The run is not under way, so there is nothing to stop."))
    run.state, run.ended_at = RunState.STOPPED, at
    record(session, action="certificates.run-stopped", actor=actor_id or OPERATOR, at=at, run=str(run_id))
    session.flush()


def resume_run(session: Session, *, run_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    """Go on with a run that was stopped.

    Raises NotFound, Conflict when it was not stopped or while another run of the kind is under way.
    """
    _take_turns(session)
    run = _get_held(session, run_id)
    if run.state is not RunState.STOPPED:
        raise Conflict(_("Only a run that was stopped can be resumed."))
    _refuse_second(session, run.kind)
    run.state, run.ended_at = RunState.RUNNING, None
    record(session, action="certificates.run-resumed", actor=actor_id or OPERATOR, at=at, run=str(run_id))
    _leave_to_worker(session, run_id, at)
    session.flush()


def _add_steps(session: Session, run: ReissueRun, selection: Selection, at: datetime) -> int:
    """Two statements, however many certificates there are; returns how many."""
    chosen = select_certificates(session, selection, at=at).with_only_columns(
        literal(run.id, ReissueStep.run_id.type),
        Certificate.id,
        literal(StepState.WAITING, ReissueStep.state.type),
        literal(run.organisation_id, ReissueStep.organisation_id.type),
    )
    columns = ["run_id", "certificate_id", "state", "organisation_id"]
    session.execute(insert(ReissueStep).from_select(columns, chosen))
    # Counted: not every driver tells how many rows such an INSERT made.
    return session.scalars(select(func.count()).select_from(ReissueStep).where(ReissueStep.run_id == run.id)).one()


def _checked_reason(reason: str, selection: Selection) -> str:
    said = reason.strip()
    if not said and selection.kind is RunKind.RENEW and selection.certificate_id is not None:
        return str(_("The organisation renewed this certificate."))
    if not said:
        raise Invalid(_("Give the reason of the run; it is kept, and holders of renewed certificates read it."))
    if len(said) > LONGEST_REASON:
        raise Invalid(_("The reason is too long: at most %(most)s characters are kept.", most=LONGEST_REASON))
    return said


def _take_turns(session: Session) -> None:
    """Of two who start at once, the second finds the first one's run: the organisation's row is held meanwhile."""
    session.execute(
        select(Organisation.id).where(Organisation.id == organisation_of(session)).with_for_update(key_share=True)
    )


def _refuse_second(session: Session, kind: RunKind) -> None:
    if find_running(session, kind) is not None:
        raise Conflict(_("A run of this kind is under way. Wait for its end, or stop it."))


def _hold(session: Session, run_id: UUID) -> ReissueRun | None:
    held = select(ReissueRun).where(ReissueRun.id == run_id).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def _get_held(session: Session, run_id: UUID) -> ReissueRun:
    run = _hold(session, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    return run


def _leave_to_worker(session: Session, run_id: UUID, at: datetime) -> None:
    post(session, topic=RUN_TOPIC, payload={"run_id": str(run_id)}, at=at)
