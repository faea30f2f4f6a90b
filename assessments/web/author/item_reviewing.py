"""The review of an item by a second person, its versions, and its way out of use and back."""

import re
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.domain.differences import Difference, differences
from assessments.domain.item_types import item_type
from assessments.domain.written_items import Written
from assessments.models.authoring import Decision
from assessments.operations.authoring import bring_back_item, retire_item
from assessments.operations.checking_items import Unfinished, check_written
from assessments.operations.reviewing import approve_item, return_item, withdraw_item
from assessments.queries.near_duplicates import find_near_duplicates
from assessments.queries.stored_items import StoredItem, get_stored_item, list_released, list_reviews, names_of
from assessments.web.author.blueprint import AUTHORS, author
from assessments.web.author.item_page import (
    PREVIEW_PREFIX,
    answer_titles,
    locked_key,
    parsed_or_none,
    place_in_words,
    shown_item,
)
from assessments.web.worked_examples import plain
from lms import clock
from lms.errors import Invalid, NotFound
from lms.web.transactions import reading, transaction

_STATE = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}", re.ASCII)


@author.get("/items/<uuid:item_id>/review")
@AUTHORS
def review_item(item_id: UUID) -> ResponseReturnValue:
    """What is to be decided on: the item, its key and reasons, and what is not as in the current version."""
    with reading() as session:
        return _review(session, get_stored_item(session, item_id))


@author.post("/items/<uuid:item_id>/review")
@AUTHORS
def decide_on_item(item_id: UUID) -> ResponseReturnValue:
    """Return the draft with a reason, or make it pilot or live."""
    wish, comment = request.form.get("do", ""), request.form.get("comment", "")
    common = {
        "item_id": item_id,
        "revision": request.form.get("revision", default=0, type=int),
        "comment": comment,
        "person_id": current_user.id,
    }
    try:
        with transaction() as session:
            if wish in (Decision.PILOT, Decision.LIVE):
                approve_item(session, **common, decision=Decision(wish), at=clock.now())
            else:
                return_item(session, **common, at=clock.now())
    except Invalid as refusal:
        with reading() as session:
            return _review(session, get_stored_item(session, item_id), str(refusal), comment), 422
    said = {Decision.PILOT: _("The item is in pilot."), Decision.LIVE: _("The item is live.")}
    flash(said.get(Decision(wish), "") if wish in said else _("Given back to its authors."), "success")
    return redirect(url_for(".edit_item", item_id=item_id), 303)


@author.post("/items/<uuid:item_id>/withdraw")
@AUTHORS
def withdraw(item_id: UUID) -> ResponseReturnValue:
    """Take the draft out of review."""
    with transaction() as session:
        withdraw_item(session, item_id=item_id, person_id=current_user.id, at=clock.now())
    flash(_("The item is open for editing again."), "success")
    return redirect(url_for(".edit_item", item_id=item_id), 303)


@author.post("/items/<uuid:item_id>/retire")
@AUTHORS
def retire(item_id: UUID) -> ResponseReturnValue:
    """Take the item out of use."""
    with transaction() as session:
        retire_item(
            session,
            item_id=item_id,
            reason=request.form.get("reason", ""),
            person_id=current_user.id,
            at=clock.now(),
        )
    flash(_("Retired: no new attempt gets this item. Those that have it keep it."), "success")
    return redirect(url_for(".edit_item", item_id=item_id), 303)


@author.post("/items/<uuid:item_id>/bring-back")
@AUTHORS
def bring_back(item_id: UUID) -> ResponseReturnValue:
    """Begin to bring a retired item back."""
    with transaction() as session:
        bring_back_item(session, item_id=item_id, person_id=current_user.id, at=clock.now())
    flash(_("There is a draft of it now. Submit it for review: a second person brings it back."), "success")
    return redirect(url_for(".edit_item", item_id=item_id), 303)


@author.get("/items/<uuid:item_id>/versions")
@AUTHORS
def item_versions(item_id: UUID) -> ResponseReturnValue:
    """Every published state of an item, and the decisions on it."""
    with reading() as session:
        stored = get_stored_item(session, item_id)
        released, reviews = list_released(session, item_id), list_reviews(session, item_id)
        people = {one.created_by for one in released} | {one.approved_by for one in released}
        people |= {who for review in reviews for who in (review.decided_by, review.edited_by)}
        return render_template(
            "assessments/author/item_versions.html",
            stored=stored,
            released=released,
            reviews=reviews,
            names=names_of(session, people),
        )


@author.get("/items/<uuid:item_id>/versions/<first>..<second>")
@AUTHORS
def compare_versions(item_id: UUID, first: str, second: str) -> ResponseReturnValue:
    """What is not the same in two published states."""
    if not _STATE.fullmatch(first) or not _STATE.fullmatch(second):
        raise NotFound(_("There is no such version."))
    with reading() as session:
        stored = get_stored_item(session, item_id)
        released = {one.name: one for one in list_released(session, item_id)}
        if first not in released or second not in released:
            raise NotFound(_("There is no such version."))
        return render_template(
            "assessments/author/item_changes.html",
            stored=stored,
            first=first,
            second=second,
            changes=_changes(released[first].written, released[second].written),
        )


def _review(session: Session, stored: StoredItem, message: str = "", comment: str = "") -> str:
    draft = stored.draft
    written = stored.written
    kind = item_type(stored.type)
    content = parsed_or_none(kind, written.content)
    alike = find_near_duplicates(session, stem=content.stem, item_id=stored.id) if content else []
    return render_template(
        "assessments/author/item_review.html",
        stored=stored,
        kind=kind,
        draft=draft,
        written=written,
        names=names_of(session, {draft.edited_by, draft.submitted_by} if draft else set()),
        is_second=draft is not None and current_user.id not in (draft.edited_by, draft.submitted_by),
        item=shown_item(kind, content, {}, PREVIEW_PREFIX) if content else None,
        right=locked_key(kind, content, written.key) if content else None,
        key=plain(dict(written.key), content) if content else {},
        sources=_sound_sources(written.reasons.get("sources")),
        temptations=_sound_temptations(written),
        faults=_unfinished(stored.type, written),
        changes=_changes(stored.current, written) if stored.current else [],
        alike=alike,
        message=message,
        comment=comment,
    )


def _unfinished(type_name: str, written: Written) -> list[str]:
    try:
        check_written(type_name, written)
    except Unfinished as fault:
        return fault.sentences
    return []


def _sound_sources(sources: Any) -> list[dict[str, Any]]:
    """The sources that can be shown as such; in an unfinished draft they may be anything."""
    given = [source for source in sources if isinstance(source, dict)] if isinstance(sources, list) else []
    stated = [{name: value for name, value in source.items() if value is not None} for source in given]
    return [source for source in stated if {"author", "title", "year"} <= source.keys()]


def _sound_temptations(written: Written) -> list[tuple[str, str]]:
    """Each wrong answer, by what it says where that is known, with the reason why it tempts."""
    said = written.reasons.get("temptations")
    titles = answer_titles(written.content)
    return [(titles.get(str(one), str(one)), str(why)) for one, why in said.items()] if isinstance(said, dict) else []


def _changes(old: Written, new: Written) -> list[tuple[str, Difference]]:
    return [(place_in_words(one.place), one) for one in differences(old.parts, new.parts)]
