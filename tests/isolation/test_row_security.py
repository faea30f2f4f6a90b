"""PostgreSQL itself keeps organisations apart, whatever a statement says; and it costs next to nothing."""

import os

import pytest
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from certificates.models.certificates import Certificate
from certificates.operations.publishing import AchievementDraft, publish_achievement
from lms import clock
from lms.accounts.models import Membership
from lms.audit.operations import record
from lms.db.row_security import SETTING, row_security_of
from lms.db.scope import READS_PUBLIC, enter_organisation
from lms.db.session import Database
from lms.events import Subscriptions
from lms.members.consents import ConsentScope, give, withdraw
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from tests.certificates.factories import AT, make_office, qualify, the_certificate
from tests.databases import SERVER
from tests.isolation.tenants import make_tenant, tables_of_organisations, without_scope
from tests.statements import counted

pytestmark = pytest.mark.skipif(not SERVER, reason="row-level security is PostgreSQL's")
ACTIONS = text("SELECT action FROM audit_event ORDER BY action")


@pytest.fixture
def tenants(database):
    """Two organisations; each has noted something."""
    ids = [make_tenant(database, slug) for slug in ("red", "blue")]
    for organisation_id, action in zip(ids, ("red.done", "blue.done"), strict=True):
        with database.transaction(organisation_id) as session:
            record(session, action=action, actor="test", subject_id=organisation_id, at=clock.now())
    return ids


def test_every_table_of_organisations_is_forced_to_its_policies(database):
    with database.looking_up() as connection:
        forced = connection.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND EXISTS"
                " (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'own_organisation')"
            )
        ).all()
    assert sorted(forced) == sorted(tables_of_organisations())


def test_a_statement_that_names_no_organisation_sees_its_own_all_the_same(database, tenants):
    red, blue = tenants
    with database.reading(red) as session:
        assert session.scalars(ACTIONS).all() == ["red.done"]
    with database.transaction(blue) as session:
        assert session.scalars(ACTIONS).all() == ["blue.done"]


def test_nobody_changes_removes_or_adds_rows_of_another_organisation(database, tenants):
    red, blue = tenants
    with database.transaction(red) as session:
        assert session.execute(text("UPDATE audit_event SET actor = 'me'")).rowcount == 1
        assert session.execute(text("DELETE FROM audit_event")).rowcount == 1
    with pytest.raises(ProgrammingError, match="row-level security"), database.transaction(red) as session:
        session.execute(text("INSERT INTO stem_band VALUES (gen_random_uuid(), 1, 1, :blue)"), {"blue": blue})
    with pytest.raises(ProgrammingError, match="row-level security"), database.transaction(red) as session:
        record(session, action="red.done", actor="test", subject_id=red, at=clock.now())
        session.execute(text("UPDATE audit_event SET organisation_id = :blue"), {"blue": blue})
    with database.reading(blue) as session:
        assert session.scalars(ACTIONS).all() == ["blue.done"]


@pytest.mark.parametrize("told", [None, "", "somebody"])
def test_who_says_nothing_or_nonsense_sees_nothing(database, tenants, told):
    engine = create_engine(database.engine.url)
    with engine.connect() as connection:
        if told is not None:
            connection.execute(text(f"SET {SETTING} = '{told}'"))
        if told == "somebody":
            with pytest.raises(Exception, match="invalid input syntax for type uuid"):
                connection.execute(ACTIONS).all()
        else:
            assert connection.execute(ACTIONS).all() == []
    engine.dispose()


def test_who_enters_no_organisation_sees_all(database, tenants):
    with database.looking_up() as connection:
        assert connection.scalars(ACTIONS).all() == ["blue.done", "red.done"]
    with database.reading() as session:
        assert session.scalars(ACTIONS).all() == ["blue.done", "red.done"]
    with database.transaction() as session:
        assert session.scalars(ACTIONS).all() == ["blue.done", "red.done"]


def test_one_connection_serves_organisations_in_turn(database, tenants):
    for organisation_id in (*tenants, *tenants):
        own = "red.done" if organisation_id == tenants[0] else "blue.done"
        with database.transaction(organisation_id) as session:
            assert session.scalars(ACTIONS).all() == [own]
        with database.reading(organisation_id) as session:
            assert session.scalars(ACTIONS).all() == [own]


def test_what_a_rollback_took_back_is_said_again(database, tenants):
    red, blue = tenants
    with database.transaction(red) as session:
        assert session.scalars(ACTIONS).all() == ["red.done"]
    with pytest.raises(ZeroDivisionError), database.transaction(blue) as session:
        assert session.scalars(ACTIONS).all() == ["blue.done"]
        raise ZeroDivisionError
    for organisation_id, own in ((blue, "blue.done"), (red, "red.done")):
        with database.transaction(organisation_id) as session:
            assert session.scalars(ACTIONS).all() == [own]


def test_what_a_commit_that_failed_took_back_is_said_again(database, tenants):
    red, blue = tenants
    with database.transaction(red) as session:
        session.scalars(ACTIONS).all()
    with pytest.raises(IntegrityError), database.transaction(blue) as session:
        session.execute(text("CREATE TEMP TABLE one (id int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP"))
        session.execute(text("INSERT INTO one VALUES (1), (1)"))  # which the commit refuses
    for organisation_id, own in ((blue, "blue.done"), (red, "red.done")):
        with database.transaction(organisation_id) as session:
            assert session.scalars(ACTIONS).all() == [own]


def test_a_savepoint_that_is_rolled_back_takes_nothing_back_that_was_said_before(database, tenants):
    red, blue = tenants
    with database.transaction(red) as session:
        session.scalars(ACTIONS).all()
    with database.transaction(blue) as session:
        session.begin_nested().rollback()
        assert session.scalars(ACTIONS).all() == ["blue.done"]
    with database.transaction(blue) as session:
        assert session.scalars(ACTIONS).all() == ["blue.done"]


def test_a_session_that_goes_to_another_organisation_tells_the_database(database, tenants):
    red, blue = tenants
    with database.transaction(red) as session:
        assert session.scalars(ACTIONS).all() == ["red.done"]
        enter_organisation(session, blue)
        assert session.scalars(ACTIONS).all() == ["blue.done"]


def test_staying_in_one_organisation_costs_no_statement(database, tenants):
    red, _blue = tenants
    for _warm in range(2):
        with database.transaction(red) as session:
            session.scalars(ACTIONS).all()
        with database.reading(red) as session:
            session.scalars(ACTIONS).all()
    with counted(database) as sent:
        for _time in range(5):
            with database.transaction(red) as session:
                session.scalars(ACTIONS).all()
            with database.reading(red) as session:
                session.scalars(ACTIONS).all()
            with database.looking_up() as connection:
                connection.scalars(ACTIONS).all()
            with database.transaction() as session:
                session.scalars(ACTIONS).all()
    assert set(sent) == {ACTIONS.text}


def test_savepoints_cost_no_statement_of_it_either(database, tenants):
    red, blue = tenants
    with database.transaction(red) as session:
        session.scalars(ACTIONS).all()
    with counted(database) as sent, database.transaction(blue) as session:
        for _time in range(3):
            with session.begin_nested():
                session.scalars(ACTIONS).all()
    assert sum("set_config" in statement for statement in sent) == 1


def test_organisations_know_of_each_other_and_change_only_themselves(database, tenants):
    red, _blue = tenants
    with database.transaction(red) as session:
        names = session.scalars(select(Organisation.name).order_by(Organisation.name)).all()
        assert {"Red", "Blue"} <= set(names)
        assert session.execute(text("UPDATE organisation SET name = name")).rowcount == 1
        assert session.execute(text("DELETE FROM organisation WHERE slug = 'blue'")).rowcount == 0


def test_what_the_public_organisation_publishes_is_read_by_all_and_changed_by_none_else(database, tenants):
    draft = AchievementDraft(slug="ferries", name="Ferries", description="d", criteria="c", validity_months=24)
    for organisation_id in (PUBLIC_ORGANISATION_ID, tenants[1]):
        with database.transaction(organisation_id) as session:
            publish_achievement(session, draft=draft, at=AT)
    with database.transaction(tenants[0]) as session:
        owners = session.scalars(text("SELECT organisation_id FROM achievement")).all()
        assert owners == [PUBLIC_ORGANISATION_ID]
        assert session.execute(text("UPDATE achievement SET slug = 'mine'")).rowcount == 0


def test_a_public_certificate_is_seen_by_an_organisation_that_its_holder_lets_see_it(database, tenants):
    red, blue = tenants
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        person_id = qualify(session)
        own = the_certificate(session, person_id).id

    def seen_by(organisation_id):
        with without_scope(), database.reading(organisation_id) as session:
            return session.scalars(select(Certificate.id)).all()

    assert seen_by(red) == []
    for organisation_id in tenants:
        with database.transaction(organisation_id) as session:
            session.add(
                Membership(person_id=person_id, organisation_id=organisation_id, role=Role.CANDIDATE, granted_at=AT)
            )
    with database.transaction(red) as session:
        give(session, person_id=person_id, scopes=[ConsentScope.CERTIFICATES, ConsentScope.PROFILE], at=AT)
    assert seen_by(red) == [own]
    assert seen_by(blue) == []
    with database.reading(red) as session:
        assert session.scalars(select(Certificate.id)).all() == []
        assert session.scalars(select(Certificate.id), execution_options=READS_PUBLIC).all() == [own]
    with database.transaction(red) as session:
        assert session.execute(text("UPDATE certificate SET score = 1")).rowcount == 0
    with database.transaction(red) as session:
        withdraw(session, person_id=person_id, scope=ConsentScope.CERTIFICATES, at=clock.now())
    assert seen_by(red) == []


def test_an_ended_membership_ends_what_was_consented(database, tenants):
    red, _blue = tenants
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        person_id = qualify(session)
    with database.transaction(red) as session:
        give(session, person_id=person_id, scopes=[ConsentScope.CERTIFICATES], at=AT)
    with database.reading(red) as session:
        assert session.scalars(select(Certificate.score), execution_options=READS_PUBLIC).all() == []


def test_readiness_tells_whether_the_role_is_held_to_the_policies(client, database):
    assert client.get("/readyz").json == {"status": "ready", "row_security": "on"}
    superuser = make_url(os.environ["TEST_SUPERUSER_URL"]).set(database=database.engine.url.database)
    other = Database(superuser.render_as_string(hide_password=False), Subscriptions())
    with other.reading() as session:
        assert row_security_of(session) == "bypassed"
    other.close()
