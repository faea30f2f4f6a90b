"""Bringing items in from files, and seeing how far that is; taking items out as files."""

from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from assessments.adapters.file_formats import FORMATS
from assessments.operations.import_jobs import IN_THE_WORKER, LARGEST_FILE, request_import, run_import
from assessments.queries.blueprints import list_banks
from assessments.queries.imports import get_import, list_imports
from assessments.web.author.blueprint import AUTHORS, author
from lms import clock
from lms.catalogue.kept_files import keep_file
from lms.errors import Invalid
from lms.web.application import settings_of
from lms.web.limits import limiter
from lms.web.transactions import database, reading, transaction
from lms.web.uploads import takes_upload

FOLDER = "imports"


@author.get("/imports/")
@AUTHORS
def imports() -> ResponseReturnValue:
    """The form for a new import, and the newest ones."""
    return _form({}, None)


@author.post("/imports/")
@AUTHORS
@limiter.limit("30 per hour")
@takes_upload(LARGEST_FILE + 1_000_000)
def import_file() -> ResponseReturnValue:
    """Take a file in; a small one is read at once, a large one by the worker."""
    typed = {name: request.form.get(name, "").strip() for name in ("format", "bank", "skill")}
    folder = settings_of(current_app).data_dir / FOLDER
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid(_("Choose a file."))
        file_hash, size = keep_file(file.stream, folder, most_bytes=LARGEST_FILE)
        with transaction() as session:
            import_id = request_import(
                session,
                file_name=file.filename,
                file_hash=file_hash,
                is_dry_run=request.form.get("do") == "try",
                person_id=current_user.id,
                at=clock.now(),
                **typed,
            )
    except Invalid as refusal:
        return _form(typed, str(refusal)), 422
    if size < IN_THE_WORKER:
        run_import(database(), organisation_id=current_user.organisation_id, import_id=import_id, folder=folder)
    return redirect(url_for(".import_report", import_id=import_id), 303)


@author.get("/imports/<uuid:import_id>")
@AUTHORS
def import_report(import_id: UUID) -> ResponseReturnValue:
    """How far an import is and what became of its rows; with `X-Fragment` the report alone."""
    with reading() as session:
        done = get_import(session, import_id)
    template = "import_progress" if "X-Fragment" in request.headers else "import"
    return render_template(f"assessments/author/{template}.html", done=done)


def _form(typed: dict[str, str], message: str | None) -> str:
    with reading() as session:
        return render_template(
            "assessments/author/imports.html",
            imports=list_imports(session),
            # A format without suffixes takes a folder, which a browser cannot send.
            formats=[(form.name, form.title) for form in FORMATS.values() if form.read is not None and form.suffixes],
            banks=list_banks(session),
            typed={"format": "", "bank": "", "skill": "", **typed},
            message=message,
            largest=LARGEST_FILE // 1_000_000,
        )
