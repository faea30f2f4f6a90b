"""A vendor with tiers of its own, and people who qualify in the public catalogue, for tests of entitlements."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.entitlements import Outcome
from certificates.domain.requirements import AllOf, HoldsAchievement, Requirement, Source, WorkQuality
from certificates.models.sanctions import Sanction
from certificates.models.tiers import Tier, TierVersion
from certificates.models.work_quality import WorkQuality as WorkRecord
from certificates.operations.entitlements import check_entitlements
from certificates.operations.publishing import publish_tiers
from certificates.operations.tier_versions import add_tier_version
from certificates.queries.tiers import find_tier
from lms.accounts.models import Membership
from lms.db.scope import organisation_of
from lms.db.session import Database
from lms.members.consents import give
from lms.members.models import ConsentScope
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, make_office, make_tier_draft, qualify
from tests.people import make_person

LATER = AT + timedelta(hours=1)
FERRY = HoldsAchievement(Source.PUBLIC, BANK)
HARBOUR = HoldsAchievement(Source.PUBLIC, "harbour-law")
SKILLED = AllOf((FERRY, WorkQuality("grounding", Fraction(9, 10), 50, provisional=True)))


def make_vendor(database: Database, *, slug: str = "vendor") -> UUID:
    """An organisation, with nothing in it."""
    organisation_id = uuid4()
    with database.transaction() as session:
        session.add(Organisation(id=organisation_id, slug=slug, name="Vendor of tasks", created_at=AT))
    return organisation_id


def make_tier(session: Session, requirement: Requirement = FERRY, *, slug: str = "boats") -> UUID:
    """A tier of the session's organisation that asks for this, published as from a file."""
    publish_tiers(session, drafts=[replace(make_tier_draft(slug), requirement=requirement)], at=AT)
    return tier_id_of(session, slug)


def tier_id_of(session: Session, slug: str) -> UUID:
    return session.scalars(select(Tier.id).where(Tier.slug == slug)).one()


def versions_of(session: Session, tier_id: UUID) -> list[TierVersion]:
    return list(session.scalars(select(TierVersion).where(TierVersion.tier_id == tier_id).order_by(TierVersion.number)))


def make_public_catalogue(database: Database) -> None:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)


def make_qualified(database: Database, *, right: int = 8, name: str = "Ada Lovelace") -> UUID:
    """Somebody who sat the ferry test of the public catalogue; with eight right answers they hold its certificate."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return qualify(session, name=name, right=right)


def join(
    database: Database,
    organisation_id: UUID,
    person_id: UUID | None = None,
    *,
    lets_see: tuple[ConsentScope, ...] = tuple(ConsentScope),
) -> UUID:
    """Make somebody a member, who lets the organisation see this."""
    with database.transaction(organisation_id) as session:
        if person_id is None:
            person_id = make_person(session).id
        else:
            session.add(
                Membership(person_id=person_id, organisation_id=organisation_id, role=Role.CANDIDATE, granted_at=AT)
            )
            session.flush()
        give(session, person_id=person_id, scopes=lets_see, at=AT)
    return person_id


def make_sanction(session: Session, *, person_id: UUID, tier_id: UUID | None, reason: str = "Copied answers.") -> UUID:
    sanction = Sanction(
        organisation_id=organisation_of(session),
        person_id=person_id,
        tier_id=tier_id,
        reason=reason,
        imposed_by=make_person(session, name="Mary Manager").id,
        imposed_at=AT,
    )
    session.add(sanction)
    session.flush()
    return sanction.id


def make_work(session: Session, *, person_id: UUID, skill: str = "grounding", tasks: int = 60, right: int = 57) -> None:
    """So many first answers, of which so many were right."""
    session.add(
        WorkRecord(
            organisation_id=organisation_of(session),
            person_id=person_id,
            skill=skill,
            tasks=tasks,
            points=right * 100_000_000,
            updated_at=AT,
        )
    )
    session.flush()


def check(database, organisation_id, *people, tier="boats", at=LATER):
    with database.transaction(organisation_id) as session:
        found = find_tier(session, tier)
        return check_entitlements(session, people=people, tier=found, action="work", asked_by="test", at=at)


def outcome_of(database, organisation_id, person_id, **given) -> Outcome:
    return check(database, organisation_id, person_id, **given)[person_id].outcome


def kinds_of(answer) -> list[str]:
    return [missing["kind"] for missing in answer.missing]


def change(database, organisation_id, requirement, *, grace_days=30, at=LATER):
    with database.transaction(organisation_id) as session:
        return add_tier_version(
            session,
            tier_id=tier_id_of(session, "boats"),
            requirement=requirement,
            reason="The work has changed.",
            grace_until=at + timedelta(days=grace_days) if grace_days else None,
            created_by=None,
            at=at,
        )
