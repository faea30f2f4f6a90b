"""Signing keys, the issuance log, designs, credentials"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0013"
down_revision = "20261121_0012"
branch_labels = None
depends_on = None


APPEND_ONLY = ("log_leaf", "log_node", "log_checkpoint")


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "credential",
                "document",
                "log",
                name="purpose_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "retired",
                "compromised",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("public_jwk", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sealed_private", sa.LargeBinary(), nullable=True),
        sa.Column("x509", sa.Text(), nullable=True),
        sa.Column("is_development", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compromised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(purpose = 'document') = (x509 IS NOT NULL)", name=op.f("signing_key_x509_iff_document")),
        sa.CheckConstraint(
            "(state = 'active') = (retired_at IS NULL)", name=op.f("signing_key_retired_at_unless_active")
        ),
        sa.CheckConstraint(
            "(state = 'compromised') = (compromised_at IS NOT NULL)",
            name=op.f("signing_key_compromised_at_iff_compromised"),
        ),
        sa.CheckConstraint(
            "state = 'active' OR sealed_private IS NULL", name=op.f("signing_key_private_half_only_while_active")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    op.create_index(
        "uq_signing_key_active",
        "signing_key",
        ["purpose"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "design_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column(
            "paper",
            sa.Enum("a4", "letter", name="paper_is_known", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "orientation",
            sa.Enum(
                "portrait",
                "landscape",
                name="orientation_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("accent", sa.String(length=7), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("signatories", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(accent) = 7", name=op.f("design_version_accent_is_hex")),
        sa.CheckConstraint("number >= 1", name=op.f("design_version_number_from_one")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_design_version_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_design_version_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_version")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_design_version_organisation_id_number")),
    )
    op.create_index(op.f("ix_design_version_organisation_id"), "design_version", ["organisation_id"], unique=False)
    op.create_index(
        "uq_design_version_current",
        "design_version",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("log_head_one_row")),
        sa.CheckConstraint("size >= 0", name=op.f("log_head_size_from_zero")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "log_leaf",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("credential", "state", name="kind_is_known", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(commitment) = 64", name=op.f("log_leaf_commitment_is_hex")),
        sa.CheckConstraint("length(leaf_hash) = 64", name=op.f("log_leaf_leaf_hash_is_hex")),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_log_leaf")),
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(hash) = 64", name=op.f("log_node_hash_is_hex")),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_log_node")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(root) = 64", name=op.f("log_checkpoint_root_is_hex")),
        sa.ForeignKeyConstraint(["key_id"], ["signing_key.id"], name=op.f("fk_log_checkpoint_key_id")),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoint")),
    )
    op.create_table(
        "credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "issued",
                "name",
                "result",
                "renewed",
                "design",
                "keys",
                name="cause_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "intended",
                "signed",
                "flagged",
                "erased",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("design_version_id", sa.Uuid(), nullable=True),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.Column("status_list", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("jwt", sa.Text(), nullable=True),
        sa.Column("key_id", sa.String(length=64), nullable=True),
        sa.Column("document_key_id", sa.String(length=64), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("flag", sa.String(length=500), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'erased') = (content IS NULL)", name=op.f("credential_content_unless_erased")),
        sa.CheckConstraint("(state = 'erased') = (salt IS NULL)", name=op.f("credential_salt_unless_erased")),
        sa.CheckConstraint("(state = 'flagged') = (flag IS NOT NULL)", name=op.f("credential_flag_iff_flagged")),
        sa.CheckConstraint("(state = 'signed') = (document IS NOT NULL)", name=op.f("credential_document_iff_signed")),
        sa.CheckConstraint("(state = 'signed') = (jwt IS NOT NULL)", name=op.f("credential_jwt_iff_signed")),
        sa.CheckConstraint("state != 'signed' OR key_id IS NOT NULL", name=op.f("credential_key_if_signed")),
        sa.CheckConstraint("state != 'signed' OR signed_at IS NOT NULL", name=op.f("credential_signed_at_if_signed")),
        sa.CheckConstraint("length(commitment) = 64", name=op.f("credential_commitment_is_hex")),
        sa.CheckConstraint("number >= 1", name=op.f("credential_number_from_one")),
        sa.CheckConstraint("status_index >= 0 AND status_index < 131072", name=op.f("credential_status_index_in_list")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_credential_certificate_id")),
        sa.ForeignKeyConstraint(
            ["design_version_id"], ["design_version.id"], name=op.f("fk_credential_design_version_id")
        ),
        sa.ForeignKeyConstraint(["document_key_id"], ["signing_key.id"], name=op.f("fk_credential_document_key_id")),
        sa.ForeignKeyConstraint(["key_id"], ["signing_key.id"], name=op.f("fk_credential_key_id")),
        sa.ForeignKeyConstraint(["leaf_index"], ["log_leaf.index"], name=op.f("fk_credential_leaf_index")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_credential_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("certificate_id", "number", name=op.f("uq_credential_certificate_id_number")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_credential_leaf_index")),
        sa.UniqueConstraint("status_list", "status_index", name=op.f("uq_credential_status_list_status_index")),
    )
    op.create_index(op.f("ix_credential_document_key_id"), "credential", ["document_key_id"], unique=False)
    op.create_index(op.f("ix_credential_key_id"), "credential", ["key_id"], unique=False)
    op.create_index(op.f("ix_credential_organisation_id"), "credential", ["organisation_id"], unique=False)
    op.create_index("ix_credential_state", "credential", ["state", "intended_at"], unique=False)
    op.create_index(
        "uq_credential_current",
        "credential",
        ["certificate_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.execute("INSERT INTO log_head (id, size) VALUES (1, 0)")
    _refuse_changes()
    # What was rendered before was not signed; it is made anew.
    op.drop_table("certificate_file")
    _make_file_table(sa.Column("credential_id", sa.Uuid(), nullable=False))


def downgrade() -> None:
    op.drop_table("certificate_file")
    for table in ("credential", "log_checkpoint", "log_node", "log_leaf", "log_head", "design_version", "signing_key"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
    _make_file_table()


def _make_file_table(*of_credential: sa.Column[UUID]) -> None:
    reference = sa.ForeignKeyConstraint(
        ["credential_id"], ["credential.id"], name=op.f("fk_certificate_file_credential_id")
    )
    op.create_table(
        "certificate_file",
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        *of_credential,
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
        *([reference] if of_credential else []),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_file")),
    )
    op.create_index(op.f("ix_certificate_file_organisation_id"), "certificate_file", ["organisation_id"])


def _refuse_changes() -> None:
    """What is in the log stays as it is: not even this application may change or remove a row."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the issuance log is only ever added to'; END $$"
        )
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        else:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} BEGIN"
                    " SELECT RAISE(ABORT, 'the issuance log is only ever added to'); END"
                )
