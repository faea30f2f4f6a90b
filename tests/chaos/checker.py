"""The checker: what was acknowledged, stored and sent in one sitting must agree; every disagreement is a violation."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.chaos.history import Outcome, Save, Sitting, of_position, tell

SLACK = timedelta(seconds=1)  # candidate and server read one clock; what is judged by it leaves this much room


@dataclass(frozen=True, slots=True)
class StoredResponse:
    sequence: int
    response: Mapping[str, Any]
    saved_at: datetime


@dataclass(slots=True)
class StoredAttempt:
    """What the database says of one attempt, read when all is over."""

    id: str
    state: str
    deadline_at: datetime
    submitted_at: datetime | None
    score: Fraction | None
    has_passed: bool | None
    regraded: tuple[Fraction | None, bool] | None  # the result computed anew from what is stored
    form_count: int
    result_count: int
    responses: dict[int, StoredResponse] = field(default_factory=dict)
    late: dict[int, StoredResponse] = field(default_factory=dict)
    certificates: int = 0
    letters: int = 0  # mails that say that a certificate is ready


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken, with the attempt and the events that show it."""

    rule: str
    attempt: str
    what: str
    events: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n    ".join([f"{self.rule}: attempt {self.attempt}: {self.what}", *self.events])


def check_sitting(sitting: Sitting, attempts: list[StoredAttempt]) -> list[Violation]:
    """Everything that must hold of one candidate's sitting, given what is stored of it."""
    found = list(_check_start(sitting, attempts))
    for attempt in attempts:
        found += _check_saved(sitting, attempt)
        found += _check_times(sitting, attempt)
        found += _check_late(sitting, attempt)
        found += _check_result(sitting, attempt)
    return found


def _violation(rule: str, sitting: Sitting, attempt_id: str, what: str, position: int | None = None) -> Violation:
    return Violation(rule, attempt_id or sitting.candidate, what, tuple(tell(sitting, position)))


def _check_start(sitting: Sitting, attempts: list[StoredAttempt]) -> Iterator[Violation]:
    stored = {attempt.id for attempt in attempts}
    if len(stored) > 1 or len(sitting.attempt_ids) > 1:
        yield _violation("one start", sitting, "", f"started {stored | sitting.attempt_ids}")
    if not sitting.attempt_ids <= stored:
        yield _violation("a start is kept", sitting, "", f"was told of {sitting.attempt_ids}, stored are {stored}")
    for fault in sitting.faults:
        yield _violation("nothing odd is answered", sitting, "", fault)


def _check_saved(sitting: Sitting, attempt: StoredAttempt) -> Iterator[Violation]:
    """Acknowledged is within stored, stored within sent."""
    for position in sorted({save.position for save in sitting.saves} | set(attempt.responses)):
        saves = of_position(sitting.saves, position)
        stored = attempt.responses.get(position)
        acknowledged = [save for save in saves if save.outcome is Outcome.SAVED]
        highest = max((save.sequence for save in acknowledged), default=0)
        if stored is None:
            if acknowledged:
                yield _violation("no answer is lost", sitting, attempt.id, "acknowledged and gone", position)
            continue
        if stored.sequence < highest:
            what = f"sequence {highest} was acknowledged, {stored.sequence} is stored"
            yield _violation("no answer is lost", sitting, attempt.id, what, position)
        if not any(_is(save, stored) for save in saves):
            what = f"stored is {dict(stored.response)} as {stored.sequence}, which nobody sent"
            yield _violation("only what was sent is stored", sitting, attempt.id, what, position)
        if any(save.sequence == stored.sequence and not _is(save, stored) for save in acknowledged):
            what = f"stored is {dict(stored.response)} as {stored.sequence}, something else was acknowledged"
            yield _violation("no answer is lost", sitting, attempt.id, what, position)


def _is(save: Save, stored: StoredResponse) -> bool:
    return save.sequence == stored.sequence and save.response == dict(stored.response)


def _check_times(sitting: Sitting, attempt: StoredAttempt) -> Iterator[Violation]:
    for position, stored in attempt.responses.items():
        if stored.saved_at > attempt.deadline_at:
            what = f"saved at {stored.saved_at}, the deadline was {attempt.deadline_at}"
            yield _violation("nothing after the deadline", sitting, attempt.id, what, position)
    for save in sitting.saves:
        if save.outcome is Outcome.SAVED and _was_over(sitting, attempt, save.first_sent_at):
            yield _violation("nothing after the end", sitting, attempt.id, "accepted too late", save.position)
        if save.outcome is Outcome.SAVED and _was_fenced(sitting, save):
            yield _violation("one pen", sitting, attempt.id, "accepted from a window without the pen", save.position)
        if save.outcome in (Outcome.CLOSED, Outcome.LATE) and not _may_be_over(sitting, attempt, save):
            yield _violation("nothing refused in time", sitting, attempt.id, "refused in time", save.position)


def _was_over(sitting: Sitting, attempt: StoredAttempt, at: datetime) -> bool:
    """Whether the attempt was surely over when the candidate first sent something."""
    if sitting.submit_told_at is not None and at > sitting.submit_told_at:
        return True
    return not sitting.clock_was_wrong and at > attempt.deadline_at + SLACK


def _was_fenced(sitting: Sitting, save: Save) -> bool:
    """Whether another window surely had the pen when this was first sent, and this changed what is stored.

    What equals the stored answer is called saved whoever sends it: it is.
    """
    if save.epoch is None or not any(at < save.first_sent_at and epoch > save.epoch for at, epoch in sitting.pens):
        return False
    return not any(
        other.outcome is Outcome.SAVED
        and other is not save
        and (other.position, other.sequence, other.response) == (save.position, save.sequence, save.response)
        for other in sitting.saves
    )


def _may_be_over(sitting: Sitting, attempt: StoredAttempt, save: Save) -> bool:
    """Whether the attempt can have been over when the answer to a save came."""
    if sitting.clock_was_wrong or save.told_at is None:
        return True
    if sitting.first_submit_sent_at is not None and save.told_at >= sitting.first_submit_sent_at:
        return True
    return save.told_at >= attempt.deadline_at - SLACK


def _check_late(sitting: Sitting, attempt: StoredAttempt) -> Iterator[Violation]:
    """What was told to be kept as late is kept, or gave way to something newer that came late as well."""
    for save in sitting.saves:
        if save.outcome is Outcome.LATE:
            kept = attempt.late.get(save.position)
            if kept is None or kept.sequence < save.sequence:
                yield _violation("late answers are kept", sitting, attempt.id, "kept as late and gone", save.position)
        elif save.outcome is Outcome.CLOSED and _was_in_time(sitting, attempt, save):
            yield _violation("late answers are kept", sitting, attempt.id, "given in time, not kept", save.position)


def _was_in_time(sitting: Sitting, attempt: StoredAttempt, save: Save) -> bool:
    """Whether an answer that came too late was surely given in time, by a program that says when it was given."""
    is_told = not save.is_plain and not sitting.clock_was_wrong and sitting.first_submit_sent_at is None
    stored = attempt.responses.get(save.position)
    is_there = stored is not None and dict(stored.response) == save.response
    return is_told and not is_there and save.first_sent_at < attempt.deadline_at - SLACK


def _check_result(sitting: Sitting, attempt: StoredAttempt) -> Iterator[Violation]:
    def broken(rule: str, what: str) -> Violation:
        return _violation(rule, sitting, attempt.id, what)

    if sitting.gave_up and attempt.state == "open":
        return  # nobody handed it in, and its time is not over
    if attempt.state != "graded":
        yield broken("every attempt ends", f"it is {attempt.state}")
        return
    if attempt.result_count != attempt.form_count:
        yield broken("one submit", f"{attempt.form_count} positions have {attempt.result_count} results")
    if attempt.regraded is not None and (attempt.score, attempt.has_passed) != attempt.regraded:
        yield broken("the score is a pure function", f"{attempt.score} {attempt.has_passed} != {attempt.regraded}")
    if attempt.certificates != bool(attempt.has_passed):
        yield broken("one certificate a pass", f"passed {attempt.has_passed}, certificates {attempt.certificates}")
    if attempt.letters != attempt.certificates:
        yield broken("every effect arrives", f"{attempt.certificates} certificates, {attempt.letters} letters")
    if len(sitting.results) > 1:
        yield broken("one result", f"the result pages said {sorted(sitting.results)}")


def lost(violations: Iterable[Violation]) -> int:
    return sum(violation.rule == "no answer is lost" for violation in violations)
