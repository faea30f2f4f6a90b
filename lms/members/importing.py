"""Invitations from a file: a worker checks it, somebody confirms, then it is worked off in batches; none twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms import clock
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.session import Database
from lms.errors import Conflict, NotFound
from lms.members.invitation_files import Fault, Sound, UnreadableFile, read_rows
from lms.members.invitations import Wish, find_known, invite_many
from lms.members.models import ImportState, InvitationImport
from lms.outbox.operations import NotYet, post

TOPIC = "members.import"
LARGEST_FILE = 50_000_000  # bytes
IN_THE_WORKER = 200_000  # bytes from which the page does not wait
STALE = timedelta(minutes=2)  # a worker that said nothing for so long is gone
BATCH = 500  # rows
TURN = 5_000  # rows after which other messages come first
MOST_TOLD = 1000  # refusals that are kept; the others are counted
_OVER = (ImportState.DONE, ImportState.REFUSED, ImportState.DROPPED)


@dataclass(slots=True)
class _Found:
    """What a check has come upon so far."""

    rows: int = 0
    invitable: int = 0
    known: int = 0
    refusals: list[dict[str, object]] = field(default_factory=list)
    refused: int = 0

    def refuse(self, fault: Fault) -> None:
        self.refused += 1
        if len(self.refusals) < MOST_TOLD:
            self.refusals.append({"row": fault.number, "column": fault.column, "reason": fault.reason})


def request_import(session: Session, *, file_name: str, file_hash: str, person_id: UUID, at: datetime) -> UUID:
    """Note what is asked for and leave the check to the worker; return the id of the import."""
    wanted = InvitationImport(
        id=uuid4(),
        organisation_id=organisation_of(session),
        file_name=file_name[:200] or "file",
        file_hash=file_hash,
        state=ImportState.WAITING,
        refusals=[],
        requested_by=person_id,
        requested_at=at,
    )
    session.add(wanted)
    session.flush()
    _wake(session, wanted.id, at)
    return wanted.id


def confirm_import(session: Session, *, import_id: UUID, by: UUID, at: datetime) -> None:
    """Invite everybody whom the check found sound. Raises NotFound, Conflict when it is not waiting for that."""
    _leave_checked(session, import_id, state=ImportState.INVITING, touched_at=None)
    record(session, action="invitations.import-confirmed", actor=by, subject_id=import_id, at=at)
    _wake(session, import_id, at)


def drop_import(session: Session, *, import_id: UUID, by: UUID, at: datetime) -> None:
    """Invite nobody. Raises NotFound, Conflict when it is not waiting for that."""
    _leave_checked(session, import_id, state=ImportState.DROPPED, finished_at=at)
    record(session, action="invitations.import-dropped", actor=by, subject_id=import_id, at=at)


def get_import(session: Session, *, import_id: UUID) -> InvitationImport:
    """Raises NotFound."""
    found = session.scalars(select(InvitationImport).where(InvitationImport.id == import_id)).one_or_none()
    if found is None:
        raise NotFound(_("There is no such import."))
    return found


def list_imports(session: Session, *, limit: int = 20) -> list[InvitationImport]:
    """The newest imports."""
    newest = select(InvitationImport).order_by(InvitationImport.requested_at.desc(), InvitationImport.id.desc())
    return list(session.scalars(newest.limit(limit)))


def run_import(database: Database, *, organisation_id: UUID, import_id: UUID, folder: Path, base_url: str) -> None:
    """Do what is next: check the file, or invite from where it was left. Again changes nothing.

    Raises NotYet while another worker is at it.
    """
    wanted = _take(database, organisation_id, import_id)
    if wanted is None:
        return
    path = folder / wanted.file_hash
    try:
        if wanted.state is ImportState.CHECKING:
            _check(database, wanted, path)
        else:
            _work_off(database, wanted, path, base_url)
    except (UnreadableFile, FileNotFoundError) as fault:
        reason = str(fault) if isinstance(fault, UnreadableFile) else "The file is gone; send it again."
        _end(database, wanted, state=ImportState.REFUSED, finished_at=clock.now(), reason=reason[:500])
    _forget_file(database, path, wanted.file_hash)


def _take(database: Database, organisation_id: UUID, import_id: UUID) -> InvitationImport | None:
    """The import, now in the hands of this worker; None when nothing is to be done."""
    now = clock.now()
    with database.transaction(organisation_id) as session:
        wanted = get_import(session, import_id=import_id)
        if wanted.state not in (ImportState.WAITING, ImportState.CHECKING, ImportState.INVITING):
            return None
        if wanted.touched_at is not None and now - wanted.touched_at < STALE:
            raise NotYet(wanted.touched_at + STALE)
        wanted.touched_at = now
        if wanted.state is ImportState.WAITING:
            wanted.state = ImportState.CHECKING
        return wanted


def _check(database: Database, wanted: InvitationImport, path: Path) -> None:
    """Read all of it, and count who could be invited; nobody is yet."""
    found = _Found()
    for batch in _batches(read_rows(path)):
        found.rows += len(batch)
        for row in batch:
            if isinstance(row, Fault):
                found.refuse(row)
        sound = {(row.email, row.role) for row in batch if isinstance(row, Sound)}
        with database.transaction(wanted.organisation_id) as session:
            known = find_known(session, keys=sound, at=clock.now())
            found.known += len(known)
            found.invitable += len(sound) - len(known)
            _say(session, wanted, ImportState.CHECKING, rows_read=found.rows)
    if not found.rows:
        raise UnreadableFile("The file names columns and nobody below them.")
    _end(
        database,
        wanted,
        state=ImportState.CHECKED,
        rows_read=found.rows,
        invitable=found.invitable,
        known=found.known,
        refused=found.refused,
        refusals=found.refusals,
        touched_at=None,
    )


def _work_off(database: Database, wanted: InvitationImport, path: Path, base_url: str) -> None:
    """Invite from the next row on, each batch in one transaction with the place that it leads to.

    Raises NotYet at the end of a turn, so that one large file holds up nobody else's mail.
    """
    place = wanted.next_row
    invited, known, refused = (wanted.invited, wanted.known, wanted.refused) if place > 1 else (0, 0, 0)
    for batch in _batches(read_rows(path, start=place)):
        wishes = [Wish(row.email, row.role, row.name, dict(row.labels)) for row in batch if isinstance(row, Sound)]
        now, is_turn_over = clock.now(), place + len(batch) - wanted.next_row >= TURN
        with database.transaction(wanted.organisation_id) as session:
            done = invite_many(
                session, wishes=wishes, by=wanted.requested_by, base_url=base_url, at=now, import_id=wanted.id
            )
            made = sum(1 for each in done if each is not None)
            invited, known, refused = invited + made, known + len(wishes) - made, refused + len(batch) - len(wishes)
            _say(
                session,
                wanted,
                ImportState.INVITING,
                place=place,
                next_row=place + len(batch),
                invited=invited,
                known=known,
                refused=refused,
                touched_at=None if is_turn_over else now,
            )
        if is_turn_over:
            raise NotYet(now)
        place += len(batch)
    with database.transaction(wanted.organisation_id) as session:
        _say(session, wanted, ImportState.INVITING, place=place, state=ImportState.DONE, finished_at=clock.now())
        record(
            session,
            action="invitations.imported",
            actor=wanted.requested_by,
            subject_id=wanted.id,
            at=clock.now(),
            invited=invited,
            known=known,
            refused=refused,
        )


def _batches(rows: Iterator[Sound | Fault]) -> Iterator[list[Sound | Fault]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _say(
    session: Session, wanted: InvitationImport, state: ImportState, /, *, place: int | None = None, **how_far: object
) -> None:
    """Note how far it is. Raises NotYet when another worker has taken over: then this batch is taken back."""
    own = (InvitationImport.id == wanted.id) & (InvitationImport.state == state)
    if place is not None:
        own &= InvitationImport.next_row == place
    noted = session.execute(
        update(InvitationImport)
        .where(own)
        .values({"touched_at": clock.now(), **how_far})
        .returning(InvitationImport.id)
    ).scalar_one_or_none()
    if noted is None:
        raise NotYet(clock.now() + STALE)


def _end(database: Database, wanted: InvitationImport, **says: object) -> None:
    with database.transaction(wanted.organisation_id) as session:
        _say(session, wanted, wanted.state, **says)  # type: ignore[arg-type]  # values of its own columns


def _leave_checked(session: Session, import_id: UUID, **says: object) -> None:
    left = session.execute(
        update(InvitationImport)
        .where(InvitationImport.id == import_id, InvitationImport.state == ImportState.CHECKED)
        .values(says)
        .returning(InvitationImport.id)
    ).scalar_one_or_none()
    if left is None:
        get_import(session, import_id=import_id)
        raise Conflict(_("This file was decided on before. Look at how far it is."))


def _wake(session: Session, import_id: UUID, at: datetime) -> None:
    post(session, topic=TOPIC, payload={"import_id": str(import_id)}, at=at)


def _forget_file(database: Database, path: Path, file_hash: str) -> None:
    """Remove the file unless an import, of whomever, still needs it."""
    with database.reading() as session:
        needed = select(InvitationImport.id).where(
            InvitationImport.file_hash == file_hash, InvitationImport.state.not_in(_OVER)
        )
        if session.scalars(needed.limit(1)).first() is None:
            path.unlink(missing_ok=True)
