"""Reading work quality is a scope of its own; keys that could read it until now still can"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_0031"
down_revision = "20261121_0030"
branch_labels = None
depends_on = None

READ, WRITE = "quality:read", "quality:write"
KEY = sa.table(
    "api_key",
    sa.column("id", sa.Uuid()),
    sa.column("scopes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)


def upgrade() -> None:
    for key_id, scopes in op.get_bind().execute(sa.select(KEY.c.id, KEY.c.scopes)).all():
        if WRITE in scopes:
            give(key_id, sorted({*scopes, READ}))


def downgrade() -> None:
    for key_id, scopes in op.get_bind().execute(sa.select(KEY.c.id, KEY.c.scopes)).all():
        if READ in scopes:
            give(key_id, [scope for scope in scopes if scope != READ])


def give(key_id: object, scopes: list[str]) -> None:
    op.execute(sa.update(KEY).where(KEY.c.id == key_id).values(scopes=scopes))
