"""What webhooks hear of members: an invitation is told; of who left, or took a consent back, nothing more is sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lms.members.events import ConsentChanged, MembershipEnded, PersonInvited
from lms.webhooks.event_types import SUBJECT_SHOWN, EventType, EventTypes, Told
from lms.webhooks.models import DeliveryState, WebhookDelivery, WebhookEvent
from lms.webhooks.publishing import publish


class Invited(Told):
    """Somebody was invited. Whether the address has an account is told to nobody."""

    invitation: UUID
    email: str
    role: str
    labels: dict[str, object]


PERSON_INVITED = EventType(
    name="person.invited",
    sentence="Somebody was invited into the organisation.",
    example=Invited(
        subject=None,
        invitation=SUBJECT_SHOWN,
        email="ada@example.org",
        role="candidate",
        labels={"cohort": "Spring"},
    ),
    is_about_member=False,
)


def tell_invited(session: Session, fact: PersonInvited) -> None:
    """An invitation is its own subject: nobody is a member yet."""
    told = Invited(
        subject=None, invitation=fact.invitation_id, email=fact.email, role=fact.role, labels=dict(fact.labels)
    )
    publish(session, type=PERSON_INVITED.name, subject_id=fact.invitation_id, data=told.as_json(), at=fact.at)


def withdraw_of_member(session: Session, fact: MembershipEnded) -> None:
    """Of somebody who left, nothing that still waits is sent."""
    _withdraw(session, WebhookDelivery.subject_id == fact.person_id, at=fact.at)


def withdraw_of_consent(types: EventTypes, session: Session, fact: ConsentChanged) -> None:
    """Without the consent, nothing of the public organisation that still waits and needed it is sent."""
    if fact.is_given:
        return
    needing = [each.name for each in types if each.needs is fact.scope]
    own = select(WebhookEvent.id).where(WebhookEvent.subject_id == fact.person_id)  # the session sees no others
    of_others = WebhookDelivery.type.in_(needing) & WebhookDelivery.event_id.not_in(own)
    _withdraw(session, (WebhookDelivery.subject_id == fact.person_id) & of_others, at=fact.at)


def _withdraw(session: Session, which: ColumnElement[bool], *, at: datetime) -> None:
    session.execute(
        update(WebhookDelivery)
        .where(which, WebhookDelivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.WITHDRAWN, ended_at=at)
        .execution_options(synchronize_session=False)
    )
