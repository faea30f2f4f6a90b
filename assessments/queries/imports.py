"""Imports: what somebody brought in, how far it is, and what became of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.models.imports import ImportState, ItemImport
from lms.accounts.models import Person
from lms.errors import NotFound

NEWEST = 50


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import as pages show it."""

    id: UUID
    format: str
    file_name: str
    bank: str
    is_dry_run: bool
    state: ImportState
    rows_read: int
    made: int
    unchanged: int
    refused: int
    refusals: Sequence[dict[str, Any]]
    omissions: Sequence[dict[str, Any]]
    requested_by: str | None
    requested_at: datetime
    finished_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None


def list_imports(session: Session) -> list[ImportLine]:
    """The newest imports of the organisation."""
    return [_line(*row) for row in session.execute(_all().order_by(ItemImport.requested_at.desc()).limit(NEWEST))]


def get_import(session: Session, import_id: UUID) -> ImportLine:
    """Raises NotFound."""
    row = session.execute(_all().where(ItemImport.id == import_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such import.")
    return _line(*row)


def _all() -> Any:
    return select(ItemImport, Person.name).outerjoin(Person, Person.id == ItemImport.requested_by)


def _line(done: ItemImport, name: str | None) -> ImportLine:
    return ImportLine(
        id=done.id,
        format=done.format,
        file_name=done.file_name,
        bank=done.bank,
        is_dry_run=done.is_dry_run,
        state=done.state,
        rows_read=done.rows_read,
        made=done.made,
        unchanged=done.unchanged,
        refused=done.refused,
        refusals=done.refusals,
        omissions=done.warnings,
        requested_by=name,
        requested_at=done.requested_at,
        finished_at=done.finished_at,
    )
