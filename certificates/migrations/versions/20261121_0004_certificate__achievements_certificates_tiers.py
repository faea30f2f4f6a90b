"""Achievements and their versions, certificates and their files, tiers and what they require"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0004"
down_revision = "20261121_0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SCORE = sa.Numeric(9, 8)
STATES = ("valid", "suspended", "revoked", "superseded", "erased")


def upgrade() -> None:
    op.create_table(
        "achievement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_achievement_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievement")),
        sa.UniqueConstraint("organisation_id", "slug", name=op.f("uq_achievement_organisation_id_slug")),
    )
    op.create_index(op.f("ix_achievement_organisation_id"), "achievement", ["organisation_id"])
    op.create_table(
        "achievement_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("validity_months", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("achievement_version_number_from_one")),
        sa.CheckConstraint("validity_months >= 1", name=op.f("achievement_version_validity_is_positive")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievement.id"], name=op.f("fk_achievement_version_achievement_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_achievement_version_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievement_version")),
        sa.UniqueConstraint(
            "achievement_id", "content_hash", name=op.f("uq_achievement_version_achievement_id_content_hash")
        ),
        sa.UniqueConstraint("achievement_id", "number", name=op.f("uq_achievement_version_achievement_id_number")),
    )
    op.create_index(op.f("ix_achievement_version_organisation_id"), "achievement_version", ["organisation_id"])
    op.create_index(
        "uq_achievement_version_current",
        "achievement_version",
        ["achievement_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("achievement_version_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=True),
        sa.Column("score", SCORE, nullable=False),
        sa.Column("cut_score", SCORE, nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("valid_until > issued_at", name=op.f("certificate_valid_after_issue")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("certificate_score_is_fraction")),
        sa.CheckConstraint("score >= cut_score", name=op.f("certificate_score_reaches_cut")),
        sa.CheckConstraint("(state = 'valid') = (state_reason IS NULL)", name=op.f("certificate_reason_iff_not_valid")),
        sa.CheckConstraint("(state = 'erased') = (holder_name = '')", name=op.f("certificate_name_unless_erased")),
        sa.CheckConstraint(f"state IN {STATES!r}", name=op.f("certificate_state_is_known")),
        sa.ForeignKeyConstraint(
            ["achievement_version_id"],
            ["achievement_version.id"],
            name=op.f("fk_certificate_achievement_version_id"),
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_certificate_attempt_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_certificate_attempt_id")),
    )
    op.create_index(op.f("ix_certificate_achievement_version_id"), "certificate", ["achievement_version_id"])
    op.create_index(op.f("ix_certificate_organisation_id"), "certificate", ["organisation_id"])
    op.create_index("ix_certificate_person_issued", "certificate", ["person_id", "issued_at"])
    op.create_table(
        "certificate_file",
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("byte_count > 0", name=op.f("certificate_file_file_is_not_empty")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("certificate_file_sha256_is_hex")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_file_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_file_organisation_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_file")),
    )
    op.create_index(op.f("ix_certificate_file_organisation_id"), "certificate_file", ["organisation_id"])
    op.create_table(
        "tier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("domain", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("pay_low", sa.Integer(), nullable=False),
        sa.Column("pay_high", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("per", sa.String(length=20), nullable=False),
        sa.Column("is_announced", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(currency) = 3", name=op.f("tier_currency_is_code")),
        sa.CheckConstraint("pay_low <= pay_high", name=op.f("tier_pay_low_first")),
        sa.CheckConstraint("pay_low > 0", name=op.f("tier_pay_is_positive")),
        sa.CheckConstraint("rank >= 1", name=op.f("tier_rank_from_one")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_tier_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier")),
        sa.UniqueConstraint("organisation_id", "slug", name=op.f("uq_tier_organisation_id_slug")),
    )
    op.create_index(op.f("ix_tier_organisation_id"), "tier", ["organisation_id"])
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


def downgrade() -> None:
    for table in ("tier_requirement", "tier", "certificate_file", "certificate", "achievement_version", "achievement"):
        op.drop_table(table)
