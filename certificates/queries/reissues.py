"""Runs over many certificates: which ones they take, how far they are, and what was refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from certificates.domain.life_cycle import IN_FORCE
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate, CertificateFile
from certificates.models.credentials import Credential, CredentialState
from certificates.models.keys import KeyPurpose, KeyState, SigningKey
from certificates.models.reissues import ReissueRun, ReissueStep, RunKind, RunState, StepState
from certificates.queries.designs import current_design_version_id
from lms.accounts.models import Person
from lms.db.scope import organisation_of
from lms.errors import NotFound

NEWEST = 50
MOST_REFUSALS = 200


@dataclass(frozen=True, slots=True)
class Selection:
    """Which certificates a run takes: those that its kind is about, and of these what is named; None names nothing.

    renew takes what is valid today; design what is valid today and looks otherwise than the present design; keys
    whatever was signed by the key that is named, or by any that is not trusted any more.
    """

    kind: RunKind
    achievement: str | None = None  # its slug
    key_id: str | None = None
    certificate_id: str | None = None


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list."""

    id: UUID
    kind: RunKind
    state: RunState
    reason: str
    total: int
    started_by: str | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How many certificates of a run wait, were gone through, were refused; and how far the work after it is.

    Of those gone through, `signed` have their new credential, `filed` their PDF as well, `flagged` need a person, and
    `withdrawn` were revoked, superseded or erased before they got one.
    """

    waiting: int
    done: int
    refused: int
    signed: int
    filed: int
    flagged: int
    withdrawn: int

    @property
    def is_settled(self) -> bool:
        """Whether nothing is going to change by itself."""
        return not self.waiting and self.filed + self.flagged + self.withdrawn >= self.done


@dataclass(frozen=True, slots=True)
class Refused:
    """A certificate that a run left as it was, and why."""

    certificate_id: str
    achievement: str
    reason: str


def select_certificates(session: Session, selection: Selection, *, at: datetime) -> Select[str]:
    """The ids of the certificates that a run takes; suspended ones as well, withdrawn ones never."""
    chosen = select(Certificate.id).where(
        Certificate.organisation_id == organisation_of(session),  # said here: an INSERT from it is not scoped
        Certificate.state.in_(IN_FORCE),
    )
    if selection.certificate_id is not None:
        chosen = chosen.where(Certificate.id == selection.certificate_id)
    if selection.achievement is not None:
        chosen = (
            chosen.join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
            .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
            .where(Achievement.slug == selection.achievement)
        )
    if selection.kind is not RunKind.KEYS:
        chosen = chosen.where(Certificate.valid_until > at)
    if selection.kind is RunKind.RENEW:
        return chosen
    is_current = and_(Credential.certificate_id == Certificate.id, Credential.is_current)
    chosen = chosen.join(Credential, is_current)
    if selection.kind is RunKind.DESIGN:
        return chosen.where(Credential.design_version_id.is_distinct_from(current_design_version_id(session)))
    return chosen.where(_is_signed_by(selection.key_id))


def count_certificates(session: Session, selection: Selection, *, at: datetime) -> int:
    """How many certificates a run would take."""
    chosen = select_certificates(session, selection, at=at).subquery()
    return session.scalars(select(func.count()).select_from(chosen)).one()


def find_running(session: Session, kind: RunKind) -> UUID | None:
    """The run of this kind that is under way; there is at most one."""
    found = select(ReissueRun.id).where(ReissueRun.kind == kind, ReissueRun.state == RunState.RUNNING)
    return session.scalars(found).first()


def list_runs(session: Session) -> list[RunLine]:
    """The newest runs."""
    rows: Any = session.execute(_lines().order_by(ReissueRun.started_at.desc()).limit(NEWEST))
    return [RunLine(*row) for row in rows]


def get_run(session: Session, run_id: UUID) -> RunLine:
    """Raises NotFound."""
    row: Any = session.execute(_lines().where(ReissueRun.id == run_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such run.")
    return RunLine(*row)


def count_progress(session: Session, run_id: UUID) -> RunProgress:
    """How far a run is; what counts is signed, or begun and flagged, after the run asked for it."""
    of_run = ReissueStep.run_id == run_id
    counted = select(ReissueStep.state, func.count()).where(of_run).group_by(ReissueStep.state)
    steps: dict[StepState, int] = dict(session.execute(counted).all())
    # Judged here and not in the join, so that a database looks for credentials by their certificate alone.
    is_signed = and_(Credential.state == CredentialState.SIGNED, Credential.signed_at >= ReissueStep.done_at)
    is_filed = and_(is_signed, CertificateFile.credential_id == Credential.id)
    signed, filed, withdrawn = session.execute(
        select(
            func.sum(case((is_signed, 1), else_=0)),
            func.sum(case((is_filed, 1), else_=0)),
            func.sum(case((is_signed, 0), (Certificate.state.not_in(IN_FORCE), 1), else_=0)),
        )
        .select_from(ReissueStep)
        .join(Certificate, Certificate.id == ReissueStep.certificate_id)
        .outerjoin(Credential, and_(Credential.certificate_id == ReissueStep.certificate_id, Credential.is_current))
        .outerjoin(CertificateFile, CertificateFile.certificate_id == ReissueStep.certificate_id)
        .where(of_run, ReissueStep.state == StepState.DONE)
    ).one()
    return RunProgress(
        waiting=steps.get(StepState.WAITING, 0),
        done=steps.get(StepState.DONE, 0),
        refused=steps.get(StepState.REFUSED, 0),
        signed=signed or 0,
        filed=filed or 0,
        flagged=_count_flagged(session, run_id),
        withdrawn=withdrawn or 0,
    )


def _count_flagged(session: Session, run_id: UUID) -> int:
    """Flagged credentials are not current, and few."""
    return session.scalars(
        select(func.count(ReissueStep.certificate_id.distinct()))
        .select_from(Credential)
        .join(ReissueStep, ReissueStep.certificate_id == Credential.certificate_id)
        .where(
            Credential.state == CredentialState.FLAGGED,
            ReissueStep.run_id == run_id,
            ReissueStep.state == StepState.DONE,
            Credential.intended_at >= ReissueStep.done_at,
        )
    ).one()


def list_refused(session: Session, run_id: UUID) -> list[Refused]:
    """What a run left as it was, those of one reason together."""
    rows: Any = session.execute(
        select(ReissueStep.certificate_id, AchievementVersion.name, ReissueStep.refusal)
        .join(Certificate, Certificate.id == ReissueStep.certificate_id)
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .where(ReissueStep.run_id == run_id, ReissueStep.state == StepState.REFUSED)
        .order_by(ReissueStep.refusal, ReissueStep.certificate_id)
        .limit(MOST_REFUSALS)
    )
    return [Refused(*row) for row in rows]


def list_achievement_choices(session: Session) -> list[tuple[str, str]]:
    """The slug and the present name of each achievement."""
    rows = session.execute(
        select(Achievement.slug, AchievementVersion.name)
        .join(AchievementVersion, AchievementVersion.achievement_id == Achievement.id)
        .where(AchievementVersion.is_current)
        .order_by(AchievementVersion.name)
    )
    return [(slug, name) for slug, name in rows]


def list_key_choices(session: Session) -> list[tuple[str, bool]]:
    """The keys that signed credentials and sign no more, the newest first; and whether each is still trusted."""
    rows = session.execute(
        select(SigningKey.id, SigningKey.state)
        .where(SigningKey.state != KeyState.ACTIVE, SigningKey.purpose.not_in((KeyPurpose.LOG, KeyPurpose.TOKEN)))
        .order_by(SigningKey.created_at.desc())
    )
    return [(key_id, state is KeyState.RETIRED) for key_id, state in rows]


def _is_signed_by(key_id: str | None) -> Any:
    """Whether the current credential, its JWT or its PDF comes from this key, or from one that is compromised."""
    if key_id is not None:
        return or_(Credential.key_id == key_id, Credential.document_key_id == key_id)
    distrusted = select(SigningKey.id).where(SigningKey.state == KeyState.COMPROMISED)
    return or_(Credential.key_id.in_(distrusted), Credential.document_key_id.in_(distrusted))


def _lines() -> Any:
    return select(
        ReissueRun.id,
        ReissueRun.kind,
        ReissueRun.state,
        ReissueRun.reason,
        ReissueRun.total,
        Person.name,
        ReissueRun.started_at,
        ReissueRun.ended_at,
    ).outerjoin(Person, Person.id == ReissueRun.started_by)
