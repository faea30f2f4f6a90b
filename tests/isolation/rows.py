"""Rows of any table, made from what the table says of its columns."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Column, Date, Enum, Float, Integer, LargeBinary, String, Table, Uuid, func, select
from sqlalchemy.orm import Mapper, Session

from lms.db.base import Base, UnitFraction, UtcDateTime
from tests.certificates.factories import AT

YEAR = timedelta(days=365)
COUNTED = {"tasks": 2, "points": 3}
EVIDENCE = {"floor": "4/5", "threshold": 9, "level": 1, "run": {"from": 1, **COUNTED}, "all": COUNTED, "answers": []}
# What a table's constraints ask of a row beyond the kinds of its columns.
GIVEN: dict[str, dict[str, Any]] = {
    "accommodation": {"time_percent": 150},
    "authorization_code": {"code_challenge": "c" * 43},
    "idempotency_record": {"status": 200},
    "design_version": {"accent": "#2f5d8a"},
    "organisation_profile": {"accent": "#2f5d8a"},
    "suspension_proposal": {"evidence": EVIDENCE},
    "webhook_delivery": {"payload": "{}"},
    "webhook_try": {"status": 500},
}
FILLED = {"sanction": ["imposed_by", "tier_id"]}  # though they may be empty
BY_THE_FIRST = {("item_review", "decided_by")}  # all else is done to the first candidate by the other one


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose rows they are, and the word that gives them away elsewhere."""

    organisation_id: UUID
    person_id: UUID
    other_id: UUID  # who decided, granted, marked: never the same person
    canary: str


def mappers() -> list[Mapper[Any]]:
    """Every table of organisations, those that others refer to first."""
    by_table = {mapper.local_table.name: mapper for mapper in Base.registry.mappers}
    return [by_table[table.name] for table in Base.metadata.sorted_tables if "organisation_id" in table.columns]


def table_of(mapper: Mapper[Any]) -> Table:
    return cast(Table, mapper.local_table)


def has_rows(session: Session, table: Table, organisation_id: UUID) -> bool:
    return session.execute(select(table).where(table.c.organisation_id == organisation_id).limit(1)).first() is not None


def add_row(session: Session, mapper: Mapper[Any], owner: Owner) -> None:
    """One row, with the least that it can hold."""
    name = table_of(mapper).name
    given, filled = GIVEN.get(name, {}), FILLED.get(name, [])
    values: dict[str, Any] = {}
    for attribute in mapper.column_attrs:
        column: Column[Any] = attribute.columns[0]
        if column.name in given:
            values[attribute.key] = given[column.name]
        elif column.name == "organisation_id":
            values[attribute.key] = owner.organisation_id
        elif column.name in filled or not (column.nullable or column.default or column.server_default):
            values[attribute.key] = _value(session, mapper, attribute.key, column, owner)
    session.add(mapper.class_(**values))
    session.flush()


def _value(session: Session, mapper: Mapper[Any], key: str, column: Column[Any], owner: Owner) -> Any:
    for foreign in column.foreign_keys:
        return _referred(session, column, foreign.column, owner)
    kind = column.type
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
    if isinstance(kind, String):
        return _text(column, kind, owner)
    if column.name in {"expires_at", "ends_at", "until", "valid_until"}:
        return AT + YEAR
    for type_, value in _PLAIN.items():
        if isinstance(kind, type_):
            return uuid4() if value is uuid4 else value
    return {} if "dict" in str(mapper.class_.__annotations__[key]) else []


_PLAIN: dict[type, Any] = {
    UtcDateTime: AT,
    UnitFraction: Fraction(1, 2),
    Boolean: False,
    Integer: 1,
    Float: 0.5,
    LargeBinary: b"x",
    Date: date(2026, 11, 21),
    Uuid: uuid4,
}


def _text(column: Column[Any], kind: String, owner: Owner) -> str:
    if "hash" in column.name or column.name in {"sha256", "commitment"}:
        return sha256(f"{column} {owner}".encode()).hexdigest()
    return f"{owner.canary}-{column.name}"[: kind.length]


def _referred(session: Session, column: Column[Any], target: Column[Any], owner: Owner) -> Any:
    if target.table.name == "person":
        is_theirs = column.name == "person_id" or (column.table.name, column.name) in BY_THE_FIRST
        return owner.person_id if is_theirs else owner.other_id
    found = select(target)
    if "organisation_id" in target.table.columns:
        found = found.where(target.table.c.organisation_id == owner.organisation_id)
    if target.table.name == "organisation":
        return owner.organisation_id
    if "person_id" in target.table.columns:
        found = found.order_by(target.table.c.person_id != owner.person_id)
    return session.execute(found.limit(1)).scalar_one()


def say_canary(session: Session, canary: str, organisation_id: UUID) -> None:
    """Put the word into everything that people wrote, and before every name in an address."""
    for mapper in mappers():
        table = table_of(mapper)
        own = table.c.organisation_id == organisation_id
        for column in table.columns:
            if column.name in WRITTEN and isinstance(column.type, String):
                _put_before(session, own, column, canary + " ")
            if column.name in {"slug", "bank"}:  # a test draws from the bank of its name
                _put_before(session, own, column, canary + "-")


def _put_before(session: Session, own: Any, column: Column[Any], word: str) -> None:
    said = func.substr(word + column, 1, getattr(column.type, "length", None) or 10_000)
    session.execute(column.table.update().where(own, column.not_like(word + "%")).values({column: said}))


WRITTEN = {
    "name", "title", "summary", "description", "criteria", "reason", "state_reason", "note", "comment", "holder_name",
    "headline", "file_name", "stem", "display_name", "decision_reason", "grounds", "search_text", "rationale",
    "void_reason", "return_reason", "approval_note", "domain", "guide", "actor",
}  # fmt: skip
