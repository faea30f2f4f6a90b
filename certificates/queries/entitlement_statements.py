"""The statements that read what is known of people: put together once for each database, for one or a thousand."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    Table,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from certificates.domain.standing import CertificateState
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.entitlements import TierStanding
from certificates.models.reviews import CertificateReview, ReviewState
from certificates.models.sanctions import Sanction
from certificates.models.work_quality import WorkQuality
from lms.accounts.models import Membership, Person, PersonState
from lms.db.base import PUBLIC_ORGANISATION_ID, UtcDateTime
from lms.members.models import Consent, ConsentScope

Among = Callable[[Column[Any]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Statements:
    """Each takes `organisation` and `people`.

    `certificates` has a row for each certificate of each member, and one without a certificate for who has none;
    `work` has rows of kind sanction, standing and quality.
    """

    certificates: Select[Any]
    work: CompoundSelect[Any]


@cache
def statements_for(dialect: str, *, is_one: bool) -> Statements:
    """For one person `people` is their id: such a statement PostgreSQL plans once, and not each time anew.

    Several it takes as one array: with a parameter for each, reading the statement would cost most.
    """
    among = _among_one if is_one else _among_array if dialect == "postgresql" else _among_list
    return Statements(_certificates(among), _work(among))


def _among_one(column: Column[Any]) -> ColumnElement[bool]:
    return column == bindparam("people", type_=Uuid())


def _among_array(column: Column[Any]) -> ColumnElement[bool]:
    return column == any_(bindparam("people", type_=ARRAY(Uuid())))


def _among_list(column: Column[Any]) -> ColumnElement[bool]:
    return column.in_(bindparam("people", expanding=True))


def _table(model: type[Any]) -> Table:
    """The bare table: these statements name the organisation themselves."""
    table: Table = model.__table__
    return table


_MEMBERSHIP, _PERSON, _CERTIFICATE = _table(Membership), _table(Person), _table(Certificate)
_VERSION, _ACHIEVEMENT, _REVIEW = _table(AchievementVersion), _table(Achievement), _table(CertificateReview)
_CONSENT, _SANCTION, _QUALITY, _STANDING = (_table(each) for each in (Consent, Sanction, WorkQuality, TierStanding))
_ORGANISATION = bindparam("organisation", type_=Uuid())
_SHOWN = (CertificateState.VALID, CertificateState.SUSPENDED, CertificateState.REVOKED)


def _certificates(among: Among) -> Select[Any]:
    members = (
        select(_MEMBERSHIP.c.person_id, _PERSON.c.state)
        .join(_PERSON, _PERSON.c.id == _MEMBERSHIP.c.person_id)
        .where(
            _MEMBERSHIP.c.organisation_id == _ORGANISATION,
            among(_MEMBERSHIP.c.person_id),
            _PERSON.c.state != PersonState.ERASED,
        )
        .distinct()
        .cte("member")
    )
    lets_see = exists().where(
        _CONSENT.c.organisation_id == _ORGANISATION,
        _CONSENT.c.person_id == members.c.person_id,
        _CONSENT.c.scope == ConsentScope.CERTIFICATES,
        _CONSENT.c.withdrawn_at.is_(None),
    )
    return (
        select(
            members.c.person_id,
            members.c.state.label("account"),
            _CERTIFICATE.c.id,
            _CERTIFICATE.c.organisation_id,
            _ACHIEVEMENT.c.slug,
            _CERTIFICATE.c.issued_at,
            _CERTIFICATE.c.valid_until,
            _CERTIFICATE.c.state,
            _CERTIFICATE.c.score,
            _CERTIFICATE.c.skills,
            _REVIEW.c.id.label("review"),
        )
        .select_from(members)
        .outerjoin(
            _CERTIFICATE,
            and_(
                _CERTIFICATE.c.person_id == members.c.person_id,
                _CERTIFICATE.c.state.in_(_SHOWN),
                or_(
                    _CERTIFICATE.c.organisation_id == _ORGANISATION,
                    and_(_CERTIFICATE.c.organisation_id == PUBLIC_ORGANISATION_ID, lets_see),
                ),
            ),
        )
        .outerjoin(_VERSION, _VERSION.c.id == _CERTIFICATE.c.achievement_version_id)
        .outerjoin(_ACHIEVEMENT, _ACHIEVEMENT.c.id == _VERSION.c.achievement_id)
        .outerjoin(_REVIEW, and_(_REVIEW.c.certificate_id == _CERTIFICATE.c.id, _REVIEW.c.state == ReviewState.OPEN))
    )


def _work(among: Among) -> CompoundSelect[Any]:
    instant = UtcDateTime()
    return union_all(
        select(
            _SANCTION.c.person_id,
            literal("sanction").label("kind"),
            _SANCTION.c.id,
            _SANCTION.c.tier_id,
            _SANCTION.c.imposed_at.label("since"),
            _SANCTION.c.reason.label("said"),
            cast(null(), Integer).label("tasks"),
            cast(null(), BigInteger).label("points"),
        ).where(
            _SANCTION.c.organisation_id == _ORGANISATION,
            among(_SANCTION.c.person_id),
            _SANCTION.c.lifted_at.is_(None),
        ),
        select(
            _STANDING.c.person_id,
            literal("standing"),
            cast(null(), Uuid()),
            _STANDING.c.tier_id,
            cast(null(), instant),
            cast(_STANDING.c.outcome, String(32)),
            cast(null(), Integer),
            cast(null(), BigInteger),
        ).where(_STANDING.c.organisation_id == _ORGANISATION, among(_STANDING.c.person_id)),
        select(
            _QUALITY.c.person_id,
            literal("quality"),
            cast(null(), Uuid()),
            cast(null(), Uuid()),
            cast(null(), instant),
            _QUALITY.c.skill,
            _QUALITY.c.tasks,
            _QUALITY.c.points,
        ).where(_QUALITY.c.organisation_id == _ORGANISATION, among(_QUALITY.c.person_id)),
    )
