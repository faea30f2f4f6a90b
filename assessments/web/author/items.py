"""The item bank: a list to search and filter, what is done with several items at once, and the types of a new one."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from assessments.domain.item_types import ITEM_TYPES
from assessments.models.authoring import Decision
from assessments.models.items import Difficulty, ItemState
from assessments.operations.reviewing import approve_item, submit_item
from assessments.queries.bank import (
    DRAFTED,
    IN_REVIEW,
    PAGE,
    Wanted,
    count_in_review,
    list_items,
    list_skills,
    place_from,
    place_in_address,
)
from assessments.queries.blueprints import list_banks
from assessments.web.author.blueprint import AUTHORS, author
from lms import clock
from lms.errors import Refusal
from lms.web.transactions import reading, transaction

FIELDS = tuple(asdict(Wanted()))


@author.get("/items/")
@AUTHORS
def items() -> ResponseReturnValue:
    """A page of the bank, as searched and filtered."""
    wanted = Wanted(**{field: request.args.get(field, "").strip()[:200] for field in FIELDS})
    with reading() as session:
        page = list_items(session, wanted, place_from(request.args.get("after", "")))
        asked: dict[str, Any] = {field: value for field, value in asdict(wanted).items() if value}
        return render_template(
            "assessments/author/items.html",
            page=page,
            wanted=wanted,
            older=url_for(".items", **asked, after=place_in_address(page.next)) if page.next else None,
            is_first="after" not in request.args,
            asked=asked,
            banks=list_banks(session),
            skills=list_skills(session, wanted.bank) if wanted.bank else [],
            types=[(kind.name, _(kind.title)) for kind in ITEM_TYPES.values()],
            type_titles={kind.name: _(kind.title) for kind in ITEM_TYPES.values()},
            states=_state_titles(),
            difficulties=[(one.value, _(one.value)) for one in Difficulty],
            waiting=count_in_review(session),
            after=request.args.get("after", ""),
        )


@author.post("/items/bulk")
@AUTHORS
def decide_on_several() -> ResponseReturnValue:
    """Submit or approve each of the chosen items for itself: one that is refused holds no other back."""
    wish = request.form.get("do", "")
    done, refused = 0, []
    for item_id, revision in _chosen():
        try:
            _do(wish, item_id, revision)
            done += 1
        except Refusal as refusal:
            refused.append(str(refusal))
    if done:
        flash(ngettext("Done with one item.", "Done with %(num)s items.", done), "success")
    for sentence in refused[:PAGE]:
        flash(sentence, "warning")
    if not done and not refused:
        flash(_("Choose items first: tick the boxes before them."), "warning")
    asked: dict[str, Any] = {field: request.form[field] for field in (*FIELDS, "after") if request.form.get(field)}
    return redirect(url_for(".items", **asked), 303)


@author.get("/items/new")
@AUTHORS
def choose_type() -> ResponseReturnValue:
    """The types of item that there are, to begin one of."""
    return render_template(
        "assessments/author/new_item.html",
        types=[(kind.name, _(kind.title), _(kind.task)) for kind in ITEM_TYPES.values()],
        bank=request.args.get("bank", "")[:60],
    )


def _do(wish: str, item_id: UUID, revision: int) -> None:
    with transaction() as session:
        if wish == "submit":
            submit_item(session, item_id=item_id, person_id=current_user.id, at=clock.now())
        elif wish == "approve":
            approve_item(
                session,
                item_id=item_id,
                revision=revision,
                decision=Decision.LIVE,
                comment="",
                person_id=current_user.id,
                at=clock.now(),
            )


def _chosen() -> Iterator[tuple[UUID, int]]:
    """The items that were ticked, each with the revision that was on the page."""
    for chosen in request.form.getlist("item")[:PAGE]:
        name, _colon, revision = chosen.partition(":")
        try:
            yield UUID(name), int(revision or 0)
        except ValueError:
            continue


def _state_titles() -> list[tuple[str, str]]:
    return [
        (IN_REVIEW, _("in review")),
        (DRAFTED, _("being edited")),
        (ItemState.DRAFT.value, _("never published")),
        (ItemState.PILOT.value, _("pilot")),
        (ItemState.LIVE.value, _("live")),
        (ItemState.RETIRED.value, _("retired")),
    ]
