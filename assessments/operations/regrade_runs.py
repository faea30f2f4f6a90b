"""Going through the attempts that a regrade affects, batch by batch: to foresee what changes, or to change it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assessments.domain.regrade_tally import read_tally
from assessments.domain.regrades import KeyChange
from assessments.domain.scores import as_stored
from assessments.models.attempts import Attempt
from assessments.models.items import AnswerKey
from assessments.models.regrades import Regrade, RegradeChange, RegradeState
from assessments.models.results import ItemResult
from assessments.operations.regraded_results import Change, apply_change, change_values
from assessments.operations.scoring_attempts import result_of, score_attempts
from assessments.queries.regrades import affected_attempts
from assessments.queries.regrades_in_force import Supposed
from assessments.queries.tests import TestSummary, get_terms
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into

BATCH = 100  # attempts a transaction
AHEAD = 50  # batches that are read ahead
# An attempt that was being graded while the regrade was committed may not have heard of it: it is looked at again.
LATE = timedelta(minutes=5)


class Upcoming:
    """The attempts that come next, read many batches ahead: each time the database goes through all that are left."""

    def __init__(self) -> None:
        self._after: UUID | None = None
        self._ids: list[UUID] = []

    def take(self, session: Session, regrade: Regrade) -> list[UUID]:
        """The ids of the next batch; fewer than a batch at the end. Another worker's progress is taken into account."""
        if not self._ids or regrade.cursor != self._after:
            todo = affected_attempts(session, regrade)
            if regrade.cursor is not None:
                todo = todo.where(Attempt.id > regrade.cursor)
            self._ids = list(session.scalars(todo.limit(AHEAD * BATCH)))
        taken, self._ids = self._ids[:BATCH], self._ids[BATCH:]
        self._after = taken[-1] if taken else regrade.cursor
        return taken


def run_batch(
    session: Session, *, regrade_id: UUID, base_url: str, at: datetime, upcoming: Upcoming | None = None
) -> bool:
    """Go through the next attempts; True once all were gone through. Where it stopped is kept with what it did.

    Whoever holds the regrade's row does the next batch, so that workers take turns and none does one twice.
    """
    regrade = session.scalars(
        select(Regrade).where(Regrade.id == regrade_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if regrade is None or regrade.finished_at is not None or regrade.state is RegradeState.WITHDRAWN:
        return True
    is_dry = regrade.state is RegradeState.PROPOSED
    if is_dry and regrade.cursor is None:
        _forget_foreseen(session, regrade_id)
    ids = (upcoming or Upcoming()).take(session, regrade)
    tally = read_tally(regrade.tally)
    for change in _changes(session, regrade, ids):
        tally.add(
            change.old_score,
            as_stored(change.result.score),
            had_passed=bool(change.attempt.has_passed),
            has_passed=change.result.has_passed,
            is_changed=change.is_change,
        )
        if change.is_change and is_dry:
            _foresee(session, regrade_id, change)
        elif change.is_change:
            apply_change(session, regrade, change, base_url=base_url, at=at)
    regrade.tally, regrade.seen = tally.as_json(), regrade.seen + len(ids)
    if ids:
        regrade.cursor = ids[-1]
    if len(ids) == BATCH:
        return False
    regrade.finished_at = at
    if not is_dry:
        _forget_foreseen(session, regrade_id)  # what is foreseen still was not changed: it is as it should be
    return True


def look_again(session: Session, *, regrade_id: UUID, base_url: str, at: datetime) -> int:
    """Change what was being graded while the regrade was committed; return how many that were."""
    regrade = session.get_one(Regrade, regrade_id)
    if regrade.committed_at is None:
        return 0
    earliest, latest = regrade.committed_at - LATE, regrade.committed_at + LATE
    lately = affected_attempts(session, regrade).where(Attempt.graded_at.between(earliest, latest))
    ids, count = session.scalars(lately).all(), 0
    for start in range(0, len(ids), BATCH):
        for change in _changes(session, regrade, ids[start : start + BATCH]):
            if change.is_change:
                apply_change(session, regrade, change, base_url=base_url, at=at)
                count += 1
    return count


def _changes(session: Session, regrade: Regrade, ids: Sequence[UUID]) -> list[Change]:
    """What each of these attempts becomes; their rows are held, so that nobody grades or releases them meanwhile."""
    if not ids:
        return []
    attempts = {
        attempt.id: attempt
        for attempt in session.scalars(
            select(Attempt)
            .where(Attempt.id.in_(ids))
            .order_by(Attempt.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    scored = score_attempts(session, ids, supposing=_supposed(session, regrade))
    points = _stored_points(session, ids)
    terms: dict[UUID, TestSummary] = {}
    changes = []
    for attempt_id in ids:
        attempt, positions = attempts[attempt_id], scored[attempt_id]
        if attempt.test_version_id not in terms:
            terms[attempt.test_version_id] = get_terms(session, attempt.test_version_id)
        result = result_of(positions, terms[attempt.test_version_id])
        if result is None:  # the new key would have a marker read what no marker has read
            continue
        place = next(one for one in positions if one.version_id == regrade.item_version_id)
        old = points.get((attempt_id, place.position))
        changes.append(Change(attempt, place, positions, result, terms[attempt.test_version_id], old))
    return changes


def _supposed(session: Session, regrade: Regrade) -> Supposed | None:
    """The regrade while it is only proposed; a committed one counts by itself."""
    if regrade.state is RegradeState.COMMITTED:
        return None
    raw = None if regrade.new_key_id is None else session.get_one(AnswerKey, regrade.new_key_id).key
    return Supposed(regrade.item_version_id, KeyChange(regrade.old_key_id, regrade.new_key_id), raw)


def _stored_points(session: Session, ids: Sequence[UUID]) -> Mapping[tuple[UUID, int], Fraction]:
    rows = session.execute(
        select(ItemResult.attempt_id, ItemResult.position, ItemResult.points).where(ItemResult.attempt_id.in_(ids))
    )
    return {(attempt_id, position): points for attempt_id, position, points in rows}


def _forget_foreseen(session: Session, regrade_id: UUID) -> None:
    session.execute(
        delete(RegradeChange).where(RegradeChange.regrade_id == regrade_id, RegradeChange.applied_at.is_(None))
    )


def _foresee(session: Session, regrade_id: UUID, change: Change) -> None:
    session.execute(
        insert_into(session, RegradeChange)
        .values(**change_values(regrade_id, change), organisation_id=organisation_of(session))
        .on_conflict_do_nothing()
    )
