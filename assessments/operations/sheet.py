"""The answer sheet of an attempt: for operators, demonstrations and measurements; every look is audited."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.models.attempts import FormItem
from assessments.models.items import AnswerKey
from assessments.queries.versions import get_versions
from lms.audit.operations import record
from lms.errors import NotFound


def read_sheet(session: Session, *, attempt_id: UUID, actor: str, at: datetime) -> list[dict[str, Any]]:
    """Position, item, type and full-score response of every position. Raises NotFound."""
    rows = session.execute(
        select(FormItem.position, FormItem.item_version_id, AnswerKey.key)
        .join(AnswerKey, AnswerKey.id == FormItem.answer_key_id)
        .where(FormItem.attempt_id == attempt_id)
        .order_by(FormItem.position)
    ).all()
    if not rows:
        raise NotFound(f"There is no attempt {attempt_id}.")
    versions = get_versions(session, [row[1] for row in rows])
    sheet = []
    for position, version_id, key in rows:
        version = versions[version_id]
        kind = item_type(version.type)
        full = kind.full_response(version.content, kind.key.model_validate(key))
        line = {"position": position, "item": version.identifier, "type": version.type}
        sheet.append({**line, "response": full.model_dump(mode="json")})
    record(session, action="attempt.sheet_read", actor=actor, subject_id=attempt_id, at=at)
    return sheet
