"""Deciding on items: a finished draft is submitted, and a second person returns it or makes it pilot or live."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assessments.models.authoring import Decision, DraftState, ItemDraft, ItemReview
from assessments.models.items import Item, ItemState
from assessments.operations.checking_items import Checked, Unfinished, check_written
from assessments.operations.publishing import publish_version
from assessments.queries.near_duplicates import find_near_duplicates
from assessments.queries.stored_items import OpenDraft, StoredItem, get_stored_item
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid, NotAllowed

LONGEST_COMMENT = 4000
_STATES = {Decision.PILOT: ItemState.PILOT, Decision.LIVE: ItemState.LIVE}


def submit_item(
    session: Session, *, item_id: UUID, person_id: UUID, at: datetime, acknowledged: Collection[UUID] = ()
) -> None:
    """Ask for a second person's decision on the draft; it cannot be edited meanwhile.

    `acknowledged` are items of nearly the same stem that the author has looked at. Raises Invalid naming all that is
    unfinished, and for a near duplicate that nobody looked at; NotFound; Conflict without an open draft.
    """
    stored = get_stored_item(session, item_id)
    draft = stored.draft
    if draft is None or draft.is_in_review:
        raise Conflict("This item is in review already." if draft else "This item has no draft to submit.")
    checked = _checked(stored, draft)
    alike = find_near_duplicates(session, stem=checked.content.stem, item_id=item_id)
    if unseen := [one for one in alike if one.item_id not in acknowledged]:
        named = ", ".join(one.identifier for one in unseen)
        raise Invalid(
            f"There is an item that asks nearly the same: {named}. Look at it, and confirm that both are meant."
        )
    asked = session.execute(
        update(ItemDraft)
        .where(ItemDraft.item_id == item_id, ItemDraft.revision == draft.revision, ItemDraft.state == DraftState.DRAFT)
        .values(state=DraftState.IN_REVIEW, submitted_by=person_id, submitted_at=at)
        .returning(ItemDraft.item_id)
    ).scalar_one_or_none()
    if asked is None:
        raise Conflict("Somebody changed this item in the meantime. Reload the page to see it.")
    _touch(session, item_id, at)
    record(
        session,
        action="item.submitted",
        actor=person_id,
        subject_id=item_id,
        at=at,
        revision=draft.revision,
        acknowledged=[one.identifier for one in alike],
    )


def withdraw_item(session: Session, *, item_id: UUID, person_id: UUID, at: datetime) -> None:
    """Take a draft out of review, to go on editing it. Raises NotFound, Conflict when it is not in review."""
    get_stored_item(session, item_id)
    if not _reopen(session, item_id, None):
        raise Conflict("This item is not in review.")
    _touch(session, item_id, at)
    record(session, action="item.withdrawn", actor=person_id, subject_id=item_id, at=at)


def return_item(session: Session, *, item_id: UUID, revision: int, comment: str, person_id: UUID, at: datetime) -> None:
    """Give a draft back to its authors with the reason.

    Raises Invalid without a reason, NotAllowed for whoever edited or submitted it, NotFound, Conflict.
    """
    if not comment.strip():
        raise Invalid("Say what has to change, so that its author can mend it.")
    draft = _in_review(session, item_id, revision, person_id)[1]
    if not _reopen(session, item_id, revision):
        raise Conflict("Somebody decided on this item in the meantime.")
    _keep_review(session, item_id, draft, None, Decision.RETURNED, comment, person_id, at)
    _touch(session, item_id, at)
    record(
        session,
        action="item.returned",
        actor=person_id,
        subject_id=item_id,
        at=at,
        revision=revision,
        comment=_short(comment),
    )


def approve_item(
    session: Session,
    *,
    item_id: UUID,
    revision: int,
    decision: Decision,
    comment: str,
    person_id: UUID,
    at: datetime,
) -> UUID:
    """Publish a draft: its words become the item's current version and key; return the version's id.

    Attempts keep the versions that they have. Raises NotAllowed for whoever edited or submitted the draft, Invalid
    when it is unfinished, or for a pilot of an item that is live; NotFound; Conflict when somebody decided before.
    """
    stored, draft = _in_review(session, item_id, revision, person_id)
    if decision is Decision.PILOT and stored.state is ItemState.LIVE:
        raise Invalid("This item is live and scored. Its new version goes live as well, or is returned.")
    checked = _checked(stored, draft)
    removed = session.execute(
        delete(ItemDraft)
        .where(ItemDraft.item_id == item_id, ItemDraft.revision == revision, ItemDraft.state == DraftState.IN_REVIEW)
        .returning(ItemDraft.item_id)
    ).scalar_one_or_none()
    if removed is None:
        raise Conflict("Somebody decided on this item in the meantime.")
    item = session.scalars(select(Item).where(Item.id == item_id)).one()
    item.state, item.retired_by, item.changed_at = _STATES[decision], None, at
    version_id = publish_version(session, item, checked.draft, at=at, created_by=draft.edited_by, approved_by=person_id)
    _keep_review(session, item_id, draft, version_id, decision, comment, person_id, at)
    record(
        session,
        action="item.approved",
        actor=person_id,
        subject_id=item_id,
        at=at,
        revision=revision,
        decision=decision.value,
        version=str(version_id),
    )
    return version_id


def _in_review(session: Session, item_id: UUID, revision: int, person_id: UUID) -> tuple[StoredItem, OpenDraft]:
    """The draft, for somebody who may decide on it: a second person, on what they have seen."""
    stored = get_stored_item(session, item_id)
    draft = stored.draft
    if draft is None or not draft.is_in_review:
        raise Conflict("This item is not in review; perhaps somebody decided on it in the meantime.")
    if person_id in (draft.edited_by, draft.submitted_by):
        raise NotAllowed("A second person decides: you edited or submitted this item yourself.")
    if draft.revision != revision:
        raise Conflict("This item was changed and submitted again. Reload the page to see it as it is now.")
    return stored, draft


def _checked(stored: StoredItem, draft: OpenDraft) -> Checked:
    try:
        return check_written(stored.type, draft.written)
    except Unfinished as fault:
        raise Invalid(f"{stored.identifier} is not finished: {fault}") from fault


def _reopen(session: Session, item_id: UUID, revision: int | None) -> bool:
    """Make a draft in review (of this revision, where one is given) an open one; False when there is none."""
    reopened = update(ItemDraft).where(ItemDraft.item_id == item_id, ItemDraft.state == DraftState.IN_REVIEW)
    if revision is not None:
        reopened = reopened.where(ItemDraft.revision == revision)
    values = {"state": DraftState.DRAFT, "submitted_by": None, "submitted_at": None}
    return session.execute(reopened.values(**values).returning(ItemDraft.item_id)).scalar_one_or_none() is not None


def _keep_review(
    session: Session,
    item_id: UUID,
    draft: OpenDraft,
    version_id: UUID | None,
    decision: Decision,
    comment: str,
    person_id: UUID,
    at: datetime,
) -> None:
    session.add(
        ItemReview(
            organisation_id=organisation_of(session),
            item_id=item_id,
            item_version_id=version_id,
            edited_by=draft.edited_by,
            submitted_by=draft.submitted_by,
            submitted_at=draft.submitted_at,
            decided_by=person_id,
            decided_at=at,
            decision=decision,
            comment=_short(comment),
        )
    )
    session.flush()


def _short(comment: str) -> str:
    return comment.strip()[:LONGEST_COMMENT]


def _touch(session: Session, item_id: UUID, at: datetime) -> None:
    session.execute(update(Item).where(Item.id == item_id).values(changed_at=at))
