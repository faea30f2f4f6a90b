"""Changing a webhook: its address, what it is for, the events that it is told of. Its secret stays."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.audit.operations import record
from lms.errors import Conflict, Invalid, NotFound
from lms.webhooks.couriers import send_all_anew
from lms.webhooks.models import EndpointState, WebhookEndpoint


@dataclass(frozen=True, slots=True)
class Terms:
    """What managers enter of a webhook."""

    url: str
    description: str
    event_types: tuple[str, ...]  # in the order of their names

    @classmethod
    def of(cls, url: str, description: str, event_types: Collection[str]) -> "Terms":
        """The same terms whatever the order in which the events were ticked."""
        return cls(url, description, tuple(sorted(event_types)))

    @property
    def mark(self) -> str:
        """Tells these terms from others; a form carries it, so that nobody overwrites what they have not seen."""
        return sha256("\n".join((self.url, self.description, *self.event_types)).encode()).hexdigest()


def change_endpoint(
    session: Session, *, endpoint_id: UUID, terms: Terms, seen: str, actor: UUID, at: datetime
) -> Terms:
    """Change a webhook; its terms before. What waits goes to the new address, each for its full three days.

    `seen` is the mark of the terms that the manager had before them. Raises NotFound, Invalid without events,
    Conflict when somebody else changed the webhook since then.
    """
    if not terms.event_types:
        raise Invalid(_("Choose at least one event."))
    before, state = _hold(session, endpoint_id)
    if before.mark != seen:
        raise Conflict(_("Somebody else changed this webhook in the meantime. Nothing of yours is saved yet."))
    if terms != before:
        _write(session, endpoint_id, terms)
        record(
            session, action="webhook.changed", actor=actor, subject_id=endpoint_id, at=at, **_difference(before, terms)
        )
    if terms.url != before.url and state is EndpointState.ACTIVE:
        _forget_failures(session, endpoint_id)
        send_all_anew(session, endpoint_id=endpoint_id, at=at)
    return before


def _hold(session: Session, endpoint_id: UUID) -> tuple[Terms, EndpointState]:
    """The terms as they are until the commit."""
    row = session.execute(
        select(WebhookEndpoint.url, WebhookEndpoint.description, WebhookEndpoint.event_types, WebhookEndpoint.state)
        .where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.state != EndpointState.DELETED)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such webhook."))
    return Terms.of(row.url, row.description, row.event_types), row.state


def _write(session: Session, endpoint_id: UUID, terms: Terms) -> None:
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .values(url=terms.url, description=terms.description, event_types=list(terms.event_types))
        .execution_options(synchronize_session=False)
    )


def _forget_failures(session: Session, endpoint_id: UUID) -> None:
    """They were another address's."""
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .values(failures=0, failing_since=None, rests_until=None)
        .execution_options(synchronize_session=False)
    )


def _difference(before: Terms, after: Terms) -> Mapping[str, object]:
    """What the audit log tells: what was changed, as it was and as it is."""
    told: dict[str, object] = {}
    if after.url != before.url:
        told |= {"url_before": before.url, "url": after.url}
    if after.event_types != before.event_types:
        told |= {"types_before": list(before.event_types), "types": list(after.event_types)}
    if after.description != before.description:
        told |= {"description_before": before.description, "description": after.description}
    return told
