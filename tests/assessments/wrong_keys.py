"""A test with a wrong key, people who sat it, and the key's repair."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.models.attempts import FormItem
from assessments.models.items import AnswerKey, Item, ItemVersion
from assessments.operations.answering import save_response
from assessments.operations.publishing import publish_items
from assessments.operations.regrade_runs import run_batch
from assessments.operations.regrading import commit_regrade, propose_regrade
from assessments.operations.sheet import read_sheet
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt
from tests.assessments.factories import BANK, CONTENT, make_bank, make_draft, make_test

WRONG, RIGHT = {"choices": ["a"]}, {"choices": ["b"]}
FAULTY = "choice-1"
QUESTION = {**CONTENT["choice"], "prompt": "Which boat leaves the harbour first on a Sunday in winter?"}
REASON = "Two timetables were in the harbour, and the key followed last year’s."
BASE_URL = "http://127.0.0.1:8000"


def make_faulty_test(session: Session, *, at: datetime, **terms: Any) -> None:
    """The ferry test of eight items, all of them in every form; the key of the first choice is wrong."""
    make_bank(session, at=at, per_type=2)
    state_key(session, WRONG, at=at)
    make_test(session, at=at, **terms)


def state_key(session: Session, key: Mapping[str, Any], *, at: datetime) -> UUID:
    """Make this the current key of the faulty item, whose content stays, and return its id."""
    draft = replace(
        make_draft(FAULTY, key=dict(key)),
        content=item_type("choice").content.model_validate(QUESTION).model_dump(mode="json"),
        temptations=dict.fromkeys("abc", "It looks right."),
    )
    publish_items(session, bank=BANK, drafts=[draft], at=at, is_whole_bank=False)
    return current_key(session)


def current_key(session: Session) -> UUID:
    return session.scalars(
        select(AnswerKey.id)
        .join(ItemVersion, ItemVersion.id == AnswerKey.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.identifier == FAULTY, ItemVersion.is_current, AnswerKey.is_current)
    ).one()


def sit_faulty(
    session: Session, person_id: UUID, *, at: datetime, faulty: Mapping[str, Any] | None, right: int, seed: int = 1
) -> UUID:
    """Sit the test with this answer to the faulty item and so many right ones of the other seven."""
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person_id, at=at, seed=seed)
    sheet = read_sheet(session, attempt_id=attempt_id, actor="test", at=at)
    others = [line for line in sheet if line["item"] != FAULTY][:right]
    answers = {line["position"]: line["response"] for line in others}
    if faulty is not None:
        answers |= {line["position"]: dict(faulty) for line in sheet if line["item"] == FAULTY}
    for position, response in answers.items():
        save_response(
            session,
            attempt_id=attempt_id,
            person_id=person_id,
            position=position,
            response=response,
            sequence=1,
            at=at,
        )
    hand_in_attempt(session, attempt_id=attempt_id, person_id=person_id, at=at)
    return attempt_id


def position_of_fault(session: Session, attempt_id: UUID) -> int:
    return session.scalars(
        select(FormItem.position)
        .join(ItemVersion, ItemVersion.id == FormItem.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(FormItem.attempt_id == attempt_id, Item.identifier == FAULTY)
    ).one()


def run_through(session: Session, regrade_id: UUID, *, at: datetime) -> None:
    """The worker, within this transaction."""
    while not run_batch(session, regrade_id=regrade_id, base_url=BASE_URL, at=at):
        pass


def propose(
    session: Session, old: UUID, new: UUID | None, person_id: UUID, *, at: datetime, reason: str = REASON
) -> UUID:
    """Propose a regrade and have it foreseen."""
    regrade_id = propose_regrade(session, old_key_id=old, new_key_id=new, reason=reason, person_id=person_id, at=at)
    run_through(session, regrade_id, at=at)
    return regrade_id


def regrade(session: Session, old: UUID, new: UUID | None, first: UUID, second: UUID, *, at: datetime) -> UUID:
    """Propose, commit and carry out."""
    regrade_id = propose(session, old, new, first, at=at)
    commit_regrade(session, regrade_id=regrade_id, note="Looked it up.", person_id=second, at=at)
    run_through(session, regrade_id, at=at)
    return regrade_id
