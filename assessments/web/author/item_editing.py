"""The editor of an item: written and saved as a draft, seen as a candidate will see it, submitted for review."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.domain.differences import differences
from assessments.domain.item_type import ItemType
from assessments.domain.item_types import ITEM_TYPES
from assessments.operations.authoring import create_item, discard_draft, save_draft
from assessments.operations.reviewing import submit_item
from assessments.queries.bank import list_skills
from assessments.queries.blueprints import list_banks
from assessments.queries.near_duplicates import NearDuplicate, find_near_duplicates
from assessments.queries.regrades import has_outdated_scores
from assessments.queries.stored_items import StoredItem, get_stored_item, list_reviews, names_of
from assessments.web.author.blueprint import AUTHORS, author
from assessments.web.author.item_form import FIXED, ItemForm, begin_form, change_form, open_form, read_form
from assessments.web.author.item_page import editor_values, place_in_words
from lms import clock
from lms.errors import Conflict, Invalid, NotFound
from lms.web.transactions import reading, transaction


@author.get("/items/new/<type_name>")
@AUTHORS
def begin_item(type_name: str) -> ResponseReturnValue:
    """The empty form of a type."""
    with reading() as session:
        return _page(session, begin_form(_kind(type_name), request.args.get("bank", "")[:60]))


@author.post("/items/new/<type_name>")
@AUTHORS
def create(type_name: str) -> ResponseReturnValue:
    """Keep a new item, and submit it where that was asked for."""
    typed = read_form(_kind(type_name), request.form)
    if (page := _unsaved(typed, None)) is not None:
        return page
    try:
        with transaction() as session:
            item_id = create_item(
                session, type=type_name, written=typed.written, person_id=current_user.id, at=clock.now()
            )
    except Invalid as refusal:
        return _refused(typed, None, str(refusal), 422)
    return _submitted(item_id) if request.form.get("do") == "submit" else _saved(item_id)


@author.get("/items/<uuid:item_id>")
@AUTHORS
def edit_item(item_id: UUID) -> ResponseReturnValue:
    """The form of an item: its draft, or the current version from which a draft begins."""
    with reading() as session:
        stored = get_stored_item(session, item_id)
        return _page(session, open_form(ITEM_TYPES[stored.type], stored.written), stored)


@author.post("/items/<uuid:item_id>")
@AUTHORS
def save_item(item_id: UUID) -> ResponseReturnValue:
    """Keep the draft; change rows, preview or submit as the pressed button says."""
    with reading() as session:
        stored = get_stored_item(session, item_id)
    fixed = {name: getattr(stored, name) for name in FIXED} if stored.is_published else None
    typed = read_form(ITEM_TYPES[stored.type], request.form, fixed)
    if (page := _unsaved(typed, item_id)) is not None:
        return page
    try:
        with transaction() as session:
            save_draft(
                session,
                item_id=item_id,
                written=typed.written,
                revision=_revision(),
                person_id=current_user.id,
                at=clock.now(),
            )
    except Conflict as refusal:
        return _refused(typed, item_id, str(refusal), 409)
    except Invalid as refusal:
        return _refused(typed, item_id, str(refusal), 422)
    return _submitted(item_id) if request.form.get("do") == "submit" else _saved(item_id)


@author.post("/items/preview")
@AUTHORS
def preview_item() -> ResponseReturnValue:
    """What is typed as a candidate will see it, and the controls of the key to it: two fragments of the page."""
    typed = read_form(_kind(request.form.get("type", "")), request.form)
    return render_template(
        "assessments/author/item_fragments.html",
        **editor_values(typed, is_published=False, is_judged=False),
        **_frame(None, None),
        is_locked=False,
        focus="",
    )


@author.post("/items/<uuid:item_id>/discard")
@AUTHORS
def discard(item_id: UUID) -> ResponseReturnValue:
    """Throw the draft of a published item away."""
    with transaction() as session:
        discard_draft(session, item_id=item_id, person_id=current_user.id, at=clock.now())
    flash(_("The draft is gone; this is the current version."), "success")
    return redirect(url_for(".edit_item", item_id=item_id), 303)


def _kind(type_name: str) -> ItemType:
    if type_name not in ITEM_TYPES:
        raise NotFound(_("There is no such type of item."))
    return ITEM_TYPES[type_name]


def _unsaved(typed: ItemForm, item_id: UUID | None) -> ResponseReturnValue | None:
    """The page again with rows changed or a preview, where a button asks for that; nothing is kept."""
    wish, deed = request.form.get("edit", ""), request.form.get("do", "save")
    if not wish and deed != "preview":
        return None
    focus = ""
    if wish:
        typed, focus = change_form(typed, wish)
    with reading() as session:
        stored = get_stored_item(session, item_id) if item_id else None
        return _page(
            session,
            typed,
            stored,
            is_typed=True,
            is_judged=deed == "preview" and not wish,
            focus=focus,
            revision=_revision(),
        )


def _saved(item_id: UUID) -> ResponseReturnValue:
    flash(_("Draft saved."), "success")
    return redirect(url_for(".edit_item", item_id=item_id), 303)


def _submitted(item_id: UUID) -> ResponseReturnValue:
    """Submit what was just saved; where it is unfinished, show it again with all that is missing."""
    try:
        with transaction() as session:
            submit_item(
                session,
                item_id=item_id,
                person_id=current_user.id,
                at=clock.now(),
                acknowledged=_acknowledged(),
            )
    except Invalid:
        with reading() as session:
            stored = get_stored_item(session, item_id)
            typed = open_form(ITEM_TYPES[stored.type], stored.written)
            message = _("The draft is saved, but it cannot be submitted yet. What is missing is said at its place.")
            return _page(session, typed, stored, is_judged=True, message=message), 422
    flash(_("Submitted. A second person decides now."), "success")
    return redirect(url_for(".edit_item", item_id=item_id), 303)


def _revision() -> int:
    """The save that the form was made of; 0 before the first."""
    return request.form.get("revision", default=0, type=int)


def _acknowledged() -> frozenset[UUID]:
    """The near duplicates that the author says to have looked at."""
    found = set()
    for name in request.form.getlist("same"):
        try:
            found.add(UUID(name))
        except ValueError:
            continue
    return frozenset(found)


def _refused(typed: ItemForm, item_id: UUID | None, message: str, status: int) -> ResponseReturnValue:
    """The page with what was typed; after a conflict also what somebody else has saved, where it differs."""
    with reading() as session:
        stored = get_stored_item(session, item_id) if item_id else None
        theirs = []
        if stored is not None and status == 409:
            found = differences(stored.written.parts, typed.written.parts)
            theirs = [(place_in_words(one.place), one) for one in found]
        page = _page(session, typed, stored, is_typed=True, is_judged=status == 422, message=message, theirs=theirs)
        return page, status


def _page(
    session: Session,
    typed: ItemForm,
    stored: StoredItem | None = None,
    *,
    is_typed: bool = False,
    is_judged: bool = False,
    message: str = "",
    focus: str = "",
    theirs: list[tuple[str, Any]] | None = None,
    revision: int | None = None,
) -> str:
    """`is_typed`: the form holds what nobody has saved; it stays open for editing, whatever became of the draft.

    Without a `revision` the form goes on from what is stored now: saved again after a conflict, it wins knowingly.
    """
    outdated = has_outdated_scores(session, stored.id) if stored and stored.is_published else None
    values = editor_values(typed, is_published=bool(stored and stored.is_published), is_judged=is_judged)
    return render_template(
        "assessments/author/item.html",
        **values,
        **_frame(stored, revision),
        **_people(session, stored),
        is_locked=bool(stored and stored.draft and stored.draft.is_in_review) and not is_typed,
        message=message,
        focus=focus,
        theirs=theirs or [],
        alike=_alike(session, typed, stored),
        acknowledged=_acknowledged(),
        banks=list_banks(session),
        skills=list_skills(session, str(typed.particulars.get("bank", ""))),
        outdated_key=outdated,
    )


def _frame(stored: StoredItem | None, revision: int | None) -> dict[str, Any]:
    newest = stored.revision if stored else 0
    return {
        "stored": stored,
        "revision": newest if revision is None else revision,
        "lists": {"particulars.bank": "banks", "particulars.skill": "skills"},
    }


def _people(session: Session, stored: StoredItem | None) -> dict[str, Any]:
    if stored is None:
        return {"names": {}, "returned": None}
    reviews = list_reviews(session, stored.id)
    last = reviews[0] if reviews and reviews[0].decision == "returned" else None
    draft = stored.draft
    people = {draft.edited_by, draft.submitted_by} if draft else set()
    is_open = draft is not None and not draft.is_in_review
    names = names_of(session, people | ({last.decided_by} if last else set()))
    return {"names": names, "returned": last if is_open else None}


def _alike(session: Session, typed: ItemForm, stored: StoredItem | None) -> list[NearDuplicate]:
    content = typed.parsed
    if content is None or (stored and stored.draft and stored.draft.is_in_review):
        return []
    return find_near_duplicates(session, stem=content.stem, item_id=stored.id if stored else None)
