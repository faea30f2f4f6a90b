"""Inviting from a file: sent in, checked, confirmed, followed; its faults to take along."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock
from lms.accounts.web.blueprint import base_url
from lms.catalogue.kept_files import keep_file
from lms.errors import Invalid
from lms.members import importing
from lms.members.importing import IN_THE_WORKER, LARGEST_FILE, MOST_TOLD, get_import, list_imports, request_import
from lms.members.invitation_files import MOST_ROWS
from lms.members.models import ImportState
from lms.members.web.blueprint import MANAGERS, members
from lms.outbox.operations import NotYet
from lms.web.application import settings_of
from lms.web.csv_files import csv_answer
from lms.web.limits import limiter
from lms.web.transactions import database, reading, transaction
from lms.web.uploads import takes_upload

FOLDER = "invitation-imports"
_OVER = (ImportState.DONE, ImportState.REFUSED, ImportState.DROPPED)


@members.get("/manage/invitations/imports/")
@MANAGERS
def imports() -> ResponseReturnValue:
    return _form("")


@members.post("/manage/invitations/imports/")
@MANAGERS
@limiter.limit("30 per hour")
@takes_upload(LARGEST_FILE + 1_000_000)
def import_file() -> ResponseReturnValue:
    """Take a file in; a small one is checked at once, a large one by the worker. Nobody is invited yet."""
    folder, file = settings_of(current_app).data_dir / FOLDER, request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid(_("Choose a file."))
        file_hash, size = keep_file(file.stream, folder, most_bytes=LARGEST_FILE)
    except Invalid as refusal:
        return _form(str(refusal)), 422
    with transaction() as session:
        import_id = request_import(
            session, file_name=file.filename, file_hash=file_hash, person_id=current_user.id, at=clock.now()
        )
    if size < IN_THE_WORKER:
        _run_now(import_id)
    return redirect(url_for(".import_report", import_id=import_id), 303)


@members.get("/manage/invitations/imports/<uuid:import_id>")
@MANAGERS
def import_report(import_id: UUID) -> ResponseReturnValue:
    """How far it is and what was found; with `X-Fragment` the report alone."""
    with reading() as session:
        shown = get_import(session, import_id=import_id)
    template = "import_progress" if "X-Fragment" in request.headers else "import"
    return render_template(
        f"lms/members/{template}.html",
        shown=shown,
        is_resting=shown.state in (*_OVER, ImportState.CHECKED),
        most_told=MOST_TOLD,
    )


@members.post("/manage/invitations/imports/<uuid:import_id>")
@MANAGERS
def decide_on_import(import_id: UUID) -> ResponseReturnValue:
    """Invite those who can be, or nobody."""
    with transaction() as session:
        if request.form.get("do") == "invite":
            importing.confirm_import(session, import_id=import_id, by=current_user.id, at=clock.now())
        else:
            importing.drop_import(session, import_id=import_id, by=current_user.id, at=clock.now())
            flash(_("Nobody was invited from this file."), "success")
    return redirect(url_for(".import_report", import_id=import_id), 303)


@members.get("/manage/invitations/imports/<uuid:import_id>/faults.csv")
@MANAGERS
def import_faults(import_id: UUID) -> ResponseReturnValue:
    """The refused rows, to be mended beside the file."""
    with reading() as session:
        shown = get_import(session, import_id=import_id)
    rows = [(one["row"], one["column"], one["reason"]) for one in shown.refusals]
    return csv_answer("faults.csv", ("row", "column", "reason"), rows)


def import_in_worker(organisation_id: UUID, import_id: UUID) -> None:
    """The outbox's way to do what is next for an import."""
    _run(organisation_id, import_id)


def _run_now(import_id: UUID) -> None:
    try:
        _run(current_user.organisation_id, import_id)
    except NotYet:
        return  # a worker was faster


def _run(organisation_id: UUID, import_id: UUID) -> None:
    importing.run_import(
        database(),
        organisation_id=organisation_id,
        import_id=import_id,
        folder=settings_of(current_app).data_dir / FOLDER,
        base_url=base_url(),
    )


def _form(message: str) -> str:
    with reading() as session:
        return render_template(
            "lms/members/imports.html",
            imports=list_imports(session),
            message=message,
            largest=LARGEST_FILE // 1_000_000,
            most_rows=MOST_ROWS,
        )
