"""The blueprint editor: the terms of a test, what the pool holds for them, and a form as it would be drawn."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from pydantic import ValidationError
from sqlalchemy.orm import Session

from assessments.adapters.catalogue_tests import TestEntry
from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.scores import exact
from assessments.operations.blueprints import (
    approve_test_draft,
    faults_of,
    return_test_draft,
    save_test_draft,
    start_from,
    submit_test_draft,
)
from assessments.queries.blueprints import (
    DraftedTest,
    find_test_draft,
    list_banks,
    list_blueprints,
    preview_form,
    report_pool,
)
from assessments.queries.pools import get_pool
from assessments.queries.tests import find_test
from assessments.web.author.blueprint import AUTHORS, author
from assessments.web.author.test_form import (
    change_rows,
    percent,
    read_terms,
    shown_forms_part,
    shown_release,
    shown_rows,
)
from lms import clock
from lms.errors import Conflict, Invalid, NotFound
from lms.web.transactions import reading, transaction

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


@author.get("/tests/")
@AUTHORS
def tests() -> ResponseReturnValue:
    """All tests of the organisation, and the way to a new one."""
    with reading() as session:
        return render_template("assessments/author/tests.html", tests=list_blueprints(session), typed="", error=None)


@author.post("/tests/")
@AUTHORS
def begin_test() -> ResponseReturnValue:
    """To the editor of a test of this name."""
    slug = request.form.get("slug", "").strip()
    if SLUG.fullmatch(slug) and len(slug) <= 60:
        return redirect(url_for("assessments_author.edit_test", slug=slug), 303)
    error = _("Use lower case letters and digits, joined by hyphens, 60 characters at most: fact-versus-fiction.")
    with reading() as session:
        page = render_template("assessments/author/tests.html", tests=list_blueprints(session), typed=slug, error=error)
    return page, 422


@author.get("/tests/<slug>")
@AUTHORS
def edit_test(slug: str) -> ResponseReturnValue:
    """The editor: the draft, or the live terms from which a draft begins."""
    with reading() as session:
        _refuse_bad(slug)
        draft = find_test_draft(session, slug)
        terms = draft.terms if draft else start_from(session, slug)
        return _page(session, slug, draft, terms)


@author.post("/tests/<slug>")
@AUTHORS
def save_test(slug: str) -> ResponseReturnValue:
    """Save the draft; change rows, preview or submit as the pressed button says."""
    _refuse_bad(slug)
    wish = request.form.get("do", "save")
    revision = request.form.get("revision", default=0, type=int)
    with reading() as session:
        draft = find_test_draft(session, slug)
        kept = draft.terms if draft else start_from(session, slug)
        terms = read_terms(request.form, kept)
        if wish.startswith(("add:", "remove:")):
            return _page(session, slug, draft, change_rows(terms, wish), revision=revision)
    try:
        with transaction() as session:
            save_test_draft(
                session, slug=slug, terms=terms, revision=revision, person_id=current_user.id, at=clock.now()
            )
        if wish == "submit":
            with transaction() as session:
                submit_test_draft(session, slug=slug, person_id=current_user.id, at=clock.now())
            flash(_("Submitted. A second person decides now."), "success")
        else:
            flash(_("Draft saved."), "success")
    except Conflict as refusal:
        return _refused(slug, terms, str(refusal), 409, revision)
    except Invalid:
        return _refused(slug, terms, _("The draft is saved, but it cannot be submitted yet."), 422)
    return redirect(url_for(".edit_test", slug=slug), 303)


@author.post("/tests/<slug>/decision")
@AUTHORS
def decide_on_test(slug: str) -> ResponseReturnValue:
    """A second person approves, or gives the draft back with a reason."""
    reason = request.form.get("reason", "")
    try:
        with transaction() as session:
            if request.form.get("do") == "approve":
                approve_test_draft(session, slug=slug, person_id=current_user.id, at=clock.now())
                flash(_("Approved: these are the terms from now on."), "success")
            else:
                return_test_draft(session, slug=slug, person_id=current_user.id, reason=reason, at=clock.now())
                flash(_("Given back to its author."), "success")
    except Invalid as refusal:
        with reading() as session:
            draft = find_test_draft(session, slug)
            if draft is None:
                raise NotFound(_("There is no such draft.")) from refusal
            return _page(session, slug, draft, draft.terms, message=str(refusal)), 422
    return redirect(url_for(".edit_test", slug=slug), 303)


def _refuse_bad(slug: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise NotFound(_("There is no such test."))


def _refused(
    slug: str, terms: Mapping[str, Any], message: str, status: int, revision: int | None = None
) -> ResponseReturnValue:
    with reading() as session:
        return _page(session, slug, find_test_draft(session, slug), terms, message=message, revision=revision), status


def _page(
    session: Session,
    slug: str,
    draft: DraftedTest | None,
    terms: Mapping[str, Any],
    *,
    message: str | None = None,
    revision: int | None = None,
) -> str:
    seed = request.args.get("seed", default=secrets.randbelow(1_000_000), type=int)
    entry = _entry(terms)
    pool = None
    if entry is not None:
        floor = None if entry.agreement_floor is None else exact(entry.agreement_floor)
        pool = get_pool(session, bank=entry.bank or slug, floor=floor)
    return render_template(
        "assessments/author/test.html",
        slug=slug,
        terms=terms,
        skills=shown_rows(terms, "skills"),
        sections=shown_rows(terms, "sections"),
        cut=percent(terms.get("cut_score", {}).get("score")),
        floor=percent(terms.get("agreement_floor")),
        release=shown_release(terms),
        forms_part=shown_forms_part(terms),
        revision=(draft.revision if draft else 0) if revision is None else revision,
        draft=draft,
        is_live=find_test(session, slug) is not None,
        is_second=draft is not None and current_user.id not in {draft.edited_by, draft.submitted_by},
        faults=faults_of(session, slug, terms),
        report=report_pool(entry.blueprint, pool) if entry and pool else None,
        form=preview_form(entry.blueprint, pool, seed) if entry and pool else [],
        seed=seed,
        types=[(kind.name, kind.title) for kind in ITEM_TYPES.values()],
        banks=list_banks(session),
        message=message,
    )


def _entry(terms: Mapping[str, Any]) -> TestEntry | None:
    try:
        return TestEntry.model_validate(terms)
    except ValidationError:
        return None
