"""Status lists: one for each organisation"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "20261121_0023"
down_revision = "20261121_0022"
branch_labels = None
depends_on = None

FULL = 65_536
PUBLIC = "a55a0000-0000-4000-8000-000000000001"


def upgrade() -> None:
    op.create_table(
        "status_list",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"taken >= 0 AND taken <= {FULL}", name=op.f("status_list_taken_fits")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_status_list_organisation_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_status_list")),
    )
    op.create_index(op.f("ix_status_list_organisation_id"), "status_list", ["organisation_id"], unique=False)
    op.create_index(
        "uq_status_list_open",
        "status_list",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text(f"taken < {FULL}"),
        postgresql_where=sa.text(f"taken < {FULL}"),
    )
    _keep_lists_so_far()


def downgrade() -> None:
    op.drop_table("status_list")


def _keep_lists_so_far() -> None:
    """They were signed in the public organisation's name, and still are; nothing more is drawn from them."""
    connection = op.get_bind()
    lists = sa.table("status_list", sa.column("number"), sa.column("taken"), sa.column("organisation_id", sa.Uuid()))
    credentials = sa.table("credential", sa.column("status_list"))
    public = sa.table("organisation", sa.column("id", sa.Uuid()))
    found = (
        sa.select(credentials.c.status_list, sa.literal(FULL), public.c.id)
        .join_from(credentials, public, public.c.id == sa.literal(UUID(PUBLIC), sa.Uuid()))
        .distinct()
    )
    connection.execute(lists.insert().from_select(["number", "taken", "organisation_id"], found))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('status_list', 'number'), max(number)) "
            "FROM status_list HAVING max(number) IS NOT NULL"
        )
