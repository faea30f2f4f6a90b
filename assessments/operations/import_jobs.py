"""Imports that authors ask for in the browser: the file is kept, a worker reads it, and says how far it is."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from assessments.adapters.file_formats import FORMATS, file_format
from assessments.models.imports import ImportState, ItemImport
from assessments.operations.imported_drafts import Defaults
from assessments.operations.importing import ImportReport, import_items
from lms import clock
from lms.db.scope import organisation_of
from lms.db.session import Database
from lms.errors import Invalid, NotFound, Refusal
from lms.outbox.operations import post

TOPIC = "items.import"
LARGEST_FILE = 100_000_000  # bytes
IN_THE_WORKER = 200_000  # bytes from which the page does not wait
STALE = timedelta(minutes=2)  # a worker that said nothing for so long is gone
_TOLD_EVERY = 200  # rows
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


class StillRunning(Exception):
    """Another worker is at this import; the message comes again later."""


def request_import(
    session: Session,
    *,
    format: str,
    file_name: str,
    file_hash: str,
    bank: str,
    skill: str,
    is_dry_run: bool,
    person_id: UUID,
    at: datetime,
) -> UUID:
    """Note what is asked for and leave it to the worker; return its id. Raises Invalid naming what does not fit."""
    if format not in FORMATS or FORMATS[format].read is None:
        raise Invalid("Choose the format of the file.")
    for name, value in (("bank", bank), ("skill", skill)):
        if not _NAME.fullmatch(value) or len(value) > 60:
            raise Invalid(f"The name of the {name} is lower case letters and digits, joined by hyphens.")
    wanted = ItemImport(
        id=uuid4(),
        organisation_id=organisation_of(session),
        format=format,
        file_name=file_name[:200] or "file",
        file_hash=file_hash,
        bank=bank,
        skill=skill,
        is_dry_run=is_dry_run,
        state=ImportState.WAITING,
        refusals=[],
        warnings=[],
        requested_by=person_id,
        requested_at=at,
        touched_at=at,
    )
    session.add(wanted)
    session.flush()
    post(session, topic=TOPIC, payload={"import_id": str(wanted.id)}, at=at)
    return wanted.id


def run_import(database: Database, *, organisation_id: UUID, import_id: UUID, folder: Path) -> None:
    """Read the file and store its items as drafts of the person who asked; running it again changes nothing.

    Raises StillRunning while another worker is at it.
    """
    wanted = _take(database, organisation_id, import_id)
    if wanted is None:
        return
    path = folder / wanted.file_hash

    def tell(state: ImportState, rows: int) -> None:
        # Only while the file is read: once its items are being stored, SQLite lets nobody else write.
        if state is ImportState.READING and rows % _TOLD_EVERY == 0:
            _touch(database, organisation_id, import_id, rows)

    try:
        with database.transaction(organisation_id) as session:
            report = import_items(
                session,
                format=file_format(wanted.format),
                path=path,
                bank=wanted.bank,
                defaults=Defaults(skill=wanted.skill),
                at=clock.now(),
                is_dry_run=wanted.is_dry_run,
                actor=str(wanted.requested_by),
                as_drafts_by=wanted.requested_by,
                progress=tell,
            )
    except Refusal as refusal:
        _finish(database, organisation_id, import_id, ImportState.REFUSED, reason=str(refusal))
    else:
        state = ImportState.REFUSED if report.is_refused else ImportState.DONE
        _finish(database, organisation_id, import_id, state, report=report)
    path.unlink(missing_ok=True)


def _take(database: Database, organisation_id: UUID, import_id: UUID) -> ItemImport | None:
    """The import, now being read by this worker; None when it is over."""
    now = clock.now()
    with database.transaction(organisation_id) as session:
        wanted = session.get(ItemImport, import_id)
        if wanted is None:
            raise NotFound("There is no such import.")
        if wanted.finished_at is not None:
            return None
        if wanted.state is not ImportState.WAITING and now - wanted.touched_at < STALE:
            raise StillRunning
        wanted.state, wanted.touched_at, wanted.rows_read = ImportState.READING, now, 0
        return wanted


def _touch(database: Database, organisation_id: UUID, import_id: UUID, rows: int) -> None:
    with database.transaction(organisation_id) as session:
        session.execute(
            update(ItemImport)
            .where(ItemImport.id == import_id, ItemImport.finished_at.is_(None))
            .values(rows_read=rows, touched_at=clock.now())
        )


def _finish(
    database: Database,
    organisation_id: UUID,
    import_id: UUID,
    state: ImportState,
    *,
    report: ImportReport | None = None,
    reason: str = "",
) -> None:
    told: dict[str, object] = {"refusals": [{"row": 0, "where": "", "reason": reason}] if reason else []}
    if report is not None:
        told = {
            "rows_read": report.rows_read,
            "made": report.made,
            "unchanged": report.unchanged,
            "refused": report.refused,
            "refusals": [{"row": r.row, "where": r.where, "reason": r.reason} for r in report.refusals],
            "warnings": [{"row": o.row, "where": o.where, "reason": o.reason} for o in report.omissions],
        }
    now = clock.now()
    with database.transaction(organisation_id) as session:
        session.execute(
            update(ItemImport)
            .where(ItemImport.id == import_id, ItemImport.finished_at.is_(None))
            .values(state=state, finished_at=now, touched_at=now, **told)
        )
