"""Tables of members: what they let an organisation see, how they were invited, and files of invitations."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of
from lms.organisations.roles import Role

_OPEN = text("withdrawn_at IS NULL")
_WAITING = text("email IS NOT NULL AND uses = 0 AND revoked_at IS NULL")


class ConsentScope(StrEnum):
    """What a person lets an organisation see."""

    PROFILE = "profile"  # name and address
    RESULTS = "results"
    CERTIFICATES = "certificates"  # those of the public catalogue as well
    QUALITY = "quality"


class Consent(OwnedByOrganisation, Base):
    """That a person let an organisation see something, from when, and until when. Rows stay; each time is a new one."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("withdrawn_at >= given_at", name="withdrawn_after_given"),
        Index(
            "uq_consent_given",
            "organisation_id",
            "person_id",
            "scope",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_consent_person", "person_id"),
    )

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    scope: Mapped[ConsentScope] = mapped_column(choice_of(ConsentScope, "scope_is_known"))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ImportState(StrEnum):
    """waiting -> checking -> checked -> inviting -> done; refused: the file cannot be read; dropped: not wanted."""

    WAITING = "waiting"
    CHECKING = "checking"
    CHECKED = "checked"
    INVITING = "inviting"
    DONE = "done"
    REFUSED = "refused"
    DROPPED = "dropped"


class InvitationImport(OwnedByOrganisation, Base):
    """A file of people to invite. It is checked first; what somebody confirms is then worked off from row to row."""

    __tablename__ = "invitation_import"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('done', 'refused', 'dropped')) = (finished_at IS NOT NULL)", name="finished_iff_over"
        ),
        CheckConstraint("state != 'done' OR next_row > rows_read", name="done_after_the_last_row"),
        CheckConstraint("state != 'done' OR invited + known + refused = rows_read", name="rows_add_up"),
        Index("ix_invitation_import_requested", "organisation_id", "requested_at"),
    )

    id: Mapped[UuidKey]
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64))  # SHA-256; the file lies in DATA_DIR under it
    state: Mapped[ImportState] = mapped_column(choice_of(ImportState, "state_is_known"))
    rows_read: Mapped[int] = mapped_column(default=0)  # by the check
    next_row: Mapped[int] = mapped_column(default=1)  # every row before this one is worked off; blank ones do not count
    invitable: Mapped[int] = mapped_column(default=0)  # as the check found it
    invited: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)  # invited before, or members with that role
    refused: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[list[Any]]  # {row, column, reason}, the first thousand
    reason: Mapped[str] = mapped_column(String(500), default="")  # why all of it is refused
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    touched_at: Mapped[datetime | None]  # when a worker last said how far it is; none: none has begun
    finished_at: Mapped[datetime | None]


class Invitation(OwnedByOrganisation, Base):
    """A way in: mailed to one address for one use, or a link that several people may follow."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("uses BETWEEN 0 AND most_uses", name="uses_within_bounds"),
        CheckConstraint("email IS NULL OR most_uses = 1", name="mailed_is_used_once"),
        Index(
            "uq_invitation_waiting",
            "organisation_id",
            "email",
            "role",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_invitation_invited", "organisation_id", "invited_at", "id"),
    )

    id: Mapped[UuidKey]
    email: Mapped[str | None] = mapped_column(String(254))  # normalised; none: whoever has the link
    name: Mapped[str] = mapped_column(String(200), default="")  # as whoever invites knows the person
    role: Mapped[Role] = mapped_column(choice_of(Role, "role_is_known"))
    labels: Mapped[dict[str, Any]]  # plain JSON, for upper floors
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    most_uses: Mapped[int] = mapped_column(default=1)
    uses: Mapped[int] = mapped_column(default=0)
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: a program with an API key
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation_import.id"))
    invited_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # when it was last mailed
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class InvitationAcceptance(OwnedByOrganisation, Base):
    """Who came in by which invitation."""

    __tablename__ = "invitation_acceptance"
    __table_args__ = (UniqueConstraint("invitation_id", "person_id"),)

    id: Mapped[UuidKey]
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    accepted_at: Mapped[datetime]
