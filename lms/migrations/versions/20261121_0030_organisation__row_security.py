"""Row security"""

from alembic import op
from sqlalchemy import text

revision = "20261121_0030"
down_revision = "20261121_0023"
branch_labels = None
depends_on = None

# What the public organisation publishes is read by every other one: its tiers may ask for it.
PUBLISHED = ["achievement", "achievement_version", "course", "course_version", "lesson", "test", "test_version", "tier"]
PUBLISHED += ["tier_version"]

PUBLIC = "a55a0000-0000-4000-8000-000000000001"
# Each is computed once a statement, which `current_setting` in the condition itself would not be.
TOLD = "(SELECT current_setting('assay.organisation', true))"
OWN = "(SELECT nullif(nullif(current_setting('assay.organisation', true), ''), '*')::uuid)"


EVERYBODY = f"{TOLD} = '*'"
IS_PUBLIC = f"organisation_id = '{PUBLIC}'::uuid"

# An organisation sees the public organisation's certificates of its members who let it.
CONSENTED = f"""{IS_PUBLIC} AND EXISTS (
    SELECT FROM consent JOIN membership USING (organisation_id, person_id)
    WHERE consent.organisation_id = {OWN} AND consent.person_id = certificate.person_id
      AND consent.scope = 'certificates' AND consent.withdrawn_at IS NULL)"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in tables_of_organisations():
        own = f"organisation_id = {OWN} OR {EVERYBODY}"
        switch_on(table)
        op.execute(f'CREATE POLICY own_organisation ON "{table}" USING ({own}) WITH CHECK ({own})')
    for table in PUBLISHED:
        op.execute(f'CREATE POLICY published ON "{table}" FOR SELECT USING ({IS_PUBLIC} AND {OWN} IS NOT NULL)')
    op.execute(f"CREATE POLICY consented ON certificate FOR SELECT USING ({CONSENTED})")
    # Names and addresses of organisations are on every certificate: all may read them, each changes its own.
    itself = f"id = {OWN} OR {EVERYBODY}"
    switch_on("organisation")
    op.execute("CREATE POLICY known_to_all ON organisation FOR SELECT USING (true)")
    op.execute(f"CREATE POLICY made_by_itself ON organisation FOR INSERT WITH CHECK ({itself})")
    op.execute(f"CREATE POLICY changed_by_itself ON organisation FOR UPDATE USING ({itself}) WITH CHECK ({itself})")
    op.execute(f"CREATE POLICY removed_by_none_else ON organisation FOR DELETE USING ({itself})")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for policy in ("removed_by_none_else", "changed_by_itself", "made_by_itself", "known_to_all"):
        op.execute(f"DROP POLICY {policy} ON organisation")
    switch_off("organisation")
    op.execute("DROP POLICY consented ON certificate")
    for table in PUBLISHED:
        op.execute(f'DROP POLICY published ON "{table}"')
    for table in tables_of_organisations():
        op.execute(f'DROP POLICY own_organisation ON "{table}"')
        switch_off(table)


def tables_of_organisations() -> list[str]:
    """All that there are at this step; one that comes later brings its own policy."""
    owned = "SELECT table_name FROM information_schema.columns WHERE column_name = 'organisation_id'"
    return sorted(op.get_bind().scalars(text(f"{owned} AND table_schema = current_schema()")))


def switch_on(table: str) -> None:
    """FORCE: for the owner of the table as well, who is the role that the application signs in with."""
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')


def switch_off(table: str) -> None:
    op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY')
