"""Each publishing begins a new edition of an organisation"""

from alembic import op

revision = "20261121_0011"
down_revision = "20261121_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    kind, first = ("CHAR(32)", "0" * 32) if is_sqlite else ("UUID", "00000000-0000-0000-0000-000000000000")
    op.execute(f"ALTER TABLE organisation ADD COLUMN edition {kind} NOT NULL DEFAULT '{first}'")


def downgrade() -> None:
    op.drop_column("organisation", "edition")
