"""Which form an attempt was given, read from the database beside the server, so that its answers are known."""

import asyncio
import threading
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from assessments.models.attempts import FormItem
from benchmarks.load.answers import Answers
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID


@dataclass(frozen=True, slots=True)
class FormPlace:
    """One position of a form, with its answers."""

    position: int
    is_scored: bool
    answers: Answers


class Forms:
    """Looks forms up in a thread: one small read an attempt, which is all that the driver asks of the database."""

    def __init__(self, database: Database, answers: dict[tuple[UUID, UUID], Answers]) -> None:
        self._database = database
        self._answers = answers
        self._one_at_a_time = threading.Lock()

    async def of(self, attempt_id: UUID) -> list[FormPlace]:
        return await asyncio.to_thread(self._read, attempt_id)

    def _read(self, attempt_id: UUID) -> list[FormPlace]:
        found = (
            select(FormItem.position, FormItem.is_scored, FormItem.item_version_id, FormItem.answer_key_id)
            .where(FormItem.attempt_id == attempt_id)
            .order_by(FormItem.position)
        )
        with self._one_at_a_time, self._database.reading(PUBLIC_ORGANISATION_ID) as session:
            rows = session.execute(found).all()
        return [FormPlace(position, scored, self._answers[version, key]) for position, scored, version, key in rows]
