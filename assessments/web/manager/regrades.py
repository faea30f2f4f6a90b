"""Regrades: a repair of a key is proposed, looked at in a dry run, and committed by a second person."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.domain.differences import differences
from assessments.domain.item_types import item_type
from assessments.domain.regrade_tally import BINS, Tally, read_tally
from assessments.domain.schemas.base import Content
from assessments.domain.scores import percent_in_tenths
from assessments.domain.written_items import Written
from assessments.operations.regrade_runs import run_batch
from assessments.operations.regrading import commit_regrade, foresee_again, propose_regrade, withdraw_regrade
from assessments.queries.regrades import (
    CHANGES_A_PAGE,
    RegradeView,
    get_regrade,
    get_repairable_key,
    list_changes,
    list_regrades,
)
from assessments.queries.stored_items import StoredItem, get_stored_item, list_released, names_of
from assessments.web.author.item_page import answer_titles, place_in_words
from assessments.web.manager.blueprint import manager
from assessments.web.worked_examples import plain
from lms import clock
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.organisations.roles import Role
from lms.web.application import settings_of
from lms.web.policy import allow
from lms.web.transactions import reading, transaction

REGRADERS = allow(Role.AUTHOR, Role.MANAGER, Role.OPERATOR)
AT_ONCE = 3  # batches that the page waits for; the worker does the others


@manager.get("/regrades/")
@REGRADERS
def regrades() -> ResponseReturnValue:
    """What was proposed and done, the newest first."""
    with reading() as session:
        return render_template("assessments/manager/regrades.html", regrades=list_regrades(session))


@manager.get("/regrades/new")
@REGRADERS
def new_regrade() -> ResponseReturnValue:
    """The form of a proposal: which key takes the place of `key`, and the reason."""
    return _form(_key_asked_for(request.args), {"new_key": None, "reason": ""})


@manager.post("/regrades/")
@REGRADERS
def propose() -> ResponseReturnValue:
    """Propose, and foresee at once what a page can wait for."""
    old_key_id = _key_asked_for(request.form)
    typed = {"new_key": request.form.get("new_key", ""), "reason": request.form.get("reason", "")}
    try:
        with transaction() as session:
            regrade_id = propose_regrade(
                session,
                old_key_id=old_key_id,
                new_key_id=_new_key(typed["new_key"]),
                reason=typed["reason"],
                person_id=current_user.id,
                at=clock.now(),
            )
    except Invalid as refusal:
        return _form(old_key_id, typed, str(refusal)), 422
    except Conflict as refusal:
        return _form(old_key_id, typed, str(refusal)), 409
    _begin(regrade_id)
    return redirect(url_for(".regrade", regrade_id=regrade_id), 303)


@manager.get("/regrades/<uuid:regrade_id>")
@REGRADERS
def regrade(regrade_id: UUID) -> ResponseReturnValue:
    """The dry run, or what was done; with `X-Fragment` its figures alone."""
    with reading() as session:
        if "X-Fragment" in request.headers:
            one = get_regrade(session, regrade_id)
            return render_template("assessments/manager/regrade_figures.html", regrade=one, **_figures(one))
        return _page(session, regrade_id)


@manager.post("/regrades/<uuid:regrade_id>")
@REGRADERS
def decide_on_regrade(regrade_id: UUID) -> ResponseReturnValue:
    """Commit, withdraw, or foresee anew, as the pressed button says."""
    wish, note = request.form.get("do"), request.form.get("note", "")
    common: dict[str, Any] = {"regrade_id": regrade_id, "at": clock.now()}
    try:
        with transaction() as session:
            if wish == "commit":
                commit_regrade(session, note=note, person_id=current_user.id, **common)
            elif wish == "withdraw":
                withdraw_regrade(session, person_id=current_user.id, **common)
            else:
                foresee_again(session, **common)
    except (Invalid, Conflict, NotAllowed) as refusal:
        status = {Invalid: 422, NotAllowed: 403}.get(type(refusal), 409)
        with reading() as session:
            return _page(session, regrade_id, str(refusal), note), status
    if wish != "withdraw":
        _begin(regrade_id)
    said = {"commit": _("Committed: the repaired key counts from now on."), "withdraw": _("The proposal is withdrawn.")}
    flash(said.get(wish or "", _("Computed anew.")), "success")
    return redirect(url_for(".regrade", regrade_id=regrade_id), 303)


def _begin(regrade_id: UUID) -> None:
    """The first batches, so that small regrades are there when the page is; each is a transaction of its own."""
    base_url = settings_of(current_app).base_url
    for _number in range(AT_ONCE):
        with transaction() as session:
            if run_batch(session, regrade_id=regrade_id, base_url=base_url, at=clock.now()):
                return


def _key_asked_for(source: Any) -> UUID:
    try:
        return UUID(source.get("key", ""))
    except ValueError as fault:
        raise NotFound(_("There is no such key.")) from fault


def _new_key(typed: str) -> UUID | None:
    """The chosen key, None to drop the question. Raises Invalid when nothing was chosen."""
    if typed == "drop":
        return None
    try:
        return UUID(typed)
    except ValueError as fault:
        raise Invalid(_("Choose the key that counts instead, or to drop the question.")) from fault


def _form(old_key_id: UUID, typed: dict[str, Any], message: str = "") -> str:
    with reading() as session:
        old = get_repairable_key(session, old_key_id)
        stored = get_stored_item(session, old.item_id)
        released = {one.name: one.written for one in list_released(session, old.item_id)}
    content = _content(stored, released[old.name])
    names = (old.name, *(key.name for key in old.others))
    keys = {name: _key_in_words(released[name], content) for name in names}
    if typed["new_key"] is None:
        typed["new_key"] = next((str(key.id) for key in old.others if key.is_current), "")
    return render_template(
        "assessments/manager/new_regrade.html",
        stored=stored,
        old_key_id=old_key_id,
        old=old.name,
        others=old.others,
        keys=keys,
        typed=typed,
        message=message,
    )


def _page(session: Session, regrade_id: UUID, message: str = "", note: str = "") -> str:
    one = get_regrade(session, regrade_id)
    stored = get_stored_item(session, one.item_id)
    released = {state.name: state.written for state in list_released(session, one.item_id)}
    old, new = released[one.old], released[one.new] if one.new else None
    content = _content(stored, old)
    page = max(1, request.args.get("page", default=1, type=int))
    changes = list_changes(session, regrade_id, page=page)
    return render_template(
        "assessments/manager/regrade.html",
        regrade=one,
        stored=stored,
        stem=content.stem,
        old_key=_key_in_words(old, content),
        new_key=_key_in_words(new, content) if new else None,
        differences=[(place_in_words(d.place), d) for d in differences(old.parts, new.parts)] if new else [],
        names=names_of(session, {one.proposed_by, one.approved_by, one.withdrawn_by}),
        is_second=current_user.id != one.proposed_by,
        changes=changes[:CHANGES_A_PAGE],
        has_more=len(changes) > CHANGES_A_PAGE,
        page=page,
        message=message,
        note=note,
        tenths=percent_in_tenths,
        **_figures(one),
    )


def _content(stored: StoredItem, written: Written) -> Content:
    """What was asked; a published version always parses."""
    return item_type(stored.type).content.model_validate(written.content)


def _key_in_words(written: Written, content: Content) -> Any:
    """A key as plain data, with what its ids stand for."""
    titles = answer_titles(written.content)

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: named(entry) for name, entry in value.items()}
        if isinstance(value, list):
            return [named(entry) for entry in value]
        return f"{value} ({titles[value]})" if isinstance(value, str) and value in titles else value

    return named(plain(dict(written.key), content))


def _figures(one: RegradeView) -> dict[str, Any]:
    tally = read_tally(one.tally)
    return {"tally": tally, "bins": _bins(tally), "highest": max(*tally.old, *tally.new, 1)}


def _bins(tally: Tally) -> list[dict[str, int]]:
    width = 100 // BINS
    return [
        {"number": number, "low": number * width, "high": (number + 1) * width, "old": old, "new": new}
        for number, (old, new) in enumerate(zip(tally.old, tally.new, strict=True))
    ]
