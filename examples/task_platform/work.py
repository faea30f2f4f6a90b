"""The pages: what is on offer, the next task for somebody whom Assay lets work, and their answer."""

from typing import cast
from uuid import uuid4

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from task_platform.assay import Answer, AssayIsAway
from task_platform.catalogue import TASKS, TIERS, Tier, find_tier, tasks_of
from task_platform.deciding import Deciding
from task_platform.records import Records
from task_platform.reporting import report_outcomes
from task_platform.signing_in import check_form_token

pages = Blueprint("work", __name__)


@pages.get("/")
def offers() -> ResponseReturnValue:
    """Every tier with its pay, and what Assay last told of it."""
    subject, records = session.get("subject"), _records()
    done = records.done(subject) if subject else set()
    lines = [
        {
            "tier": tier,
            "is_open": records.standing(subject, tier.slug) if subject else None,
            "left": sum(task.id not in done for task in tasks_of(tier)),
        }
        for tier in TIERS
    ]
    return render_template("offers.html", lines=lines, done=len(done), refused=request.args.get("refused"))


@pages.get("/work/<slug>")
def work(slug: str) -> ResponseReturnValue:
    """The next task, if this person may do it now; else what is missing."""
    tier = find_tier(slug) or abort(404)
    if "subject" not in session:
        return redirect(url_for("signing_in.sign_in"), 303)
    subject, records = session["subject"], _records()
    try:
        answer, how = _deciding().decide(subject, tier.slug)
    except AssayIsAway:
        return render_template("away.html", tier=tier), 503
    if not answer.is_open:
        return _denied(tier, answer)
    done = records.done(subject)
    task = next((task for task in tasks_of(tier) if task.id not in done), None)
    if task is not None:
        records.give(str(uuid4()), subject, task.id)
    return render_template("task.html", tier=tier, task=task, how=how, done=len(done))


@pages.post("/work/<slug>/<task_id>")
def finish(slug: str, task_id: str) -> ResponseReturnValue:
    """Take an answer to a task that was given, pay it, and tell Assay how it went."""
    check_form_token()
    tier, task = find_tier(slug) or abort(404), TASKS.get(task_id) or abort(404)
    given = _records().given(session.get("subject", ""), task.id)
    if given is None:
        flash("This task is not yours any more. Nothing was counted.")
        return redirect(url_for(".offers"), 303)
    if request.form.get("answer") not in {"true", "false"}:
        abort(422, "Answer true or false.")
    is_right = (request.form["answer"] == "true") == task.is_true
    if _records().finish(given["id"], is_right=is_right):
        report_outcomes(_records(), current_app.extensions["platform.assay"])
    return redirect(url_for(".work", slug=tier.slug), 303)


def _denied(tier: Tier, answer: Answer) -> ResponseReturnValue:
    assay_url = current_app.extensions["platform.settings"].assay_url
    return render_template("denied.html", tier=tier, answer=answer, assay_url=assay_url), 403


def _records() -> Records:
    return cast(Records, current_app.extensions["platform.records"])


def _deciding() -> Deciding:
    return cast(Deciding, current_app.extensions["platform.deciding"])
