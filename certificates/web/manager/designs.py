"""The design of an organisation's certificates: the form with its sketch, the versions so far, going back to one."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from certificates.domain.design import LOGO_BYTES, Design
from certificates.models.reissues import RunKind
from certificates.operations.designs import publish_design, restore_design
from certificates.queries.designs import (
    current_design_version_id,
    find_design,
    get_design_line,
    get_issuer_name,
    list_design_versions,
)
from certificates.queries.reissues import Selection, count_certificates, find_running
from certificates.web.manager.blueprint import MANAGERS, certificates_manager
from certificates.web.manager.design_form import DesignForm, form_of
from certificates.web.sketches import sketch_of
from lms import clock
from lms.web.limits import limiter
from lms.web.transactions import reading, transaction
from lms.web.uploads import takes_upload

LARGEST_REQUEST = 5_000_000  # bytes: a logo that is too large is told so beside the form, not by an error page


@certificates_manager.get("/design/")
@MANAGERS
def design() -> ResponseReturnValue:
    """The present design, ready to be changed."""
    present = _present()
    return _page(form_of(present), present, present)


@certificates_manager.post("/design/")
@MANAGERS
@limiter.limit("120 per hour")
@takes_upload(LARGEST_REQUEST)
def save_design() -> ResponseReturnValue:
    """Show what was typed as a sketch, or make it the present design."""
    present, form = _present(), DesignForm()
    if not form.validate():
        return _page(form, present, present, message=form.faults()), 422
    wanted = form.design(present)
    if request.form.get("do") != "save":
        return _page(form, present, wanted, is_preview=True)
    with transaction() as session:
        publish_design(session, design=wanted, person_id=current_user.id, at=clock.now())
    flash(_("Saved. Certificates that are issued from now on look like this."), "success")
    return redirect(url_for(".design"), 303)


@certificates_manager.get("/design/<uuid:version_id>")
@MANAGERS
def design_version(version_id: UUID) -> ResponseReturnValue:
    """One version, and the way back to it."""
    with reading() as session:
        shown = find_design(session, version_id)
        return render_template(
            "certificates/manager/design_version.html",
            version=get_design_line(session, version_id),
            design=shown,
            sketch=sketch_of(shown, issuer=get_issuer_name(session)),
        )


@certificates_manager.post("/design/<uuid:version_id>/restore")
@MANAGERS
def restore(version_id: UUID) -> ResponseReturnValue:
    """Make an earlier version the present one, as a new version."""
    with transaction() as session:
        restore_design(session, version_id=version_id, person_id=current_user.id, at=clock.now())
    flash(_("The earlier design is back, as a new version."), "success")
    return redirect(url_for(".design"), 303)


def _present() -> Design:
    with reading() as session:
        return find_design(session, current_design_version_id(session))


def _page(form: DesignForm, present: Design, shown: Design, *, message: str = "", is_preview: bool = False) -> str:
    with reading() as session:
        issuer = get_issuer_name(session)
        return render_template(
            "certificates/manager/design.html",
            form=form,
            issuer=issuer,
            has_logo=present.logo is not None,
            sketch=sketch_of(shown, issuer=issuer),
            has_upload=form.uploaded is not None,
            is_preview=is_preview,
            message=message,
            versions=list_design_versions(session),
            elsewhere=count_certificates(session, Selection(RunKind.DESIGN), at=clock.now()),
            running=find_running(session, RunKind.DESIGN),
            largest=LOGO_BYTES // 1000,
        )
