"""The tables of people, memberships, sign-ins and mailed links."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of
from lms.organisations.roles import Role


class PersonState(StrEnum):
    """Whether a person may sign in."""

    UNCONFIRMED = "unconfirmed"  # the mailed link was not followed yet
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ERASED = "erased"


class Person(Base):
    """Somebody with an account. `email` is normalised; an erased person has neither name nor address."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("(state = 'erased') = (email IS NULL)", name="email_unless_erased"),
        CheckConstraint("(state = 'erased') = (erased_at IS NOT NULL)", name="erased_at_iff_erased"),
        CheckConstraint("(state = 'suspended') = (suspension_reason IS NOT NULL)", name="reason_iff_suspended"),
    )

    id: Mapped[UuidKey]
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    state: Mapped[PersonState] = mapped_column(choice_of(PersonState, "state_is_known"))
    suspension_reason: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Membership(OwnedByOrganisation, Base):
    """A role that a person holds in an organisation."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id", "role"),)

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(choice_of(Role, "role_is_known"))
    granted_at: Mapped[datetime]


class SignIn(OwnedByOrganisation, Base):
    """A session of a signed-in browser; the cookie holds a token of which only the hash is here."""

    __tablename__ = "sign_in"

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    authenticated_at: Mapped[datetime]  # when the person showed who they are; going elsewhere shows nothing anew
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class LinkPurpose(StrEnum):
    """What a mailed link is good for."""

    RESET_PASSWORD = "reset-password"  # noqa: S105  # a purpose, not a password
    CONFIRM_ADDRESS = "confirm-address"


class MailedLink(Base):
    """A single-use link sent by mail; only the hash of its token is here."""

    __tablename__ = "mailed_link"

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(choice_of(LinkPurpose, "purpose_is_known"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
