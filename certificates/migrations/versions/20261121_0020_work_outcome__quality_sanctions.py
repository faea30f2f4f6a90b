"""Work quality: outcomes, floors, proposals to suspend, sanctions, appeals, extensions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0020"
down_revision = "20261121_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_quality",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.String(length=60), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "points BETWEEN 0 AND CAST(tasks AS BIGINT) * 100000000", name=op.f("work_quality_points_within_tasks")
        ),
        sa.CheckConstraint("tasks >= 1", name=op.f("work_quality_tasks_from_one")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_work_quality_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_work_quality_person_id")),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "skill", name=op.f("pk_work_quality")),
    )
    op.create_table(
        "quality_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.String(length=60), nullable=True),
        sa.Column("floor", sa.Numeric(9, 8), nullable=True),
        sa.Column("most_a_day", sa.Integer(), nullable=False),
        sa.Column("extension_tasks", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("extension_tasks >= 1", name=op.f("quality_rule_extension_tasks_from_one")),
        sa.CheckConstraint(
            "extension_tasks IS NULL OR floor IS NOT NULL", name=op.f("quality_rule_extension_needs_floor")
        ),
        sa.CheckConstraint(
            "floor IS NULL OR floor BETWEEN 0.05 AND 0.99", name=op.f("quality_rule_floor_can_be_tested")
        ),
        sa.CheckConstraint("most_a_day >= 1", name=op.f("quality_rule_most_a_day_from_one")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_quality_rule_organisation_id")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_quality_rule_set_by")),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_quality_rule_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_rule")),
        sa.UniqueConstraint("organisation_id", "tier_id", name=op.f("uq_quality_rule_organisation_id_tier_id")),
    )
    op.create_index(op.f("ix_quality_rule_organisation_id"), "quality_rule", ["organisation_id"])
    op.create_table(
        "quality_watch",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.String(length=60), nullable=False),
        sa.Column("floor", sa.Numeric(9, 8), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("run_from", sa.Integer(), nullable=False),
        sa.Column("run_tasks", sa.Integer(), nullable=False),
        sa.Column("run_points", sa.BigInteger(), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(level = 0) = (run_tasks = 0)", name=op.f("quality_watch_run_iff_level")),
        sa.CheckConstraint("floor BETWEEN 0 AND 1", name=op.f("quality_watch_floor_is_fraction")),
        sa.CheckConstraint("level >= 0", name=op.f("quality_watch_level_not_negative")),
        sa.CheckConstraint(
            "points BETWEEN 0 AND CAST(tasks AS BIGINT) * 100000000", name=op.f("quality_watch_points_within_tasks")
        ),
        sa.CheckConstraint(
            "run_points BETWEEN 0 AND CAST(run_tasks AS BIGINT) * 100000000",
            name=op.f("quality_watch_run_points_within_tasks"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_quality_watch_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quality_watch_person_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_quality_watch_tier_id")),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "tier_id", "skill", name=op.f("pk_quality_watch")),
    )
    op.create_table(
        "suspension_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.String(length=60), nullable=True),
        sa.Column("floor", sa.Numeric(9, 8), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "confirmed",
                "dismissed",
                "withdrawn",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("suspension_proposal_decided_at_unless_open")
        ),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'dismissed')) = (decided_by IS NOT NULL)",
            name=op.f("suspension_proposal_decider_iff_decided"),
        ),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'dismissed')) = (reason IS NOT NULL)",
            name=op.f("suspension_proposal_reason_iff_decided"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by != person_id", name=op.f("suspension_proposal_decided_by_another")
        ),
        sa.CheckConstraint("floor BETWEEN 0 AND 1", name=op.f("suspension_proposal_floor_is_fraction")),
        sa.CheckConstraint(
            "reason IS NULL OR length(reason) > 0", name=op.f("suspension_proposal_reason_says_something")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_suspension_proposal_decided_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_suspension_proposal_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_suspension_proposal_person_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_suspension_proposal_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension_proposal")),
    )
    op.create_index(op.f("ix_suspension_proposal_organisation_id"), "suspension_proposal", ["organisation_id"])
    op.create_index("ix_suspension_proposal_person", "suspension_proposal", ["person_id"])
    op.create_index("ix_suspension_proposal_proposed", "suspension_proposal", ["organisation_id", "proposed_at"])
    op.create_index(
        "uq_suspension_proposal_open",
        "suspension_proposal",
        ["organisation_id", "person_id", "tier_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "work_outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("task_id", sa.String(length=200), nullable=False),
        sa.Column("skill", sa.String(length=60), nullable=False),
        sa.Column("tier_slug", sa.String(length=80), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("gold", "review", name="kind_is_known", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("score", sa.Numeric(9, 8), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("work_outcome_number_from_one")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("work_outcome_score_is_fraction")),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_work_outcome_key_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_work_outcome_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_work_outcome_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_outcome")),
        sa.UniqueConstraint("organisation_id", "external_id", name=op.f("uq_work_outcome_organisation_id_external_id")),
        sa.UniqueConstraint(
            "organisation_id", "person_id", "number", name=op.f("uq_work_outcome_organisation_id_person_id_number")
        ),
    )
    op.create_index(op.f("ix_work_outcome_call_id"), "work_outcome", ["call_id"])
    op.create_index("ix_work_outcome_day", "work_outcome", ["organisation_id", "person_id", "occurred_on"])
    op.create_index(op.f("ix_work_outcome_organisation_id"), "work_outcome", ["organisation_id"])
    op.create_index(
        "uq_work_outcome_first",
        "work_outcome",
        ["organisation_id", "person_id", "task_id", "skill"],
        unique=True,
        sqlite_where=sa.text("is_first"),
        postgresql_where=sa.text("is_first"),
    )
    op.create_table(
        "sanction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("imposed_by", sa.Uuid(), nullable=True),
        sa.Column("imposed_by_key", sa.Uuid(), nullable=True),
        sa.Column("imposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_by_key", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(imposed_by IS NULL) != (imposed_by_key IS NULL)", name=op.f("sanction_imposed_by_one")),
        sa.CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name=op.f("sanction_lift_reason_iff_lifted")),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL AND lifted_by_key IS NULL)",
            name=op.f("sanction_lifter_iff_lifted"),
        ),
        sa.CheckConstraint("imposed_by IS NULL OR imposed_by != person_id", name=op.f("sanction_imposed_by_another")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("sanction_reason_says_something")),
        sa.CheckConstraint("lifted_by IS NULL OR lifted_by != person_id", name=op.f("sanction_lifted_by_another")),
        sa.CheckConstraint("lifted_by IS NULL OR lifted_by_key IS NULL", name=op.f("sanction_lifted_by_one")),
        sa.ForeignKeyConstraint(["imposed_by"], ["person.id"], name=op.f("fk_sanction_imposed_by")),
        sa.ForeignKeyConstraint(["imposed_by_key"], ["api_key.id"], name=op.f("fk_sanction_imposed_by_key")),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_sanction_lifted_by")),
        sa.ForeignKeyConstraint(["lifted_by_key"], ["api_key.id"], name=op.f("fk_sanction_lifted_by_key")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_sanction_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sanction_person_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["suspension_proposal.id"], name=op.f("fk_sanction_proposal_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_sanction_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_sanction_proposal_id")),
    )
    op.create_index(op.f("ix_sanction_organisation_id"), "sanction", ["organisation_id"])
    op.create_index("ix_sanction_person", "sanction", ["person_id"])
    op.create_index(
        "uq_sanction_active_everywhere",
        "sanction",
        ["organisation_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL AND tier_id IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL AND tier_id IS NULL"),
    )
    op.create_index(
        "uq_sanction_active_in_tier",
        "sanction",
        ["organisation_id", "person_id", "tier_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL AND tier_id IS NOT NULL"),
        postgresql_where=sa.text("lifted_at IS NULL AND tier_id IS NOT NULL"),
    )
    op.create_table(
        "sanction_appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sanction_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("imposed_by", sa.Uuid(), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "upheld",
                "rejected",
                "settled",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("sanction_appeal_decided_at_unless_open")
        ),
        sa.CheckConstraint(
            "(state IN ('upheld', 'rejected')) = (decided_by IS NOT NULL)",
            name=op.f("sanction_appeal_decider_iff_decided"),
        ),
        sa.CheckConstraint(
            "(state IN ('upheld', 'rejected')) = (reason IS NOT NULL)", name=op.f("sanction_appeal_reason_iff_decided")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by != person_id", name=op.f("sanction_appeal_decided_by_another")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR imposed_by IS NULL OR decided_by != imposed_by",
            name=op.f("sanction_appeal_decided_anew"),
        ),
        sa.CheckConstraint("length(grounds) > 0", name=op.f("sanction_appeal_grounds_say_something")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_sanction_appeal_decided_by")),
        sa.ForeignKeyConstraint(["imposed_by"], ["person.id"], name=op.f("fk_sanction_appeal_imposed_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sanction_appeal_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sanction_appeal_person_id")),
        sa.ForeignKeyConstraint(["sanction_id"], ["sanction.id"], name=op.f("fk_sanction_appeal_sanction_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction_appeal")),
        sa.UniqueConstraint("sanction_id", name=op.f("uq_sanction_appeal_sanction_id")),
    )
    op.create_index(op.f("ix_sanction_appeal_organisation_id"), "sanction_appeal", ["organisation_id"])
    op.create_table(
        "validity_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("was_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("validity_extension_number_from_one")),
        sa.CheckConstraint("until > was_until", name=op.f("validity_extension_holds_longer")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_validity_extension_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_validity_extension_organisation_id")
        ),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_validity_extension_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validity_extension")),
        sa.UniqueConstraint("certificate_id", "number", name=op.f("uq_validity_extension_certificate_id_number")),
    )
    op.create_index(op.f("ix_validity_extension_organisation_id"), "validity_extension", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("validity_extension")
    op.drop_table("sanction_appeal")
    op.drop_table("sanction")
    op.drop_table("work_outcome")
    op.drop_table("suspension_proposal")
    op.drop_table("quality_watch")
    op.drop_table("quality_rule")
    op.drop_table("work_quality")
