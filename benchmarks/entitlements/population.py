"""Persons and their certificates by the million: rows as the operations would have left them, made inside PostgreSQL.

Everybody is a member of the vendor, lets it see certificates, and holds two of the public catalogue, one of which has
expired for every tenth. A third has work quality, every thousandth a sanction; to all others the tier is open. There
are no attempts: no check reads one.
"""

from datetime import datetime
from fractions import Fraction
from hashlib import md5
from uuid import UUID, uuid4

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session
from tqdm import tqdm

from certificates.domain.requirements import AllOf, HoldsAchievement, Source, WorkQuality
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.tiers import Tier
from certificates.operations.publishing import AchievementDraft, TierDraft, publish_achievement, publish_tiers
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation

TIER = "boats"
SLUGS = ("ferry-facts", "harbour-law")
_BATCH = 50_000
_PERSON = "md5('person ' || n)::uuid"
_PEOPLE = "generate_series({start}, {end}) AS n"
_STATEMENTS = (
    f"""INSERT INTO person (id, name, email, password_hash, state, created_at)
        SELECT {_PERSON}, 'Person ' || n, n || '@example.org', '-', 'active', :at FROM {_PEOPLE}""",
    f"""INSERT INTO membership (id, organisation_id, person_id, role, granted_at)
        SELECT gen_random_uuid(), :vendor, {_PERSON}, 'candidate', :at FROM {_PEOPLE}""",
    f"""INSERT INTO consent (id, organisation_id, person_id, scope, given_at)
        SELECT gen_random_uuid(), :vendor, {_PERSON}, 'certificates', :at FROM {_PEOPLE}""",
    f"""INSERT INTO certificate (id, organisation_id, achievement_version_id, person_id, attempt_id, holder_name,
                                 issued_at, valid_until, state, score, cut_score, skills)
        SELECT substr(md5('c' || n || '-' || k), 1, 24), :public, CASE k WHEN 0 THEN :ferry ELSE :harbour END,
               {_PERSON}, gen_random_uuid(), 'Person ' || n, :at - (n % 600) * interval '1 day',
               :at - (n % 600) * interval '1 day'
                   + CASE WHEN k = 1 AND n % 10 = 0 THEN interval '1 minute' ELSE interval '730 days' END,
               'valid', 0.9, 0.7, CAST('[{{{{"skill": "grounding", "title": "Grounding", "score": "9/10"}}}}]' AS jsonb)
        FROM {_PEOPLE} CROSS JOIN generate_series(0, 1) AS k""",
    f"""INSERT INTO work_quality (organisation_id, person_id, skill, tasks, points, updated_at)
        SELECT :vendor, {_PERSON}, 'grounding', 100, 9500000000, :at FROM {_PEOPLE} WHERE n % 3 = 0""",
    f"""INSERT INTO sanction (id, organisation_id, person_id, reason, imposed_by, imposed_at)
        SELECT gen_random_uuid(), :vendor, {_PERSON}, 'Copied answers.', md5('person 1')::uuid, :at
        FROM {_PEOPLE} WHERE n % 1000 = 0""",
    f"""INSERT INTO tier_standing (organisation_id, person_id, tier_id, outcome, changed_at, expires_at)
        SELECT :vendor, {_PERSON}, :tier, CASE n % 3 WHEN 0 THEN 'allow' ELSE 'provisional' END, :at,
               :at + (700 - n % 600) * interval '1 day'
        FROM {_PEOPLE} WHERE n % 10 > 0""",
)
# Whoever the worker would look at has the standing that it would find.
_DELIVERED = "UPDATE outbox_message SET delivered_at = :at WHERE delivered_at IS NULL"


def person_id(number: int) -> str:
    """The id of the person with this number, from 1 on, as PostgreSQL makes it."""
    return str(UUID(md5(f"person {number}".encode()).hexdigest()))


def populate(database: Database, persons: int, at: datetime) -> UUID:
    """Make a vendor with a tier, and that many persons; returns the vendor's id."""
    vendor = uuid4()
    with database.transaction() as session:
        session.add(Organisation(id=vendor, slug="vendor", name="Vendor of tasks", created_at=at))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        versions = [_publish(session, slug, at) for slug in SLUGS]
    with database.transaction(vendor) as session:
        publish_tiers(session, drafts=[_tier()], at=at)
    given = {"vendor": vendor, "public": PUBLIC_ORGANISATION_ID, "at": at}
    given |= dict(zip(("ferry", "harbour"), versions, strict=True))
    with database.reading(vendor) as session:
        given["tier"] = session.scalars(select(Tier.id).where(Tier.slug == TIER)).one()
    with database.engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))  # spares a look-up for each foreign key
        connection.execute(text("SET synchronous_commit = off"))
        for start in tqdm(range(1, persons + 1, _BATCH), unit="batch", leave=False):
            _fill(connection, start, min(start + _BATCH - 1, persons), given)
        connection.execute(text("SET session_replication_role = origin"))
        connection.execute(text(_DELIVERED), {"at": at})
        connection.commit()
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM (ANALYZE)"))
        connection.execute(text("CHECKPOINT"))
    return vendor


def _fill(connection: Connection, start: int, end: int, given: dict[str, object]) -> None:
    for statement in _STATEMENTS:
        named = {name: value for name, value in given.items() if f":{name}" in statement}
        connection.execute(text(statement.format(start=start, end=end)), named)
    connection.commit()


def _publish(session: Session, slug: str, at: datetime) -> UUID:
    draft = AchievementDraft(slug, slug.title(), "Measured.", "Measured.", 24)
    publish_achievement(session, draft=draft, at=at)
    found = (
        select(AchievementVersion.id)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .where(Achievement.slug == slug, AchievementVersion.is_current)
    )
    return session.scalars(found).one()


def _tier() -> TierDraft:
    """A tier that asks for both certificates, a score in a skill, an age, and work quality once it is known."""
    requirement = AllOf(
        (
            HoldsAchievement(Source.PUBLIC, SLUGS[0], {"grounding": Fraction(4, 5)}, not_older_than_days=700),
            HoldsAchievement(Source.PUBLIC, SLUGS[1]),
            WorkQuality("grounding", Fraction(9, 10), 50, provisional=True),
        )
    )
    return TierDraft(TIER, "Boats", "Boats", "Checks boats.", 40, 50, "USD", "hour", requirement=requirement)
