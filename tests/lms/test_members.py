"""Members of organisations: founding, roles, going, and what a person lets an organisation see."""

from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select, update

from lms import clock
from lms.accounts.models import Membership, Person, PersonState, SignIn
from lms.accounts.people import grant_role
from lms.audit.models import AuditEvent
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.members import consents
from lms.members.consents import ConsentScope, consenting, has_consent
from lms.members.events import ConsentChanged, MembershipEnded
from lms.members.memberships import leave, list_members, remove_member, set_roles
from lms.members.models import Consent
from lms.members.organisations import TakenSlug, found_organisation
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.organisations import made_up_slug, make_member, make_organisation
from tests.people import make_person, sign_in


@pytest.fixture
def north(database):
    return make_organisation(database, name="North Star")


def test_whoever_founds_an_organisation_manages_it_and_can_try_it(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        founder = make_person(session).id
    organisation_id, slug = uuid4(), made_up_slug()
    with database.transaction(organisation_id) as session:
        found_organisation(session, name=" North  Star ", slug=slug, founder_id=founder, actor=founder, at=clock.now())

    with database.reading(organisation_id) as session:
        (member,) = list_members(session)
        assert member.roles == {Role.MANAGER, Role.AUTHOR, Role.CANDIDATE}
        assert consents.list_given(session, person_id=founder) == {ConsentScope.PROFILE}
        assert "organisation.founded" in session.scalars(select(AuditEvent.action)).all()


@pytest.mark.parametrize("slug", ["", "a", "North", "north star", "-north", "north--star", "x" * 61, "nörd"])
def test_a_short_name_that_is_none_is_refused(database, slug):
    with pytest.raises(Invalid, match="lower case"), database.transaction(uuid4()) as session:
        found_organisation(session, name="North", slug=slug, founder_id=uuid4(), actor="test", at=clock.now())


def test_a_taken_short_name_is_refused(database, north):
    for slug in (north.slug, "new", "public"):
        with pytest.raises(TakenSlug), database.transaction(uuid4()) as session:
            found_organisation(session, name="North", slug=slug, founder_id=north.manager_id, actor="t", at=clock.now())


def test_the_last_manager_neither_leaves_nor_lays_the_role_down(database, north):
    with database.transaction(north.id) as session:
        make_member(session, roles=(Role.MANAGER,), state=PersonState.SUSPENDED)
        for last_one in (
            lambda: leave(session, person_id=north.manager_id, at=clock.now()),
            lambda: set_roles(
                session, person_id=north.manager_id, roles=[Role.AUTHOR], by=north.manager_id, at=clock.now()
            ),
        ):
            with pytest.raises(Conflict, match="Nobody else manages"):
                last_one()


def test_of_two_managers_who_leave_at_once_one_stays(database, north):
    with database.transaction(north.id) as session:
        second = make_member(session, roles=(Role.MANAGER,)).id
    barrier, refused = Barrier(2), []

    def go(person_id: UUID) -> None:
        barrier.wait()
        try:
            with database.transaction(north.id) as session:
                leave(session, person_id=person_id, at=clock.now())
        except Conflict as refusal:
            refused.append(refusal)

    threads = [Thread(target=go, args=(person_id,)) for person_id in (north.manager_id, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading(north.id) as session:
        assert session.scalar(select(func.count()).where(Membership.role == Role.MANAGER)) == 1
    assert len(refused) == 1


def test_managers_make_nobody_an_operator(database, north):
    with database.transaction(north.id) as session, pytest.raises(NotAllowed):
        set_roles(
            session,
            person_id=north.manager_id,
            roles=[Role.MANAGER, Role.OPERATOR],
            by=north.manager_id,
            at=clock.now(),
        )


def test_an_operator_stays_one_when_other_roles_change(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, roles=(Role.CANDIDATE, Role.OPERATOR))
        set_roles(session, person_id=person.id, roles=[Role.AUTHOR], by=person.id, at=clock.now())
        held = set(session.scalars(select(Membership.role).where(Membership.person_id == person.id)))
    assert held == {Role.AUTHOR, Role.OPERATOR}


def test_a_removed_member_is_out_at_once_and_nothing_of_theirs_is_seen(app, database, north, client):
    told = []
    app.extensions["assay.subscriptions"].subscribe(MembershipEnded, lambda _session, fact: told.append(fact))
    with database.transaction(north.id) as session:
        person = make_member(session, roles=(Role.CANDIDATE,), sees=tuple(ConsentScope))
        other = make_member(session, roles=(Role.CANDIDATE,), sees=tuple(ConsentScope))
    sign_in(client, person)
    assert client.get("/account/").status_code == 200

    with database.transaction(north.id) as session:
        remove_member(session, person_id=person.id, by=north.manager_id, reason="The contract ended.", at=clock.now())

    assert client.get("/account/").status_code == 303
    with database.reading(north.id) as session:
        assert not any(has_consent(session, person_id=person.id, scope=scope) for scope in ConsentScope)
        assert set(session.scalars(consenting(session, scope=ConsentScope.RESULTS))) == {other.id}
        assert session.scalar(select(func.count()).where(SignIn.revoked_at.is_(None))) == 0
    assert [fact.person_id for fact in told] == [person.id]


def test_nobody_is_removed_from_the_public_catalogue(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session)
        with pytest.raises(NotAllowed):
            leave(session, person_id=person.id, at=clock.now())


def test_consent_without_a_living_membership_counts_for_nothing(database, north):
    with database.transaction(north.id) as session:
        person = make_member(session, sees=(ConsentScope.PROFILE, ConsentScope.RESULTS))
        session.execute(delete(Membership).where(Membership.person_id == person.id))
        assert not has_consent(session, person_id=person.id, scope=ConsentScope.RESULTS)


def test_consent_is_for_one_organisation_and_keeps_its_history(app, database, north):
    told = []
    app.extensions["assay.subscriptions"].subscribe(ConsentChanged, lambda _session, fact: told.append(fact))
    south = make_organisation(database, name="South")
    with database.transaction(north.id) as session:
        person = make_member(session)
        for _again in range(2):
            consents.give(session, person_id=person.id, scopes=[ConsentScope.RESULTS], at=clock.now())
        consents.withdraw(session, person_id=person.id, scope=ConsentScope.RESULTS, at=clock.now())
        consents.give(session, person_id=person.id, scopes=[ConsentScope.RESULTS], at=clock.now())

    with database.reading(north.id) as session:
        assert has_consent(session, person_id=person.id, scope=ConsentScope.RESULTS)
        rows = session.scalars(select(Consent).where(Consent.scope == ConsentScope.RESULTS)).all()
        assert sorted(row.withdrawn_at is None for row in rows) == [False, True]
    with database.reading(south.id) as session:
        assert not has_consent(session, person_id=person.id, scope=ConsentScope.RESULTS)
    assert [fact.is_given for fact in told if fact.scope is ConsentScope.RESULTS] == [True, False, True]


def test_members_are_known_by_name_as_long_as_they_are_members(database, north):
    with database.transaction(north.id) as session, pytest.raises(Conflict, match="Leave"):
        consents.withdraw(session, person_id=north.manager_id, scope=ConsentScope.PROFILE, at=clock.now())


def test_members_of_others_do_not_exist(database, north):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        stranger = make_person(session).id
    with database.transaction(north.id) as session, pytest.raises(NotFound):
        remove_member(session, person_id=stranger, by=north.manager_id, reason="No", at=clock.now())


def test_members_are_listed_page_by_page_by_words_and_role(database, north):
    with database.transaction(north.id) as session:
        for number in range(7):
            make_member(session, name=f"Ada {number}", roles=(Role.MARKER if number % 2 else Role.CANDIDATE,))
    with database.reading(north.id) as session:
        names, after = [], None
        while found := list_members(session, text="ada", after=after, limit=3):
            names += [member.name for member in found]
            after = (found[-1].name, found[-1].id)
        assert names == [f"Ada {number}" for number in range(7)]
        assert [member.name for member in list_members(session, role=Role.MARKER)] == ["Ada 1", "Ada 3", "Ada 5"]


def test_a_role_given_twice_at_once_is_given_once(database, north):
    with database.transaction(north.id) as session:
        person = make_member(session).id
    barrier = Barrier(2)

    def give() -> None:
        barrier.wait()
        with database.transaction(north.id) as session:
            grant_role(session, person_id=person, role=Role.AUTHOR, actor="test", at=clock.now())

    threads = [Thread(target=give) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading(north.id) as session:
        held = select(func.count()).where(Membership.person_id == person, Membership.role == Role.AUTHOR)
        assert session.scalar(held) == 1
        granted = select(func.count()).where(AuditEvent.action == "role.granted", AuditEvent.subject_id == person)
        assert session.scalar(granted) == 1


def test_a_suspended_account_is_out_of_every_organisation(database, north, client):
    with database.transaction(north.id) as session:
        person = make_member(session)
    sign_in(client, person)
    with database.transaction() as session:
        session.execute(
            update(Person).where(Person.id == person.id).values(state=PersonState.SUSPENDED, suspension_reason="test")
        )
    assert client.get("/account/").status_code == 303
