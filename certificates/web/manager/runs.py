"""Runs over many certificates: how many it would be, starting, following, stopping and resuming them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.models.reissues import RunKind
from certificates.operations.reissuing import LONGEST_REASON, resume_run, start_run, stop_run
from certificates.queries.reissues import (
    Selection,
    count_certificates,
    count_progress,
    get_run,
    list_achievement_choices,
    list_key_choices,
    list_refused,
    list_runs,
)
from certificates.web.manager.blueprint import MANAGERS, certificates_manager
from lms import clock
from lms.errors import Conflict, Invalid
from lms.web.transactions import reading, transaction


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was sent. `seen` is the number of certificates that the page has told."""

    kind: str = ""
    achievement: str = ""
    key: str = ""
    reason: str = ""
    seen: str = ""

    def selection(self) -> Selection:
        """Raises Invalid when no kind was chosen."""
        if self.kind not in set(RunKind):
            raise Invalid(_("Choose what is to be done."))
        kind = RunKind(self.kind)
        return Selection(
            kind,
            achievement=self.achievement or None,
            key_id=(self.key or None) if kind is RunKind.KEYS else None,
        )


@certificates_manager.get("/runs/")
@MANAGERS
def runs() -> ResponseReturnValue:
    """The form for a new run, and the runs so far."""
    return _form(Typed(kind=request.args.get("kind", "")))


@certificates_manager.post("/runs/")
@MANAGERS
def start() -> ResponseReturnValue:
    """Tell how many certificates it would be; started is only what was told before."""
    typed = Typed(**{name: request.form.get(name, "").strip() for name in Typed.__dataclass_fields__})
    at = clock.now()
    try:
        selection = typed.selection()
        with reading() as session:
            count = count_certificates(session, selection, at=at)
        if request.form.get("do") != "start" or typed.seen != str(count):
            return _form(typed, count=count)
        run_id = _start(selection, typed.reason, at)
    except (Invalid, Conflict) as refusal:
        return _form(typed, message=str(refusal)), 422 if isinstance(refusal, Invalid) else 409
    return redirect(url_for(".run", run_id=run_id), 303)


@certificates_manager.get("/runs/<uuid:run_id>")
@MANAGERS
def run(run_id: UUID) -> ResponseReturnValue:
    """How far a run is, and what it refused; with `X-Fragment` that alone."""
    with reading() as session:
        return _page(session, run_id)


@certificates_manager.post("/runs/<uuid:run_id>")
@MANAGERS
def stop_or_resume(run_id: UUID) -> ResponseReturnValue:
    """Stop a run, or go on with one that was stopped."""
    wish = request.form.get("do")
    try:
        with transaction() as session:
            (resume_run if wish == "resume" else stop_run)(
                session, run_id=run_id, actor_id=current_user.id, at=clock.now()
            )
    except Conflict as refusal:
        flash(str(refusal), "warning")
    else:
        flash(
            _("The run goes on.") if wish == "resume" else _("The run is stopped. What is done stays done."), "success"
        )
    return redirect(url_for(".run", run_id=run_id), 303)


def _start(selection: Selection, reason: str, at: datetime) -> UUID:
    with transaction() as session:
        return start_run(session, selection=selection, reason=reason, actor_id=current_user.id, at=at)


def _page(session: Session, run_id: UUID) -> str:
    progress = count_progress(session, run_id)
    template = "run_progress" if "X-Fragment" in request.headers else "run"
    return render_template(
        f"certificates/manager/{template}.html",
        run=get_run(session, run_id),
        progress=progress,
        refused=list_refused(session, run_id) if progress.refused else [],
    )


def _form(typed: Typed, *, count: int | None = None, message: str = "") -> str:
    with reading() as session:
        return render_template(
            "certificates/manager/runs.html",
            typed=typed,
            count=count,
            message=message,
            runs=list_runs(session),
            achievements=list_achievement_choices(session),
            keys=list_key_choices(session),
            longest_reason=LONGEST_REASON,
        )
