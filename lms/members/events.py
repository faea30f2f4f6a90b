"""Facts about members that other packages may want to hear."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lms.members.models import ConsentScope
from lms.organisations.roles import Role


@dataclass(frozen=True, slots=True)
class PersonInvited:
    """A mail was sent to an address. `person_id` is known only when its owner is a member already."""

    invitation_id: UUID
    email: str
    person_id: UUID | None
    role: Role
    labels: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    """Somebody came in, or got one more role."""

    invitation_id: UUID
    person_id: UUID
    role: Role
    labels: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class MembershipEnded:
    """A person left, or was removed: nothing of theirs is the organisation's to see from now on."""

    person_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentChanged:
    """A person lets the organisation see something, or no longer does."""

    person_id: UUID
    scope: ConsentScope
    is_given: bool
    at: datetime
