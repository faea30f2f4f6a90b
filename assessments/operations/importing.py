"""Importing items from a file: all of it is read and checked first, then stored in one transaction."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.adapters.bounded_files import MOST_BYTES
from assessments.adapters.exchange import Format, Omission, ReadItem, Refusal, UnreadableFile
from assessments.models.authoring import DraftState, ItemDraft
from assessments.models.imports import ImportState
from assessments.models.items import Item
from assessments.operations.draft_spool import DraftSpool, Spooled
from assessments.operations.imported_drafts import Defaults, NoDraft, make_draft
from assessments.operations.publishing import Draft, publish_items
from assessments.operations.storing_drafts import store_drafts
from lms.audit.operations import record
from lms.errors import Invalid, TooLarge

MOST_ROWS = 200_000
MOST_TOLD = 1000  # refusals and omissions that a report repeats; the others are counted
_BATCH = 500  # items
_IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# Told after each row: what is being done, and how many rows it is done with.
Progress = Callable[[ImportState, int], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of a file: unless all of it `is_refused`, those read were made, unchanged or refused.

    `made` are new items, and known ones that got a new version or key. `refusals` and `omissions` are the first
    thousand of each, by row; `omitted` counts all omissions.
    """

    rows_read: int
    made: int
    unchanged: int
    refused: int
    omitted: int
    refusals: tuple[Refusal, ...]
    omissions: tuple[Omission, ...]
    is_dry_run: bool = False
    is_refused: bool = False


@dataclass(slots=True)
class _Tally:
    """What has been counted so far."""

    rows: int = 0
    refused: int = 0
    omitted: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)

    def refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        if len(self.refusals) < MOST_TOLD:
            self.refusals.append(refusal)

    def omit(self, omission: Omission) -> None:
        self.omitted += 1
        if len(self.omissions) < MOST_TOLD:
            self.omissions.append(omission)

    def report(self, *, made: int = 0, unchanged: int = 0, is_dry_run: bool, is_refused: bool = False) -> ImportReport:
        return ImportReport(
            rows_read=self.rows,
            made=made,
            unchanged=unchanged,
            refused=self.refused,
            omitted=self.omitted,
            refusals=tuple(sorted(self.refusals, key=lambda refusal: refusal.row)),
            omissions=tuple(self.omissions),
            is_dry_run=is_dry_run,
            is_refused=is_refused,
        )


def import_items(
    session: Session,
    *,
    format: Format,
    path: Path,
    bank: str,
    defaults: Defaults,
    at: datetime,
    is_dry_run: bool = False,
    actor: str = "assay items import",
    as_drafts_by: UUID | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Read a file and publish its items to a bank; what is known and unchanged stays as it is.

    With `as_drafts_by` they are not published but become that person's drafts, which others review.
    One refused row refuses the whole file, unless the format is a data set: then its sound rows are stored. The
    database is not touched before everything is read. A dry run stores, counts and takes it back.
    Raises TooLarge for more than 100 MB or 200,000 rows, Invalid for a file that cannot be read as this format.
    """
    if not _IDENTIFIER.fullmatch(bank) or len(bank) > 60:
        raise Invalid("a bank's name is lower case letters and digits, joined by hyphens, at most 60 characters")
    _check_size(path)
    tell = progress or (lambda _state, _rows: None)
    tally = _Tally()
    with DraftSpool() as spool:
        _read(format, path, defaults, spool, tally, tell)
        taken = _refuse_taken(session, bank, as_drafts_by, spool, tally)
        if tally.refused and not format.is_data_set:
            return tally.report(is_dry_run=is_dry_run, is_refused=True)
        trial = session.begin_nested()
        store = (
            partial(_publish, session, bank, at)
            if as_drafts_by is None
            else partial(_keep_as_drafts, session, bank, at, as_drafts_by)
        )
        made, stored = _store(spool, taken, store, tell)
        if is_dry_run:
            trial.rollback()
        else:
            trial.commit()
            record(
                session,
                action="items.imported",
                actor=actor,
                at=at,
                format=format.name,
                bank=bank,
                made=made,
                unchanged=stored - made,
                refused=tally.refused,
            )
    return tally.report(made=made, unchanged=stored - made, is_dry_run=is_dry_run)


def _check_size(path: Path) -> None:
    if not path.exists():
        raise Invalid(f"there is no file {path}")
    files = [path] if path.is_file() else [inner for inner in path.iterdir() if inner.is_file()]
    size = sum(file.stat().st_size for file in files)
    if size > MOST_BYTES:
        raise TooLarge(f"the file has {size:,} bytes; at most {MOST_BYTES:,} are taken at once")


def _read(format: Format, path: Path, defaults: Defaults, spool: DraftSpool, tally: _Tally, tell: Progress) -> None:
    """Read every row; sound drafts go to the spool, all else to the tally."""
    if format.read is None:
        raise Invalid(f"{format.name} can be written, not read")
    row_of: dict[str, int] = {}
    refused_row: int | None = None
    try:
        for entry in format.read(path):
            if isinstance(entry, Omission):
                if entry.row != refused_row:
                    tally.omit(entry)
                continue
            tally.rows += 1
            if tally.rows > MOST_ROWS:
                raise TooLarge(f"the file has more than {MOST_ROWS:,} rows; at most so many are taken at once")
            refusal = entry if isinstance(entry, Refusal) else _spool_or_refuse(entry, defaults, spool, row_of)
            if refusal is not None:
                refused_row = entry.row
                tally.refuse(refusal)
            tell(ImportState.READING, tally.rows)
    except UnreadableFile as fault:
        raise Invalid(f"the file cannot be read as {format.name}: {fault}") from fault


def _spool_or_refuse(item: ReadItem, defaults: Defaults, spool: DraftSpool, row_of: dict[str, int]) -> Refusal | None:
    try:
        draft = make_draft(item, defaults)
    except NoDraft as fault:
        return Refusal(item.row, item.where, str(fault))
    if draft.identifier in row_of:
        return Refusal(item.row, item.where, f"its identifier stands in row {row_of[draft.identifier]} already")
    row_of[draft.identifier] = item.row
    spool.add(Spooled(item.row, item.where, draft))
    return None


def _refuse_taken(
    session: Session, bank: str, person_id: UUID | None, spool: DraftSpool, tally: _Tally
) -> frozenset[str]:
    """Refuse items whose identifier is another bank's, or which somebody else is editing; return their identifiers."""
    taken: set[str] = set()
    for batch in spool.batches(_BATCH):
        known = select(Item.identifier, Item.bank, ItemDraft).outerjoin(ItemDraft, ItemDraft.item_id == Item.id)
        found = session.execute(known.where(Item.identifier.in_([entry.draft.identifier for entry in batch])))
        reasons = {}
        for identifier, owner, draft in found:
            if owner != bank:
                reasons[identifier] = f"its identifier is taken by an item of the bank {owner}"
            elif draft is not None and (draft.edited_by != person_id or draft.state is not DraftState.DRAFT):
                reasons[identifier] = "the item of its identifier is being edited or reviewed; that comes first"
        for entry in batch:
            if reason := reasons.get(entry.draft.identifier):
                tally.refuse(Refusal(entry.row, entry.where, reason))
        taken |= reasons.keys()
    return frozenset(taken)


def _publish(session: Session, bank: str, at: datetime, drafts: list[Draft]) -> int:
    done = publish_items(session, bank=bank, drafts=drafts, at=at, is_whole_bank=False)
    return done.new_keys  # a new version always gets a new key, so this counts either


def _keep_as_drafts(session: Session, bank: str, at: datetime, person_id: UUID, drafts: list[Draft]) -> int:
    return store_drafts(session, bank=bank, drafts=drafts, person_id=person_id, at=at)


def _store(
    spool: DraftSpool, taken: frozenset[str], store: Callable[[list[Draft]], int], tell: Progress
) -> tuple[int, int]:
    """Store what is not taken; return how many items were made, and how many there were."""
    made = stored = 0
    for batch in spool.batches(_BATCH):
        drafts = [entry.draft for entry in batch if entry.draft.identifier not in taken]
        made += store(drafts)
        stored += len(drafts)
        tell(ImportState.STORING, stored)
    return made, stored
