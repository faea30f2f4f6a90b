"""Sign in for others"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_0018"
down_revision = "20261121_0017"
branch_labels = None
depends_on = None

BEFORE = ("credential", "document", "log")
AFTER = (*BEFORE, "token")
CHECK = "signing_key_purpose_is_known"


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sign_in SET authenticated_at = started_at")
    with op.batch_alter_table("sign_in") as batch_op:
        batch_op.alter_column("authenticated_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_table(
        "oauth_client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("redirect_uris", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("oauth_client_name_is_given")),
        sa.CheckConstraint("revoked_at >= made_at", name=op.f("oauth_client_revoked_after_made")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_oauth_client_made_by")),
        *_key_and_organisation("oauth_client"),
        sa.UniqueConstraint("client_id", name=op.f("uq_oauth_client_client_id")),
    )
    op.create_table(
        "oauth_admission",
        *_of_a_person(),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("withdrawn_at >= given_at", name=op.f("oauth_admission_withdrawn_after_given")),
        *_keys_of_a_person("oauth_admission"),
    )
    op.create_index(
        "uq_oauth_admission_holds",
        "oauth_admission",
        ["client_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index("ix_oauth_admission_person", "oauth_admission", ["person_id"])
    op.create_table(
        "authorization_code",
        *_of_a_person(),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("redirect_uri", sa.String(length=500), nullable=False),
        sa.Column("nonce", sa.String(length=255), nullable=True),
        sa.Column("code_challenge", sa.String(length=43), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(code_challenge) = 43", name=op.f("authorization_code_challenge_is_sha256")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("authorization_code_expires_after_made")),
        *_keys_of_a_person("authorization_code"),
        sa.UniqueConstraint("code_hash", name=op.f("uq_authorization_code_code_hash")),
    )
    op.create_table(
        "access_token",
        *_of_a_person(),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > made_at", name=op.f("access_token_expires_after_made")),
        sa.ForeignKeyConstraint(["code_id"], ["authorization_code.id"], name=op.f("fk_access_token_code_id")),
        *_keys_of_a_person("access_token"),
        sa.UniqueConstraint("code_id", name=op.f("uq_access_token_code_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_token_token_hash")),
    )
    for table in ("authorization_code", "access_token"):
        op.create_index(f"ix_{table}_expires", table, ["expires_at"])
        op.create_index(op.f(f"ix_{table}_client_id"), table, ["client_id"])
        op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])
    for table in ("oauth_client", "oauth_admission", "authorization_code", "access_token"):
        op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
    _know_purposes(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM signing_key WHERE purpose = 'token'")
    _know_purposes(AFTER, BEFORE)
    for table in ("access_token", "authorization_code", "oauth_admission", "oauth_client"):
        op.drop_table(table)
    op.drop_column("sign_in", "authenticated_at")


def _of_a_person() -> list[sa.Column[Any]]:
    """What admissions, codes and tokens share."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=100), nullable=False),
    ]


def _keys_of_a_person(table: str) -> list[Any]:
    return [
        sa.ForeignKeyConstraint(["client_id"], ["oauth_client.id"], name=op.f(f"fk_{table}_client_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id")),
        *_key_and_organisation(table),
    ]


def _key_and_organisation(table: str) -> list[Any]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _know_purposes(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Keys may have these purposes from now on."""
    before_words, after_words = (", ".join(f"'{each}'" for each in purposes) for purposes in (before, after))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE signing_key DROP CONSTRAINT {CHECK}")
        op.execute(f"ALTER TABLE signing_key ADD CONSTRAINT {CHECK} CHECK (purpose IN ({after_words}))")
    else:
        _rebuild_keys(before_words, after_words)


def _rebuild_keys(before: str, after: str) -> None:
    """SQLite changes no constraint. Credentials refer to keys: until the commit they may miss them.

    The rows go back into a table of the same name, because that is how SQLite notices that nobody misses them any more.
    """
    made = "SELECT sql FROM sqlite_master WHERE tbl_name = 'signing_key' AND sql IS NOT NULL ORDER BY type DESC"
    table, *indexes = op.get_bind().exec_driver_sql(made).scalars().all()
    if f"IN ({before})" not in table:
        raise RuntimeError("the purposes of signing keys are not constrained as expected")
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE keys_kept AS SELECT * FROM signing_key")
    op.execute("DROP TABLE signing_key")
    op.execute(table.replace(f"IN ({before})", f"IN ({after})"))
    op.execute("INSERT INTO signing_key SELECT * FROM keys_kept")
    op.execute("DROP TABLE keys_kept")
    for index in indexes:
        op.execute(index)
