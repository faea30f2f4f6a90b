"""The public organisation with its tiers, people who passed, and a manager, for tests of what becomes of tiers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.requirement_json import parse_requirement
from certificates.models.tiers import Tier
from certificates.operations.standings import follow
from certificates.operations.tiers import publish_tier_version
from certificates.queries.tiers import TierView, list_tiers
from lms import clock
from lms.accounts.models import Person
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.outbox.models import OutboxMessage
from lms.outbox.operations import Delivery
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, make_office, qualify
from tests.people import make_person

FERRIES = {"kind": "achievement", "organisation": "public", "slug": BANK}
LAW = {"kind": "achievement", "organisation": "public", "slug": "harbour-law"}


def open_office(database: Database, *names: str) -> list[UUID]:
    """People of these names who passed the ferry test, to whom `generalist` is open, in the order of their ids."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        people = [qualify(session, name=name) for name in names]
        for person_id in people:
            follow(session, person_id=person_id, at=AT)
    return sorted(people)


def add_manager(database: Database, name: str = "Mona Manager") -> Person:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_person(session, name=name, roles=(Role.CANDIDATE, Role.MANAGER))


def tier_of(session: Session, slug: str = "generalist") -> TierView:
    return next(tier for tier in list_tiers(session) if tier.slug == slug)


def id_of(session: Session, slug: str = "generalist") -> UUID:
    """Of a tier that may be withdrawn."""
    return session.scalars(select(Tier.id).where(Tier.slug == slug)).one()


def publish(
    session: Session,
    slug: str,
    requirement: dict[str, Any],
    *,
    actor_id: UUID,
    grace_days: int = 30,
    reason: str = "More is needed.",
    at: datetime | None = None,
) -> int:
    """Let a tier ask for something else."""
    tier = tier_of(session, slug)
    return publish_tier_version(
        session,
        tier_id=tier.id,
        requirement=parse_requirement(requirement),
        based_on=tier.terms.number if tier.terms else 0,
        reason=reason,
        grace_days=grace_days,
        actor_id=actor_id,
        at=at or clock.now(),
    )


def mailed_to(database: Database, subject: str) -> list[str]:
    """The addresses of mails with this in their subject that wait in the outbox, each as often as it comes."""
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        found = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.topic == "mail"))
        return sorted(mail["to"] for mail in found if subject in mail.get("subject", ""))


def letters_in(database: Database, subject: str) -> list[str]:
    """What these mails say."""
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        found = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.topic == "mail"))
        return [mail["body"] for mail in found if subject in mail.get("subject", "")]


def addresses_of(database: Database, people: list[UUID]) -> list[str]:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        found = session.scalars(select(Person.email).where(Person.id.in_(people)))
        return sorted(address for address in found if address)


def deliver_topic(app: Flask, database: Database, topic: str, *, times: int = 1) -> int:
    """Hand every message of a topic to its handler so many times, those too that come of it; how many these were."""
    handle, count = app.extensions["assay.handlers"].of(topic), 0
    while True:
        with database.reading(PUBLIC_ORGANISATION_ID) as session:
            waiting = session.execute(
                select(
                    OutboxMessage.id, OutboxMessage.organisation_id, OutboxMessage.topic, OutboxMessage.payload
                ).where(OutboxMessage.topic == topic, OutboxMessage.delivered_at.is_(None))
            ).all()
        if not waiting:
            return count
        for message in waiting:
            count += 1
            for _ in range(times):
                handle(Delivery(*message, tries=1))
