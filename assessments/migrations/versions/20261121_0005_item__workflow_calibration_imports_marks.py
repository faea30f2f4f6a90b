"""Items are written, reviewed and found; keys have a provenance; calibration, imports, marks"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0005"
down_revision = "20261121_0004"
branch_labels = None
depends_on = None

# Columns are added in plain SQL, which both databases take: SQLite could otherwise only copy these tables, and to
# drop the old copy would break the rows that refer to it.
ITEM_COLUMNS = (
    "state VARCHAR(32) NOT NULL DEFAULT 'live' "
    "CONSTRAINT item_state_is_known CHECK (state IN ('draft', 'pilot', 'live', 'retired'))",
    "type VARCHAR(40) NOT NULL DEFAULT ''",
    "skill VARCHAR(60) NOT NULL DEFAULT ''",
    "difficulty VARCHAR(32) NOT NULL DEFAULT 'medium' "
    "CONSTRAINT item_difficulty_is_known CHECK (difficulty IN ('easy', 'medium', 'hard'))",
    "stem VARCHAR(300) NOT NULL DEFAULT ''",  # written when the catalogue is loaded next
    "tags {json} NOT NULL DEFAULT '[]'",
    "search_text TEXT NOT NULL DEFAULT ''",
    "changed_at {instant} NOT NULL DEFAULT '2026-11-21 00:00:00+00:00'",
    "retired_by {uuid} CONSTRAINT fk_item_retired_by REFERENCES person (id) "
    "CONSTRAINT item_retired_by_only_if_retired CHECK (retired_by IS NULL OR state = 'retired')",
)
VERSION_COLUMNS = (
    "attribution {json}",
    "created_by {uuid} CONSTRAINT fk_item_version_created_by REFERENCES person (id)",
    "approved_by {uuid} CONSTRAINT fk_item_version_approved_by REFERENCES person (id) "
    "CONSTRAINT item_version_approved_by_another CHECK (approved_by IS NULL OR approved_by != created_by)",
)
KEY_COLUMNS = (
    "provenance {json}",
    "agreement NUMERIC(9, 8) CONSTRAINT answer_key_agreement_is_fraction CHECK (agreement BETWEEN 0 AND 1)",
    "created_by {uuid} CONSTRAINT fk_answer_key_created_by REFERENCES person (id)",
    "approved_by {uuid} CONSTRAINT fk_answer_key_approved_by REFERENCES person (id) "
    "CONSTRAINT answer_key_approved_by_another CHECK (approved_by IS NULL OR approved_by != created_by)",
)
TEST_COLUMNS = (
    "created_by {uuid} CONSTRAINT fk_test_version_created_by REFERENCES person (id)",
    "approved_by {uuid} CONSTRAINT fk_test_version_approved_by REFERENCES person (id) "
    "CONSTRAINT test_version_approved_by_another CHECK (approved_by IS NULL OR approved_by != created_by)",
)
FORM_COLUMNS = ("is_scored BOOLEAN NOT NULL DEFAULT true",)
ADDED = {
    "item": ITEM_COLUMNS,
    "item_version": VERSION_COLUMNS,
    "answer_key": KEY_COLUMNS,
    "test_version": TEST_COLUMNS,
    "form_item": FORM_COLUMNS,
}


def add_columns() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    types = {
        "json": "JSON" if is_sqlite else "JSONB",
        "instant": "DATETIME" if is_sqlite else "TIMESTAMP WITH TIME ZONE",
        "uuid": "CHAR(32)" if is_sqlite else "UUID",
    }
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(**types)}")


def describe_items() -> None:
    current = "(SELECT {} FROM item_version v WHERE v.item_id = item.id ORDER BY v.is_current DESC LIMIT 1)"
    for name in ("type", "skill", "difficulty"):
        op.execute(f"UPDATE item SET {name} = COALESCE({current.format('v.' + name)}, {name})")  # noqa: S608  # our names
    op.execute("UPDATE item SET search_text = identifier, state = CASE WHEN is_retired THEN 'retired' ELSE 'live' END")


def upgrade() -> None:
    op.create_table(
        "calibration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Numeric(9, 8), nullable=False),
        sa.Column("try_window", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("agreement > 0 AND agreement <= 1", name=op.f("calibration_agreement_is_fraction")),
        sa.CheckConstraint("try_window >= 1", name=op.f("calibration_window_from_one")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_calibration_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
        sa.UniqueConstraint("organisation_id", "slug", name=op.f("uq_calibration_organisation_id_slug")),
    )
    with op.batch_alter_table("calibration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calibration_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "item_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("bank", sa.String(length=60), nullable=False),
        sa.Column("skill", sa.String(length=60), nullable=False),
        sa.Column("is_dry_run", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "reading",
                "storing",
                "done",
                "refused",
                "failed",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("warnings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('done', 'refused', 'failed')) = (finished_at IS NOT NULL)",
            name=op.f("item_import_finished_iff_over"),
        ),
        sa.CheckConstraint(
            "state != 'done' OR rows_read = made + unchanged + refused", name=op.f("item_import_rows_add_up")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_item_import_organisation_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_item_import_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_import")),
    )
    with op.batch_alter_table("item_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_import_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_item_import_requested", ["organisation_id", "requested_at"], unique=False)

    op.create_table(
        "calibration_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calibration_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("agreement", sa.Numeric(9, 8), nullable=False),
        sa.Column("try_window", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("agreement > 0 AND agreement <= 1", name=op.f("calibration_round_agreement_is_fraction")),
        sa.CheckConstraint("number >= 1", name=op.f("calibration_round_number_from_one")),
        sa.ForeignKeyConstraint(
            ["calibration_id"], ["calibration.id"], name=op.f("fk_calibration_round_calibration_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_calibration_round_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calibration_round_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_round")),
        sa.UniqueConstraint(
            "calibration_id", "person_id", "number", name=op.f("uq_calibration_round_calibration_id_person_id_number")
        ),
    )
    with op.batch_alter_table("calibration_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calibration_round_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "item_draft",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "in-review", name="state_is_known", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "use",
            sa.Enum("practice", "test", name="use_is_known", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
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
        sa.Column("key", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("temptations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("provenance", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("attribution", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("answer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'in-review') = (submitted_by IS NOT NULL)", name=op.f("item_draft_submitter_iff_in_review")
        ),
        sa.CheckConstraint(
            "(submitted_by IS NULL) = (submitted_at IS NULL)", name=op.f("item_draft_submitted_at_iff_submitter")
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("item_draft_revision_from_one")),
        sa.ForeignKeyConstraint(["edited_by"], ["person.id"], name=op.f("fk_item_draft_edited_by")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_draft_item_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_item_draft_organisation_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_item_draft_submitted_by")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_draft")),
    )
    with op.batch_alter_table("item_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_draft_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_item_draft_state", ["organisation_id", "state"], unique=False)

    op.create_table(
        "stem_band",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_stem_band_item_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_stem_band_organisation_id")),
        sa.PrimaryKeyConstraint("item_id", "band", name=op.f("pk_stem_band")),
    )
    with op.batch_alter_table("stem_band", schema=None) as batch_op:
        batch_op.create_index("ix_stem_band_hash", ["organisation_id", "hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_stem_band_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "item_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("item_version_id", sa.Uuid(), nullable=True),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "returned",
                "pilot",
                "live",
                name="decision_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(decision = 'returned') = (item_version_id IS NULL)", name=op.f("item_review_version_iff_approved")
        ),
        sa.CheckConstraint(
            "decision != 'returned' OR length(comment) > 0", name=op.f("item_review_returned_with_a_reason")
        ),
        sa.CheckConstraint(
            "decided_by != submitted_by AND decided_by != edited_by", name=op.f("item_review_decided_by_another")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_item_review_decided_by")),
        sa.ForeignKeyConstraint(["edited_by"], ["person.id"], name=op.f("fk_item_review_edited_by")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_review_item_id")),
        sa.ForeignKeyConstraint(["item_version_id"], ["item_version.id"], name=op.f("fk_item_review_item_version_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_item_review_organisation_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_item_review_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_review")),
    )
    with op.batch_alter_table("item_review", schema=None) as batch_op:
        batch_op.create_index("ix_item_review_item", ["item_id", "decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_review_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("marker_id", sa.Uuid(), nullable=False),
        sa.Column("levels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id", "position"],
            ["form_item.attempt_id", "form_item.position"],
            name=op.f("fk_mark_attempt_id_position"),
        ),
        sa.ForeignKeyConstraint(["marker_id"], ["person.id"], name=op.f("fk_mark_marker_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_mark_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("attempt_id", "position", "marker_id", name=op.f("uq_mark_attempt_id_position_marker_id")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index("ix_mark_marker", ["marker_id", "marked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_mark_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "test_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("terms", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("test_draft_revision_from_one")),
        sa.CheckConstraint(
            "(submitted_by IS NULL) = (submitted_at IS NULL)", name=op.f("test_draft_submitted_at_iff_submitter")
        ),
        sa.ForeignKeyConstraint(["edited_by"], ["person.id"], name=op.f("fk_test_draft_edited_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_test_draft_organisation_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_test_draft_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_draft")),
        sa.UniqueConstraint("organisation_id", "slug", name=op.f("uq_test_draft_organisation_id_slug")),
    )
    op.create_index(op.f("ix_test_draft_organisation_id"), "test_draft", ["organisation_id"])

    add_columns()
    describe_items()
    op.drop_column("item", "is_retired")
    op.create_index("ix_item_changed", "item", ["organisation_id", "changed_at", "id"])
    op.create_index("ix_item_bank_changed", "item", ["organisation_id", "bank", "changed_at", "id"])
    with op.batch_alter_table("practice_try") as batch_op:  # nothing refers to it, so it may be copied
        batch_op.add_column(sa.Column("calibration_round_id", sa.Uuid(), nullable=True))
        batch_op.alter_column("points", existing_type=sa.Numeric(9, 8), nullable=True)
        batch_op.create_unique_constraint(
            op.f("uq_practice_try_calibration_round_id_item_id"), ["calibration_round_id", "item_id"]
        )
        batch_op.create_foreign_key(
            op.f("fk_practice_try_calibration_round_id"), "calibration_round", ["calibration_round_id"], ["id"]
        )


def downgrade() -> None:
    op.execute("DELETE FROM practice_try WHERE points IS NULL OR calibration_round_id IS NOT NULL")
    with op.batch_alter_table("practice_try") as batch_op:
        batch_op.drop_constraint(op.f("fk_practice_try_calibration_round_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_practice_try_calibration_round_id_item_id"), type_="unique")
        batch_op.alter_column("points", existing_type=sa.Numeric(9, 8), nullable=False)
        batch_op.drop_column("calibration_round_id")
    op.drop_index("ix_item_bank_changed", "item")
    op.drop_index("ix_item_changed", "item")
    op.execute("ALTER TABLE item ADD COLUMN is_retired BOOLEAN NOT NULL DEFAULT false")
    op.execute("UPDATE item SET is_retired = (state = 'retired')")
    op.drop_table("test_draft")
    op.drop_table("mark")
    op.drop_table("item_review")
    op.drop_table("stem_band")
    op.drop_table("item_draft")
    op.drop_table("calibration_round")
    op.drop_table("item_import")
    op.drop_table("calibration")
    for table, columns in ADDED.items():
        for column in reversed(columns):
            op.drop_column(table, column.partition(" ")[0])
