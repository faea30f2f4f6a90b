"""Items, tests, attempts, results, practice"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0002"
down_revision = "20261121_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank", sa.String(length=60), nullable=False),
        sa.Column("identifier", sa.String(length=60), nullable=False),
        sa.Column(
            "use",
            sa.Enum("practice", "test", name="use_is_known", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_item_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("organisation_id", "identifier", name=op.f("uq_item_organisation_id_identifier")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index("ix_item_bank_use", ["organisation_id", "bank", "use"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "test",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_test_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test")),
        sa.UniqueConstraint("organisation_id", "slug", name=op.f("uq_test_organisation_id_slug")),
    )
    with op.batch_alter_table("test", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "item_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("skill", sa.String(length=60), nullable=False),
        sa.Column(
            "difficulty",
            sa.Enum(
                "easy",
                "medium",
                "hard",
                name="difficulty_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("item_version_hash_is_sha256")),
        sa.CheckConstraint("number >= 1", name=op.f("item_version_number_from_one")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_version_item_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_item_version_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint("item_id", "content_hash", name=op.f("uq_item_version_item_id_content_hash")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_version_item_id_number")),
    )
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_version_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_item_version_current",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "test_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("test_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("limit_seconds", sa.Integer(), nullable=False),
        sa.Column("cut_score", sa.Numeric(9, 8), nullable=False),
        sa.Column("document", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("cut_score > 0 AND cut_score <= 1", name=op.f("test_version_cut_score_is_fraction")),
        sa.CheckConstraint("limit_seconds > 0", name=op.f("test_version_limit_is_positive")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_test_version_organisation_id")),
        sa.ForeignKeyConstraint(["test_id"], ["test.id"], name=op.f("fk_test_version_test_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_version")),
        sa.UniqueConstraint("test_id", "content_hash", name=op.f("uq_test_version_test_id_content_hash")),
        sa.UniqueConstraint("test_id", "number", name=op.f("uq_test_version_test_id_number")),
    )
    with op.batch_alter_table("test_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_version_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_test_version_current",
            ["test_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "answer_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("temptations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("answer_key_number_from_one")),
        sa.ForeignKeyConstraint(["item_version_id"], ["item_version.id"], name=op.f("fk_answer_key_item_version_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_answer_key_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_key")),
        sa.UniqueConstraint("item_version_id", "content_hash", name=op.f("uq_answer_key_item_version_id_content_hash")),
        sa.UniqueConstraint("item_version_id", "number", name=op.f("uq_answer_key_item_version_id_number")),
    )
    with op.batch_alter_table("answer_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_key_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_answer_key_current",
            ["item_version_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("test_id", sa.Uuid(), nullable=False),
        sa.Column("test_version_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "submitted",
                "graded",
                "voided",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_submitted_by_deadline", sa.Boolean(), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Numeric(9, 8), nullable=True),
        sa.Column("standard_error", sa.Double(), nullable=True),
        sa.Column("has_passed", sa.Boolean(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'voided') = (void_reason IS NOT NULL)", name=op.f("attempt_reason_iff_voided")),
        sa.CheckConstraint("state != 'graded' OR score IS NOT NULL", name=op.f("attempt_graded_has_score")),
        sa.CheckConstraint("state != 'open' OR submitted_at IS NULL", name=op.f("attempt_open_is_not_submitted")),
        sa.CheckConstraint("state IN ('graded', 'voided') OR score IS NULL", name=op.f("attempt_score_once_graded")),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'graded') OR submitted_at IS NOT NULL", name=op.f("attempt_submitted_has_time")
        ),
        sa.CheckConstraint("(score IS NULL) = (graded_at IS NULL)", name=op.f("attempt_graded_at_iff_score")),
        sa.CheckConstraint("(score IS NULL) = (has_passed IS NULL)", name=op.f("attempt_verdict_iff_score")),
        sa.CheckConstraint("deadline_at > started_at", name=op.f("attempt_deadline_after_start")),
        sa.CheckConstraint("number >= 1", name=op.f("attempt_number_from_one")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("attempt_score_is_fraction")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_attempt_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_person_id")),
        sa.ForeignKeyConstraint(["test_id"], ["test.id"], name=op.f("fk_attempt_test_id")),
        sa.ForeignKeyConstraint(["test_version_id"], ["test_version.id"], name=op.f("fk_attempt_test_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("test_id", "person_id", "number", name=op.f("uq_attempt_test_id_person_id_number")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_attempt_person_started", ["person_id", "started_at"], unique=False)
        batch_op.create_index(
            "uq_attempt_open",
            ["test_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "form_item",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Uuid(), nullable=False),
        sa.Column("answer_key_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("form_item_position_from_one")),
        sa.ForeignKeyConstraint(["answer_key_id"], ["answer_key.id"], name=op.f("fk_form_item_answer_key_id")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_form_item_attempt_id")),
        sa.ForeignKeyConstraint(["item_version_id"], ["item_version.id"], name=op.f("fk_form_item_item_version_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_form_item_organisation_id")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_form_item")),
    )
    with op.batch_alter_table("form_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_item_item_version_id"), ["item_version_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_item_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "item_result",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points", sa.Numeric(9, 8), nullable=False),
        sa.Column("parts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 1", name=op.f("item_result_points_are_fraction")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_item_result_attempt_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_item_result_organisation_id")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_item_result")),
    )
    with op.batch_alter_table("item_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_result_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "practice_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("item_version_id", sa.Uuid(), nullable=False),
        sa.Column("answer_key_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("try_key", sa.Uuid(), nullable=False),
        sa.Column("response", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("points", sa.Numeric(9, 8), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("practice_try_number_from_one")),
        sa.CheckConstraint("points BETWEEN 0 AND 1", name=op.f("practice_try_points_are_fraction")),
        sa.ForeignKeyConstraint(["answer_key_id"], ["answer_key.id"], name=op.f("fk_practice_try_answer_key_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_practice_try_item_id")),
        sa.ForeignKeyConstraint(["item_version_id"], ["item_version.id"], name=op.f("fk_practice_try_item_version_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_practice_try_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_practice_try_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_try")),
        sa.UniqueConstraint("person_id", "item_id", "number", name=op.f("uq_practice_try_person_id_item_id_number")),
        sa.UniqueConstraint("person_id", "try_key", name=op.f("uq_practice_try_person_id_try_key")),
    )
    with op.batch_alter_table("practice_try", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_try_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "response",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("response", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("response_sequence_from_one")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_response_attempt_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_response_organisation_id")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_response")),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "skill_result",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("score", sa.Numeric(9, 8), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("standard_error", sa.Double(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("skill_result_score_is_fraction")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_skill_result_attempt_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_skill_result_organisation_id")),
        sa.PrimaryKeyConstraint("attempt_id", "rank", name=op.f("pk_skill_result")),
    )
    with op.batch_alter_table("skill_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skill_result_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("skill_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skill_result_organisation_id"))

    op.drop_table("skill_result")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_response_organisation_id"))

    op.drop_table("response")
    with op.batch_alter_table("practice_try", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practice_try_organisation_id"))

    op.drop_table("practice_try")
    with op.batch_alter_table("item_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_result_organisation_id"))

    op.drop_table("item_result")
    with op.batch_alter_table("form_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_item_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_form_item_item_version_id"))

    op.drop_table("form_item")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attempt_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index("ix_attempt_person_started")
        batch_op.drop_index(batch_op.f("ix_attempt_organisation_id"))

    op.drop_table("attempt")
    with op.batch_alter_table("answer_key", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_answer_key_current", sqlite_where=sa.text("is_current"), postgresql_where=sa.text("is_current")
        )
        batch_op.drop_index(batch_op.f("ix_answer_key_organisation_id"))

    op.drop_table("answer_key")
    with op.batch_alter_table("test_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_test_version_current", sqlite_where=sa.text("is_current"), postgresql_where=sa.text("is_current")
        )
        batch_op.drop_index(batch_op.f("ix_test_version_organisation_id"))

    op.drop_table("test_version")
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_item_version_current", sqlite_where=sa.text("is_current"), postgresql_where=sa.text("is_current")
        )
        batch_op.drop_index(batch_op.f("ix_item_version_organisation_id"))

    op.drop_table("item_version")
    with op.batch_alter_table("test", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_organisation_id"))

    op.drop_table("test")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_organisation_id"))
        batch_op.drop_index("ix_item_bank_use")

    op.drop_table("item")
