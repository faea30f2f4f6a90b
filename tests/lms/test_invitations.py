"""Invitations: for one address or for whoever has the link; they end, and are used no more often than they say."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update

from lms import clock
from lms.accounts.models import Membership
from lms.accounts.people import find_person
from lms.config import Settings
from lms.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, Refusal
from lms.members.accepting import accept_invitation
from lms.members.consents import ConsentScope, has_consent, list_given
from lms.members.events import InvitationAccepted, PersonInvited
from lms.members.invitations import (
    Wish,
    find_by_token,
    get_invitation,
    invite,
    list_invitations,
    make_link,
    resend,
    revoke,
)
from lms.members.memberships import remove_member
from lms.members.models import Invitation
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.mails import all_waiting_mails, path_in, waiting_mails
from tests.organisations import make_member, make_organisation
from tests.people import PASSWORD, make_person, sign_in

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def north(database):
    return make_organisation(database, name="North Star")


def make_invitation(database, north, email="new@example.org", **says):
    """Invite by mail; the id and the token out of the mail."""
    with database.transaction(north.id) as session:
        invitation_id = invite(session, wish=Wish(email, **says), by=north.manager_id, base_url=BASE, at=clock.now())
    return invitation_id, token_for(database, email)


def make_group_link(database, north, *, most_uses=2, role=Role.CANDIDATE, labels=None):
    at = clock.now()
    with database.transaction(north.id) as session:
        return make_link(
            session,
            role=role,
            most_uses=most_uses,
            expires_at=at + timedelta(days=1),
            by=north.manager_id,
            labels=labels or {},
            at=at,
        )


def token_for(database, email):
    return path_in(waiting_mails(database)[email]).removeprefix("/invitations/")


def accept(database, north, token, person, scopes=(), at=None):
    with database.transaction(north.id) as session:
        accept_invitation(session, token=token, person_id=person.id, scopes=scopes, at=at or clock.now())


def make_stranger(database, email=None):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_person(session, email=email)


def test_a_newcomer_comes_in_by_mail_and_decides_what_is_seen(database, north, client):
    _id, token = make_invitation(database, north, "new@example.org", role=Role.MARKER)
    page = client.get(f"/invitations/{token}")
    assert page.status_code == 200
    assert "North Star invites you" in page.text
    sign_up = next(line for line in page.text.splitlines() if "/sign-up?next=" in line).split('"')[3]
    next_path = sign_up.partition("next=")[2]

    answer = client.post(
        "/sign-up",
        data={"name": "Nora New", "email": "new@example.org", "password": PASSWORD, "next": next_path},
        follow_redirects=True,
    )
    assert answer.request.path == f"/invitations/{token}"
    assert "What may North Star see of you?" in answer.text
    answer = client.post(f"/invitations/{token}", data={"scope": ["results", "nonsense"]})

    assert answer.status_code == 303
    with database.reading(north.id) as session:
        person = find_person(session, email="new@example.org")
        assert list_given(session, person_id=person.id) == {ConsentScope.PROFILE, ConsentScope.RESULTS}
        assert session.scalars(select(Membership.role).where(Membership.person_id == person.id)).all() == [Role.MARKER]
    assert "North Star" in client.get("/account/").text  # the browser is there now


def test_inviting_says_the_same_for_known_and_unknown_addresses(database, north, client):
    make_stranger(database, "known@example.org")
    sign_in(client, north.manager)
    client.post("/organisations/switch", data={"organisation": str(north.id)})
    said = []
    for email in ("known@example.org", "unknown@example.org"):
        answer = client.post("/manage/invitations/mail", data={"email": email, "role": "candidate"})
        assert answer.status_code == 303
        said.append(client.get("/manage/invitations/").text.count(email))
    mails = waiting_mails(database)
    assert said[0] == said[1]
    strip = {email: mails[email].replace(path_in(mails[email]), "") for email in mails}
    assert strip["known@example.org"] == strip["unknown@example.org"]


def test_a_mailed_invitation_is_for_its_address_alone(database, north):
    _id, token = make_invitation(database, north, "new@example.org")
    with pytest.raises(NotAllowed, match="another address"):
        accept(database, north, token, make_stranger(database, "other@example.org"))
    accept(database, north, token, make_stranger(database, "new@example.org"))
    with pytest.raises(Gone):
        accept(database, north, token, make_stranger(database))


def test_an_invitation_ends_after_its_days(database, north):
    _id, token = make_invitation(database, north, "new@example.org")
    with database.reading(north.id) as session, pytest.raises(Gone):
        find_by_token(session, token=token, at=clock.now() + timedelta(days=15))


def test_a_taken_back_invitation_and_one_that_never_was_answer_alike(database, north, client):
    invitation_id, token = make_invitation(database, north)
    with database.transaction(north.id) as session:
        revoke(session, invitation_id=invitation_id, by=north.manager_id, at=clock.now())
    answers = [client.get(f"/invitations/{each}") for each in (token, "x" * 43)]
    assert [answer.status_code for answer in answers] == [410, 410]
    assert answers[0].text == answers[1].text


def test_sending_again_makes_the_earlier_link_worthless(database, north):
    invitation_id, first = make_invitation(database, north)
    with database.transaction(north.id) as session:
        resend(session, invitation_id=invitation_id, by=north.manager_id, base_url=BASE, at=clock.now())
    with database.reading(north.id) as session:
        with pytest.raises(Gone):
            find_by_token(session, token=first, at=clock.now())
        assert get_invitation(session, invitation_id=invitation_id).uses == 0


def test_an_address_waits_once_for_a_role(database, north):
    make_invitation(database, north, "new@example.org")
    with pytest.raises(Conflict, match="already"):
        make_invitation(database, north, " NEW@example.org")
    make_invitation(database, north, "new@example.org", role=Role.AUTHOR)


def test_an_ended_invitation_makes_room_for_a_new_one(database, north):
    make_invitation(database, north, "new@example.org")
    with database.transaction(north.id) as session:
        session.execute(update(Invitation).values(expires_at=clock.now() - timedelta(days=1)))
    make_invitation(database, north, "new@example.org")
    with database.reading(north.id) as session:
        assert len(list_invitations(session, is_waiting=True, at=clock.now())) == 1
        assert len(list_invitations(session, is_waiting=False, at=clock.now())) == 1


def test_who_holds_the_role_is_not_invited_to_it(database, north):
    with pytest.raises(Conflict):
        make_invitation(database, north, north.manager.email, role=Role.MANAGER)


@pytest.mark.parametrize("role", [Role.OPERATOR])
def test_nobody_is_invited_to_operate(database, north, role):
    with pytest.raises(NotAllowed):
        make_invitation(database, north, "new@example.org", role=role)
    with pytest.raises(NotAllowed):
        make_group_link(database, north, role=role)


@pytest.mark.parametrize("most_uses", [0, -1, 10_001])
def test_a_link_has_bounds(database, north, most_uses):
    with pytest.raises(Invalid):
        make_group_link(database, north, most_uses=most_uses)


def test_a_link_lets_no_more_people_in_than_it_says_even_at_once(database, north):
    invitation_id, token = make_group_link(database, north, most_uses=2)
    people = [make_stranger(database) for _ in range(5)]
    barrier, refused = Barrier(len(people)), []

    def come(person):
        barrier.wait()
        try:
            accept(database, north, token, person)
        except Refusal as refusal:
            refused.append(refusal)

    threads = [Thread(target=come, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading(north.id) as session:
        assert get_invitation(session, invitation_id=invitation_id).uses == 2
        assert session.scalar(select(func.count()).where(Membership.role == Role.CANDIDATE)) == 3  # and the founder
    assert len(refused) == 3


def test_following_a_link_twice_uses_it_once(database, north):
    invitation_id, token = make_group_link(database, north, most_uses=2)
    person = make_stranger(database)
    accept(database, north, token, person)
    with pytest.raises(Conflict, match="in already"):
        accept(database, north, token, person)
    with database.reading(north.id) as session:
        assert get_invitation(session, invitation_id=invitation_id).uses == 1


def test_upper_floors_hear_of_it_with_its_labels(app, database, north):
    heard = []
    for fact in (PersonInvited, InvitationAccepted):
        app.extensions["assay.subscriptions"].subscribe(fact, lambda _session, told: heard.append(told))
    _id, token = make_invitation(database, north, "new@example.org", labels={"cohort": "spring"})
    person = make_stranger(database, "new@example.org")
    accept(database, north, token, person, scopes=[ConsentScope.QUALITY])

    invited, accepted = heard
    assert (invited.email, invited.person_id, invited.labels) == ("new@example.org", None, {"cohort": "spring"})
    assert (accepted.person_id, accepted.role, accepted.labels) == (person.id, Role.CANDIDATE, {"cohort": "spring"})
    with database.reading(north.id) as session:
        assert has_consent(session, person_id=person.id, scope=ConsentScope.QUALITY)


def test_invitations_of_others_do_not_exist(database, north):
    invitation_id, _token = make_invitation(database, north)
    south = make_organisation(database, name="South")
    for act in (
        lambda session: revoke(session, invitation_id=invitation_id, by=south.manager_id, at=clock.now()),
        lambda session: resend(
            session, invitation_id=invitation_id, by=south.manager_id, base_url=BASE, at=clock.now()
        ),
    ):
        with database.transaction(south.id) as session, pytest.raises(NotFound):
            act(session)


def test_the_link_is_shown_once_and_only_its_hash_is_kept(database, north, client):
    sign_in(client, north.manager)
    client.post("/organisations/switch", data={"organisation": str(north.id)})
    ends_on = (clock.now() + timedelta(days=3)).date().isoformat()
    page = client.post(
        "/manage/invitations/link", data={"role": "candidate", "most_uses": "3", "ends_on": ends_on, "cohort": "spring"}
    )
    assert page.status_code == 200
    token = page.text.partition("8000/invitations/")[2].partition('"')[0]
    assert client.get(f"/invitations/{token}").status_code == 200
    assert token not in client.get("/manage/invitations/").text
    with database.reading(north.id) as session:
        (made,) = session.scalars(select(Invitation))
        assert made.token_hash != token
        assert made.labels == {"cohort": "spring"}


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("mail", {"email": "nowhere", "role": "candidate"}, "Enter an address like"),
        ("mail", {"email": "ß" * 200 + "@example.org", "role": "candidate"}, "Enter an address like"),
        ("mail", {"email": "a@example.org", "role": "operator"}, "Not a valid choice"),
        ("link", {"role": "candidate", "most_uses": "0", "ends_on": "2099-01-01"}, "Give a number from 1"),
        ("link", {"role": "candidate", "most_uses": "2", "ends_on": "2099-01-01"}, "ends within a year"),
        ("link", {"role": "manager", "most_uses": "2", "ends_on": "2026-12-01"}, "Not a valid choice"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_what_was_typed_stays(database, north, client, path, data, said):
    sign_in(client, north.manager)
    client.post("/organisations/switch", data={"organisation": str(north.id)})
    answer = client.post(f"/manage/invitations/{path}", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert data.get("email", data.get("ends_on")) in answer.text


def test_a_removed_member_cannot_come_back_by_an_old_invitation(database, north):
    with database.transaction(north.id) as session:
        person = make_member(session)
    _id, token = make_invitation(database, north, person.email, role=Role.AUTHOR)
    with database.transaction(north.id) as session:
        remove_member(session, person_id=person.id, by=north.manager_id, reason="Done.", at=clock.now())
    with pytest.raises(Gone):
        accept(database, north, token, person)


def test_who_signs_up_for_an_invitation_comes_back_to_it_from_the_mailed_link(database, north, client, monkeypatch):
    monkeypatch.setattr(Settings, "proves_addresses", property(lambda _settings: True))
    _id, token = make_invitation(database, north, "new@example.org")
    page = client.get(f"/invitations/{token}")
    next_path = page.text.partition("/sign-up?next=")[2].partition('"')[0]
    form = {"name": "Nora New", "email": "new@example.org", "password": PASSWORD, "next": next_path}
    assert client.post("/sign-up", data=form).status_code == 303

    (mail,) = [mail for mail in all_waiting_mails(database) if "/confirm/" in mail]
    answer = client.post(path_in(mail))
    assert answer.location == f"/invitations/{token}"


def test_a_removed_manager_does_not_come_back_by_a_link_of_their_own(database, north):
    with database.transaction(north.id) as session:
        second = make_member(session, roles=(Role.MANAGER,))
        at = clock.now()
        _id, token = make_link(
            session,
            role=Role.AUDITOR,
            most_uses=5,
            expires_at=at + timedelta(days=1),
            by=second.id,
            labels={},
            at=at,
        )
        remove_member(session, person_id=second.id, by=north.manager_id, reason="Done.", at=clock.now())
    with pytest.raises(Gone):
        accept(database, north, token, second)
