"""API keys, and the answers that were given under an idempotency key"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0016"
down_revision = "20261121_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rate_per_minute", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("rotated_from", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("api_key_name_is_given")),
        sa.CheckConstraint("length(secret_hash) = 64", name=op.f("api_key_secret_is_hashed")),
        sa.CheckConstraint("rate_per_minute BETWEEN 1 AND 600000", name=op.f("api_key_rate_in_bounds")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("api_key_expires_after_making")),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("api_key_revoker_iff_revoked")),
        sa.CheckConstraint("rotated_from IS NULL OR rotated_from != id", name=op.f("api_key_rotated_from_another")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_api_key_made_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_api_key_organisation_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_api_key_revoked_by")),
        sa.ForeignKeyConstraint(["rotated_from"], ["api_key.id"], name=op.f("fk_api_key_rotated_from")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
        sa.UniqueConstraint("rotated_from", name=op.f("uq_api_key_rotated_from")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_key_secret_hash")),
    )
    op.create_index(op.f("ix_api_key_organisation_id"), "api_key", ["organisation_id"], unique=False)
    op.create_table(
        "idempotency_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("path", sa.String(length=2000), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 200", name=op.f("idempotency_record_key_in_bounds")),
        sa.CheckConstraint("status BETWEEN 200 AND 299", name=op.f("idempotency_record_only_what_was_done")),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_idempotency_record_key_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_idempotency_record_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_record")),
        sa.UniqueConstraint("key_id", "key", name=op.f("uq_idempotency_record_key_id_key")),
    )
    op.create_index(op.f("ix_idempotency_record_made_at"), "idempotency_record", ["made_at"], unique=False)
    op.create_index(
        op.f("ix_idempotency_record_organisation_id"), "idempotency_record", ["organisation_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("idempotency_record")
    op.drop_table("api_key")
