"""Releases: the tests whose results wait for a date or for a manager, and the button that tells them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from assessments.operations.releasing import release_test
from assessments.queries.releases import list_releases
from assessments.web.manager.blueprint import MANAGERS, manager
from lms import clock
from lms.errors import Conflict
from lms.web.transactions import reading, transaction


@manager.get("/releases/")
@MANAGERS
def releases() -> ResponseReturnValue:
    """What is marked, what waits for marks, and when it is told."""
    with reading() as session:
        return render_template("assessments/manager/releases.html", tests=list_releases(session), message="")


@manager.post("/releases/<slug>")
@MANAGERS
def release(slug: str) -> ResponseReturnValue:
    """Tell all results of a test; the worker tells them one by one."""
    try:
        with transaction() as session:
            count = release_test(session, test_slug=slug, person_id=current_user.id, at=clock.now())
    except Conflict as refusal:
        with reading() as session:
            tests = list_releases(session)
        return render_template("assessments/manager/releases.html", tests=tests, message=str(refusal)), 409
    said = ngettext("%(num)s result is being released.", "%(num)s results are being released.", count)
    flash(said if count else _("There was nothing to release."), "success")
    return redirect(url_for(".releases"), 303)
