"""The base of all tables: naming of constraints, column types, the mixin of what an organisation owns."""

from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, DateTime, Dialect, Enum, Float, ForeignKey, MetaData, Numeric, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeEngine

# The public organisation has a fixed id, so that every installation and every export agrees on it.
PUBLIC_ORGANISATION_ID = UUID("a55a0000-0000-4000-8000-000000000001")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC on both databases; a naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone, got {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class UnitFraction(TypeDecorator[Fraction]):
    """A fraction from 0 to 1, kept to eight places and cut off, never rounded up: no score grows by being stored."""

    impl = Numeric(9, 8)
    cache_ok = True
    _PLACES = Decimal("0.00000001")

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # SQLite has no decimals; eight places of a number below 10 fit into a double.
        return dialect.type_descriptor(Float() if dialect.name == "sqlite" else Numeric(9, 8))

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(self._PLACES, ROUND_FLOOR)
        return float(exact) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(Decimal(str(value)))


Json = JSON().with_variant(JSONB, "postgresql")


class Base(DeclarativeBase):
    """What every table shares."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads this attribute, nobody writes it
        datetime: UtcDateTime,
        UUID: Uuid,
        Fraction: UnitFraction,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


UuidKey = Annotated[UUID, mapped_column(primary_key=True, default=uuid4)]


def choice_of(kind: type[StrEnum], name: str) -> Enum:
    """A column type for an enum: its values as text, kept true by a named CHECK constraint."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class OwnedByOrganisation:
    """Mixin for rows that belong to an organisation; `lms.db.scope` keeps queries inside it."""

    @declared_attr
    def organisation_id(cls) -> Mapped[UUID]:  # noqa: N805  # declared_attr hands over the class
        return mapped_column(ForeignKey("organisation.id"), index=True)


class Published:
    """Mixin for tables that everybody reads and publishing alone writes; see `lms.organisations.editions`."""
