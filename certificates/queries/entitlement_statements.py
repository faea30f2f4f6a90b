"""The statement that reads what is known of people: put together once for each database, for one or a thousand."""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
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
from sqlalchemy.types import TypeEngine

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


@cache
def statement_for(dialect: str, *, is_one: bool) -> CompoundSelect[Any]:
    """The statement takes `organisation` and `people`; each of its rows is one thing that is known of a member.

    For one person `people` is their id: such a statement PostgreSQL plans once, and not each time anew.
    Several it takes as one array: with a parameter for each, reading the statement would cost most.
    """
    among = _among_one if is_one else _among_array if dialect == "postgresql" else _among_list
    members = _members(among)
    return union_all(
        _certificates(members),
        select(*_row("member", members.c.person_id, account=members.c.state)),
        select(
            *_row(
                "sanction",
                _SANCTION.c.person_id,
                id=_SANCTION.c.id,
                tier_id=_SANCTION.c.tier_id,
                since=_SANCTION.c.imposed_at,
                said=_SANCTION.c.reason,
            )
        ).where(_of_organisation(_SANCTION), among(_SANCTION.c.person_id), _SANCTION.c.lifted_at.is_(None)),
        select(
            *_row("standing", _STANDING.c.person_id, tier_id=_STANDING.c.tier_id, said=cast(_STANDING.c.outcome, _SAID))
        ).where(_of_organisation(_STANDING), among(_STANDING.c.person_id)),
        select(
            *_row(
                "quality",
                _QUALITY.c.person_id,
                said=_QUALITY.c.skill,
                tasks=_QUALITY.c.tasks,
                points=_QUALITY.c.points,
            )
        ).where(_of_organisation(_QUALITY), among(_QUALITY.c.person_id)),
    )


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


_SAID = String()
_COLUMNS: dict[str, TypeEngine[Any]] = {
    "account": _PERSON.c.state.type,
    "id": Uuid(),
    "tier_id": Uuid(),
    "since": UtcDateTime(),
    "until": UtcDateTime(),
    "said": _SAID,
    "certificate": _CERTIFICATE.c.id.type,
    "organisation_id": Uuid(),
    "state": _CERTIFICATE.c.state.type,
    "score": _CERTIFICATE.c.score.type,
    "skills": _CERTIFICATE.c.skills.type,
    "tasks": Integer(),
    "points": BigInteger(),
}


def _row(kind: str, person_id: ColumnElement[UUID], **known: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """The columns of every row; what this kind of row does not know is null."""
    values = (known.get(name, cast(null(), type_)).label(name) for name, type_ in _COLUMNS.items())
    return [person_id.label("person_id"), literal(kind).label("kind"), *values]


def _of_organisation(table: Table) -> ColumnElement[bool]:
    return table.c.organisation_id == _ORGANISATION


def _members(among: Among) -> CTE:
    return (
        select(_MEMBERSHIP.c.person_id, _PERSON.c.state)
        .join(_PERSON, _PERSON.c.id == _MEMBERSHIP.c.person_id)
        .where(_of_organisation(_MEMBERSHIP), among(_MEMBERSHIP.c.person_id), _PERSON.c.state != PersonState.ERASED)
        .distinct()
        .cte("member")
    )


def _certificates(members: CTE) -> Select[Any]:
    """Those that the organisation may see; `id` is that of an open review."""
    lets_see = exists().where(
        _of_organisation(_CONSENT),
        _CONSENT.c.person_id == members.c.person_id,
        _CONSENT.c.scope == ConsentScope.CERTIFICATES,
        _CONSENT.c.withdrawn_at.is_(None),
    )
    columns = _row(
        "certificate",
        members.c.person_id,
        id=_REVIEW.c.id,
        since=_CERTIFICATE.c.issued_at,
        until=_CERTIFICATE.c.valid_until,
        said=_ACHIEVEMENT.c.slug,
        certificate=_CERTIFICATE.c.id,
        organisation_id=_CERTIFICATE.c.organisation_id,
        state=_CERTIFICATE.c.state,
        score=_CERTIFICATE.c.score,
        skills=_CERTIFICATE.c.skills,
    )
    return (
        select(*columns)
        .select_from(members)
        .join(_CERTIFICATE, _CERTIFICATE.c.person_id == members.c.person_id)
        .join(_VERSION, _VERSION.c.id == _CERTIFICATE.c.achievement_version_id)
        .join(_ACHIEVEMENT, _ACHIEVEMENT.c.id == _VERSION.c.achievement_id)
        .outerjoin(_REVIEW, and_(_REVIEW.c.certificate_id == _CERTIFICATE.c.id, _REVIEW.c.state == ReviewState.OPEN))
        .where(
            _CERTIFICATE.c.state.in_(_SHOWN),
            or_(
                _of_organisation(_CERTIFICATE),
                and_(_CERTIFICATE.c.organisation_id == PUBLIC_ORGANISATION_ID, lets_see),
            ),
        )
    )
