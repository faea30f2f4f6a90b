"""Members in the API: who lets the organisation know them, and invitations by mail."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from flask import Blueprint
from pydantic import Field

from lms import clock
from lms.accounts.web.blueprint import base_url
from lms.api.blueprint import PREFIX
from lms.api.callers import caller
from lms.api.endpoints import endpoint
from lms.api.pages import Page, PageQuery, page_of, read_cursor
from lms.api.problems import InvalidRequest, UnknownSubject
from lms.api.scopes import Scope
from lms.api.shapes import Instant, Shape
from lms.errors import Conflict, NotFound
from lms.members.api_members import Known, find_known_member, page_known_members
from lms.members.invitation_files import is_address
from lms.members.invitations import Wish, get_invitation, invite
from lms.members.models import Invitation
from lms.organisations.roles import Role
from lms.web.csv_files import begins_formula
from lms.web.transactions import reading, transaction

members_api = Blueprint("members_api", __name__, url_prefix=PREFIX)
TAG = "Persons"


class PersonShown(Shape):
    """A member who lets the organisation see name and address."""

    subject: UUID
    name: str
    email: str
    roles: list[str] = Field(examples=[["candidate"]])
    member_since: Instant
    sees: list[str] = Field(
        description="What else the person lets the organisation see: results, certificates, quality.",
        examples=[["certificates", "profile", "results"]],
    )


class PersonsQuery(PageQuery):
    """Which persons."""

    role: Literal["candidate", "author", "marker", "manager", "auditor"] | None = Field(
        default=None, description="Only those with this role."
    )


class InvitationWanted(Shape):
    """Whom to invite by mail, and as what."""

    email: str = Field(min_length=3, max_length=254, examples=["ada@example.org"])
    name: str = Field(default="", max_length=200, description="How the mail greets the person.")
    role: Literal["candidate", "author", "marker", "auditor"] = Field(default="candidate")
    labels: dict[str, str] = Field(
        default_factory=dict,
        max_length=10,
        description="Kept with the invitation; `cohort` names the cohort to which the person will belong.",
        examples=[{"cohort": "spring-2027"}],
    )


class InvitationShown(Shape):
    """An invitation, and what became of it. The link is in the mail alone."""

    id: UUID
    email: str | None = Field(description="Null for links, and once its owner erased their account.")
    role: str
    labels: dict[str, str]
    state: Literal["waiting", "accepted", "ended", "revoked"]
    invited_at: Instant
    expires_at: Instant


class UnknownInvitation(NotFound):
    """There is no such invitation in this organisation."""

    code = "unknown-invitation"


class AlreadyInvited(Conflict):
    """The address is invited to this role already, or its owner holds it."""

    code = "already-invited"


@endpoint(
    members_api,
    "GET",
    "/persons",
    scope=Scope.PERSONS_READ,
    summary="List persons",
    query=PersonsQuery,
    answer=Page[PersonShown],
    tag=TAG,
)
def list_persons(*, query: PersonsQuery) -> Page[PersonShown]:
    """Members who let the organisation see their name and address, in the order of their ids."""
    after = read_cursor(query.after, UUID)
    role = Role(query.role) if query.role else None
    with reading() as session:
        rows = page_known_members(session, after=after[0] if after else None, limit=query.limit + 1, role=role)
    return Page[PersonShown](**page_of(rows, limit=query.limit, shape=_person, place=lambda row: [row.id]))


@endpoint(
    members_api,
    "GET",
    "/persons/<uuid:subject>",
    scope=Scope.PERSONS_READ,
    summary="Read a person",
    answer=PersonShown,
    refusals=(UnknownSubject,),
    parameters={"subject": "The person, as the organisation knows them."},
    tag=TAG,
)
def read_person(*, subject: UUID) -> PersonShown:
    """Somebody who is no member, is one no longer, or never existed is answered alike."""
    with reading() as session:
        found = find_known_member(session, person_id=subject)
    if found is None:
        raise UnknownSubject
    return _person(found)


@endpoint(
    members_api,
    "POST",
    "/invitations",
    scope=Scope.PERSONS_INVITE,
    summary="Invite somebody by mail",
    body=InvitationWanted,
    answer=InvitationShown,
    status=201,
    refusals=(AlreadyInvited, InvalidRequest),
    idempotent=True,
    tag=TAG,
)
def invite_person(*, body: InvitationWanted) -> InvitationShown:
    """The mail holds a link that works once, for 14 days, and only for this address. The answer says nothing of
    whether the address has an account.
    """
    _check(body)
    wish = Wish(body.email, Role(body.role), body.name, dict(body.labels))
    now = clock.now()
    with transaction() as session:
        try:
            invitation_id = invite(session, wish=wish, by=f"api key {caller().prefix}", base_url=base_url(), at=now)
        except Conflict as refusal:
            raise AlreadyInvited(str(refusal)) from None
        return _invitation(get_invitation(session, invitation_id=invitation_id), now)


@endpoint(
    members_api,
    "GET",
    "/invitations/<uuid:invitation_id>",
    scope=Scope.PERSONS_INVITE,
    summary="Read an invitation",
    answer=InvitationShown,
    refusals=(UnknownInvitation,),
    parameters={"invitation_id": "The invitation."},
    tag=TAG,
)
def read_invitation(*, invitation_id: UUID) -> InvitationShown:
    """What became of an invitation of this organisation."""
    with reading() as session:
        try:
            return _invitation(get_invitation(session, invitation_id=invitation_id), clock.now())
        except NotFound:
            raise UnknownInvitation("There is no such invitation.") from None


def _check(body: InvitationWanted) -> None:
    faults = []
    if not is_address(body.email):
        faults.append({"pointer": "#/email", "message": "This is no e-mail address."})
    if begins_formula(body.name):
        faults.append({"pointer": "#/name", "message": "A name does not begin like a formula (=, +, - or @)."})
    if any(len(name) > 40 or len(value) > 200 for name, value in body.labels.items()):
        faults.append({"pointer": "#/labels", "message": "A label has at most 40 characters, its value at most 200."})
    if faults:
        raise InvalidRequest(faults)


def _person(row: Known) -> PersonShown:
    return PersonShown(
        subject=row.id,
        name=row.name,
        email=row.email,
        roles=sorted(row.roles),
        member_since=row.since,
        sees=sorted(row.sees),
    )


def _invitation(row: Invitation, at: datetime) -> InvitationShown:
    return InvitationShown(
        id=row.id,
        email=row.email,
        role=row.role,
        labels={str(name): str(value) for name, value in row.labels.items()},
        state=_state(row, at),
        invited_at=row.invited_at,
        expires_at=row.expires_at,
    )


def _state(row: Invitation, at: datetime) -> Literal["waiting", "accepted", "ended", "revoked"]:
    if row.uses >= row.most_uses:
        return "accepted"
    if row.revoked_at is not None:
        return "revoked"
    return "ended" if row.expires_at <= at else "waiting"
