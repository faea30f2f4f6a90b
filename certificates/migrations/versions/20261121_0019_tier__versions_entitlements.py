"""Versions of what tiers ask for, decisions about entitlements, standings"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0019"
down_revision = "20261121_0018"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PUBLIC = UUID("a55a0000-0000-4000-8000-000000000001")
REVIEW_OF_A_CERTIFICATE = f"""organisation_id = '{PUBLIC}'::uuid AND EXISTS (
    SELECT FROM certificate WHERE certificate.id = certificate_review.certificate_id)"""
OUTCOMES = ("allow", "provisional", "deny")

ACHIEVEMENT = sa.table(
    "achievement", sa.column("id", sa.Uuid), sa.column("slug"), sa.column("organisation_id", sa.Uuid)
)
REQUIREMENT = sa.table(
    "tier_requirement",
    sa.column("tier_id", sa.Uuid),
    sa.column("achievement_id", sa.Uuid),
    sa.column("rank"),
    sa.column("organisation_id", sa.Uuid),
)
VERSION = sa.table(
    "tier_version",
    sa.column("id", sa.Uuid),
    sa.column("tier_id", sa.Uuid),
    sa.column("organisation_id", sa.Uuid),
    sa.column("number", sa.Integer),
    sa.column("is_current", sa.Boolean),
    sa.column("requirement", JSON),
    sa.column("reason"),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("tier") as tier:
        tier.add_column(sa.Column("languages", JSON, nullable=False, server_default=sa.text("'[]'")))
        tier.add_column(sa.Column("made_by", sa.Uuid(), nullable=True))
        tier.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        tier.create_foreign_key(op.f("fk_tier_made_by"), "person", ["made_by"], ["id"])
    with op.batch_alter_table("tier") as tier:
        tier.alter_column("languages", server_default=None)
    op.create_table(
        "tier_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("requirement", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("grace_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("tier_version_number_from_one")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("tier_version_reason_says_something")),
        sa.CheckConstraint("grace_until IS NULL OR number > 1", name=op.f("tier_version_grace_after_a_change")),
        sa.CheckConstraint(
            "grace_until IS NULL OR grace_until > created_at", name=op.f("tier_version_grace_lies_ahead")
        ),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_tier_version_tier_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_tier_version_created_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_tier_version_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_version")),
        sa.UniqueConstraint("tier_id", "number", name=op.f("uq_tier_version_tier_id_number")),
    )
    op.create_index(op.f("ix_tier_version_organisation_id"), "tier_version", ["organisation_id"])
    op.create_index(
        "uq_tier_version_current",
        "tier_version",
        ["tier_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    _make_first_versions()
    op.drop_table("tier_requirement")
    op.create_table(
        "entitlement_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("missing", JSON, nullable=False),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rule_version >= 1", name=op.f("entitlement_decision_rule_version_from_one")),
        sa.CheckConstraint("expires_at IS NULL OR expires_at > at", name=op.f("entitlement_decision_expires_later")),
        sa.CheckConstraint(f"outcome IN {OUTCOMES!r}", name=op.f("entitlement_decision_outcome_is_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entitlement_decision_person_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_entitlement_decision_tier_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_entitlement_decision_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement_decision")),
    )
    op.create_index(op.f("ix_entitlement_decision_organisation_id"), "entitlement_decision", ["organisation_id"])
    op.create_index("ix_entitlement_decision_person_at", "entitlement_decision", ["person_id", "at"])
    op.create_table(
        "tier_standing",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"outcome IN {OUTCOMES!r}", name=op.f("tier_standing_outcome_is_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tier_standing_person_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_tier_standing_tier_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_tier_standing_organisation_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "tier_id", "organisation_id", name=op.f("pk_tier_standing")),
    )
    op.create_index(op.f("ix_tier_standing_organisation_id"), "tier_standing", ["organisation_id"])
    op.create_index(op.f("ix_tier_standing_tier_id"), "tier_standing", ["tier_id"])
    if op.get_bind().dialect.name == "postgresql":  # whoever may read a certificate learns that it is under review
        op.execute(f"CREATE POLICY consented ON certificate_review FOR SELECT USING ({REVIEW_OF_A_CERTIFICATE})")


def _make_first_versions() -> None:
    """What each tier requires becomes its first version."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(REQUIREMENT.c.tier_id, REQUIREMENT.c.organisation_id, ACHIEVEMENT.c.slug)
        .join(ACHIEVEMENT, ACHIEVEMENT.c.id == REQUIREMENT.c.achievement_id)
        .order_by(REQUIREMENT.c.tier_id, REQUIREMENT.c.rank)
    ).all()
    parts: dict[tuple[UUID, UUID], list[dict[str, str]]] = {}
    for tier_id, organisation_id, slug in rows:
        source = "public" if organisation_id == PUBLIC else "own"
        asked = {"kind": "achievement", "organisation": source, "slug": slug}
        parts.setdefault((tier_id, organisation_id), []).append(asked)
    for (tier_id, organisation_id), required in parts.items():
        connection.execute(
            sa.insert(VERSION).values(
                id=uuid4(),
                tier_id=tier_id,
                organisation_id=organisation_id,
                number=1,
                is_current=True,
                requirement=required[0] if len(required) == 1 else {"kind": "all_of", "parts": required},
                reason="What the tier required before its requirements had versions.",
                created_at=datetime.now(UTC),
            )
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP POLICY consented ON certificate_review")
    op.create_table(
        "tier_requirement",
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rank >= 1", name=op.f("tier_requirement_rank_from_one")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievement.id"], name=op.f("fk_tier_requirement_achievement_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_tier_requirement_organisation_id")
        ),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_tier_requirement_tier_id")),
        sa.PrimaryKeyConstraint("tier_id", "achievement_id", name=op.f("pk_tier_requirement")),
    )
    op.create_index(op.f("ix_tier_requirement_achievement_id"), "tier_requirement", ["achievement_id"])
    op.create_index(op.f("ix_tier_requirement_organisation_id"), "tier_requirement", ["organisation_id"])
    _fill_requirements()
    op.drop_table("tier_standing")
    op.drop_table("entitlement_decision")
    op.drop_table("tier_version")
    op.execute("DELETE FROM tier_requirement WHERE tier_id IN (SELECT id FROM tier WHERE withdrawn_at IS NOT NULL)")
    op.execute("DELETE FROM tier WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("tier") as tier:
        tier.drop_constraint(op.f("fk_tier_made_by"), type_="foreignkey")
        tier.drop_column("withdrawn_at")
        tier.drop_column("made_by")
        tier.drop_column("languages")


def _fill_requirements() -> None:
    """The achievements of the tier's own organisation that its current version names, each once."""
    connection = op.get_bind()
    known = {
        (organisation_id, slug): achievement_id
        for achievement_id, slug, organisation_id in connection.execute(sa.select(ACHIEVEMENT))
    }
    current = sa.select(VERSION.c.tier_id, VERSION.c.organisation_id, VERSION.c.requirement).where(VERSION.c.is_current)
    for tier_id, organisation_id, requirement in connection.execute(current).all():
        named = [known[organisation_id, slug] for slug in _slugs(requirement) if (organisation_id, slug) in known]
        for rank, achievement_id in enumerate(dict.fromkeys(named), start=1):
            connection.execute(
                sa.insert(REQUIREMENT).values(
                    tier_id=tier_id, organisation_id=organisation_id, achievement_id=achievement_id, rank=rank
                )
            )


def _slugs(requirement: dict[str, Any]) -> list[str]:
    if requirement["kind"] == "achievement":
        return [requirement["slug"]]
    return [slug for part in requirement.get("parts", ()) for slug in _slugs(part)]
