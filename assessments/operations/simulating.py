"""Simulated practice and sittings, through the same operations that people use."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.domain.simulated_people import probability_right
from assessments.models.attempts import FormItem
from assessments.models.items import AnswerKey, Item, ItemUse, ItemVersion
from assessments.operations.answering import save_response
from assessments.operations.practising import try_practice_item
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt
from lms.audit.operations import record

SECONDS_PER_ITEM = 75


def simulate_practice(
    session: Session, *, bank: str, person_id: UUID, ability: float, share: float, random: Random, at: datetime
) -> None:
    """Try about this share (0 to 1) of a bank's practice items, as somebody of this ability would."""
    rows = session.execute(
        select(Item.identifier, ItemVersion, AnswerKey)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(AnswerKey, AnswerKey.item_version_id == ItemVersion.id)
        .where(Item.bank == bank, Item.use == ItemUse.PRACTICE, ItemVersion.is_current, AnswerKey.is_current)
        .order_by(Item.identifier)
    )
    for number, (identifier, version, key) in enumerate(rows.all()):
        if random.random() < share:
            try_practice_item(
                session,
                identifier=identifier,
                person_id=person_id,
                response=_answer(version, key, ability, random),
                try_key=UUID(int=random.getrandbits(128), version=4),
                at=at + timedelta(seconds=number * SECONDS_PER_ITEM),
            )


def simulate_attempt(
    session: Session, *, test_slug: str, person_id: UUID, ability: float, random: Random, at: datetime
) -> UUID:
    """Sit a test as somebody of this ability would; it reads keys, and is audited for that."""
    seed = random.getrandbits(62)
    attempt_id = start_attempt(session, test_slug=test_slug, person_id=person_id, at=at, seed=seed)
    record(session, action="attempt.simulated", actor="assay demo", subject_id=attempt_id, at=at)
    rows = session.execute(
        select(FormItem.position, ItemVersion, AnswerKey)
        .join(ItemVersion, ItemVersion.id == FormItem.item_version_id)
        .join(AnswerKey, AnswerKey.id == FormItem.answer_key_id)
        .where(FormItem.attempt_id == attempt_id)
        .order_by(FormItem.position)
    )
    now = at
    for position, version, key in rows.all():
        now += timedelta(seconds=random.randint(SECONDS_PER_ITEM // 2, SECONDS_PER_ITEM))
        save_response(
            session,
            attempt_id=attempt_id,
            person_id=person_id,
            position=position,
            response=_answer(version, key, ability, random),
            sequence=1,
            at=now,
        )
    hand_in_attempt(session, attempt_id=attempt_id, person_id=person_id, at=now)
    return attempt_id


def _answer(version: ItemVersion, key: AnswerKey, ability: float, random: Random) -> dict[str, Any]:
    """The full answer when the person gets it right, otherwise what somebody who guesses would say."""
    kind = item_type(version.type)
    content = kind.content.model_validate(version.content)
    if random.random() < probability_right(ability, version.difficulty):
        return kind.full_response(content, kind.key.model_validate(key.key)).model_dump(mode="json")
    guesses = kind.simple_strategies(content)
    guess = guesses[random.choice(sorted(guesses))]
    response: dict[str, Any] = guess.model_dump(mode="json")
    return response
