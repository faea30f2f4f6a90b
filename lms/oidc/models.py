"""Tables of signing in to other services: the clients, who let them in, codes, and tokens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey

_HOLDS = text("withdrawn_at IS NULL")


class SignInClient(OwnedByOrganisation, Base):
    """A service of an organisation, such as its task platform, to which members sign in with Assay."""

    __tablename__ = "oauth_client"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_is_given"),
        CheckConstraint("revoked_at >= made_at", name="revoked_after_made"),
    )

    id: Mapped[UuidKey]
    name: Mapped[str] = mapped_column(String(100))
    client_id: Mapped[str] = mapped_column(String(64), unique=True)  # by which the service names itself
    secret_hash: Mapped[str | None] = mapped_column(String(64))  # none: an app that cannot keep a secret
    redirect_uris: Mapped[list[Any]]  # the addresses to which people come back, compared as they are written
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Admission(OwnedByOrganisation, Base):
    """A person let a client in: from then on it is not asked about again. Rows stay; each time is a new one."""

    __tablename__ = "oauth_admission"
    __table_args__ = (
        CheckConstraint("withdrawn_at >= given_at", name="withdrawn_after_given"),
        Index(
            "uq_oauth_admission_holds",
            "client_id",
            "person_id",
            unique=True,
            sqlite_where=_HOLDS,
            postgresql_where=_HOLDS,
        ),
        Index("ix_oauth_admission_person", "person_id"),
    )

    id: Mapped[UuidKey]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("oauth_client.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    scope: Mapped[str] = mapped_column(String(100))  # what it may learn, words apart by spaces
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class AuthorizationCode(OwnedByOrganisation, Base):
    """What a browser carries to the client, which changes it into a token, once; only the hash is here."""

    __tablename__ = "authorization_code"
    __table_args__ = (
        CheckConstraint("length(code_challenge) = 43", name="challenge_is_sha256"),
        CheckConstraint("expires_at > made_at", name="expires_after_made"),
        Index("ix_authorization_code_expires", "expires_at"),
    )

    id: Mapped[UuidKey]
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("oauth_client.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    redirect_uri: Mapped[str] = mapped_column(String(500))
    scope: Mapped[str] = mapped_column(String(100))
    nonce: Mapped[str | None] = mapped_column(String(255))
    code_challenge: Mapped[str] = mapped_column(String(43))
    signed_in_at: Mapped[datetime]  # when the person gave the password
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccessToken(OwnedByOrganisation, Base):
    """What a client shows to learn about a person; only the hash is here. A code becomes one token at most."""

    __tablename__ = "access_token"
    __table_args__ = (
        UniqueConstraint("code_id"),
        CheckConstraint("expires_at > made_at", name="expires_after_made"),
        Index("ix_access_token_expires", "expires_at"),
    )

    id: Mapped[UuidKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_id: Mapped[UUID] = mapped_column(ForeignKey("authorization_code.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("oauth_client.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    scope: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
