"""The tables of runs: many certificates signed anew or renewed at once; each once, however often a run is resumed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of


class RunKind(StrEnum):
    """What is done to each certificate."""

    KEYS = "keys"  # signed by a key that is trusted
    DESIGN = "design"  # in the organisation's present design
    RENEW = "renew"  # good for another full span from today


class RunState(StrEnum):
    """running -> done, or stopped by a person."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class StepState(StrEnum):
    """waiting -> done, or refused with its reason."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class ReissueRun(OwnedByOrganisation, Base):
    """One run over many certificates."""

    __tablename__ = "reissue_run"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="reason_says_something"),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ended_at_unless_running"),
        CheckConstraint("total >= 0", name="total_from_zero"),
    )

    id: Mapped[UuidKey]
    kind: Mapped[RunKind] = mapped_column(choice_of(RunKind, "kind_is_known"))
    state: Mapped[RunState] = mapped_column(choice_of(RunState, "state_is_known"))
    reason: Mapped[str] = mapped_column(Text)
    total: Mapped[int]
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # None: an operator's command
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ReissueStep(OwnedByOrganisation, Base):
    """One certificate of a run."""

    __tablename__ = "reissue_step"
    __table_args__ = (
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refusal_iff_refused"),
        CheckConstraint("(state = 'waiting') = (done_at IS NULL)", name="done_at_unless_waiting"),
        Index("ix_reissue_step_state", "run_id", "state"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("reissue_run.id"), primary_key=True)
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    state: Mapped[StepState] = mapped_column(choice_of(StepState, "state_is_known"))
    refusal: Mapped[str | None] = mapped_column(String(500))
    done_at: Mapped[datetime | None]
