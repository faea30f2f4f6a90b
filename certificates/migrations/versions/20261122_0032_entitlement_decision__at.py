"""The oldest decisions are found by their instant"""

from alembic import op

revision = "20261122_0032"
down_revision = "20261122_0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_entitlement_decision_at", "entitlement_decision", ["at"])


def downgrade() -> None:
    op.drop_index("ix_entitlement_decision_at", "entitlement_decision")
