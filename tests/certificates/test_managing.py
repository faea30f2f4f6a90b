"""The managers' pages of certificates: found, read, and acted on, with a reason and nothing typed lost."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.life_cycle import RevocationProposal
from certificates.queries import managing
from certificates.queries.dossiers import get_dossier
from certificates.queries.managing import Wanted, list_held, place_from, place_in_address
from lms.accounts.models import Person
from lms.accounts.people import grant_role, rename
from lms.errors import NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from tests.assessments.factories import BANK
from tests.certificates.factories import AT
from tests.certificates.held import change, make_credential, make_held, make_signing, state_of
from tests.people import make_person, sign_in

LIST = "/manage/certificates/"
STAFF = (Role.CANDIDATE, Role.MANAGER)


@pytest.fixture
def office(app, database):
    """Three certificates, two managers, and their browsers."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        signing = make_signing(session, app)
        ids = [held.id for held in make_held(session, count=3)]
        people = [make_person(session, name=name, roles=STAFF) for name in ("Grace", "Edsger")]
    grace, edsger = app.test_client(), app.test_client()
    sign_in(grace, people[0])
    sign_in(edsger, people[1])
    return SimpleNamespace(ids=ids, id=ids[0], signing=signing, grace=grace, edsger=edsger, people=people)


def act(client, certificate_id, do, reason="Something was found.", **more):
    return client.post(f"{LIST}{certificate_id}", data={"do": do, "reason": reason, **more})


def open_proposal(database):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return str(session.scalars(select(RevocationProposal.id).where(RevocationProposal.state == "open")).one())


def ids_of(session, after=None, **wanted):
    return [line.id for line in list_held(session, Wanted(**wanted), after).lines]


def test_certificates_are_found_by_name_id_state_and_achievement(session, app):
    signing = make_signing(session, app)
    first, second, third = (held.id for held in make_held(session, count=3))
    session.execute(update(Certificate).where(Certificate.id == first).values(holder_name="Grace Murray Hopper"))
    change(session, signing, second, CertificateState.SUSPENDED)
    change(session, signing, third, CertificateState.REVOKED)

    assert ids_of(session, words="hopper GRACE") == [first]
    assert ids_of(session, words=second[:8]) == [second]
    assert ids_of(session, words="100%") == []
    assert ids_of(session, state="suspended") == [second]
    assert ids_of(session, state="revoked", achievement=BANK) == [third]
    assert ids_of(session, achievement="harbour-law") == []
    assert ids_of(session, state="no-such-state") == []
    assert set(ids_of(session)) == {first, second, third}


def test_the_list_goes_on_where_the_page_ended_and_shows_each_once(session, app, monkeypatch):
    monkeypatch.setattr(managing, "PAGE", 2)
    held = {one.id for one in make_held(session, count=5)}
    seen, after = [], None
    while True:
        page = list_held(session, Wanted(), after)
        seen += [line.id for line in page.lines]
        if page.next is None:
            break
        after = place_from(place_in_address(page.next))
        assert after == page.next

    assert len(seen) == len(held)
    assert set(seen) == held


@pytest.mark.parametrize(
    "text", ["", "x", "2026-11-21T10:00:00~", "2026-11-21T10:00:00~abc", "2026-99-21T10:00:00+00:00~abc"]
)
def test_an_address_that_names_no_place_begins_at_the_newest(text):
    assert place_from(text) is None


def test_erased_certificates_are_not_listed_and_have_no_page(database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        change(session, office.signing, office.id, CertificateState.ERASED)

    assert office.id not in office.grace.get(LIST).text
    assert office.grace.get(f"{LIST}{office.id}").status_code == 404
    assert office.grace.get(f"{LIST}nothing").status_code == 404


def test_managers_of_another_organisation_find_and_change_none_of_it(database, office):
    with database.transaction() as session:
        other = Organisation(slug="elsewhere", name="Elsewhere", created_at=AT)
        session.add(other)
    with database.transaction(other.id) as session:
        assert list_held(session, Wanted(), None).lines == ()
        with pytest.raises(NotFound):
            get_dossier(session, office.id)
        with pytest.raises(NotFound):
            change(session, office.signing, office.id, CertificateState.SUSPENDED)


def test_candidates_and_strangers_see_none_of_it(app, database, office):
    candidate = app.test_client()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        sign_in_as = make_person(session)
    sign_in(candidate, sign_in_as)

    for path in (LIST, f"{LIST}{office.id}"):
        assert candidate.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 303
    assert act(candidate, office.id, "suspend").status_code == 403


def test_the_list_leads_to_the_page_of_a_certificate_that_tells_everything(database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        credential = make_credential(session, office.id, office.signing)
        make_credential(session, office.id, office.signing)
        change(session, office.signing, office.id, CertificateState.SUSPENDED, actor_id=office.people[1].id)

    assert f"{LIST}{office.id}" in office.grace.get(f"{LIST}?words=holder&state=suspended").text
    page = office.grace.get(f"{LIST}{office.id}").text
    assert "Holder 1" in page
    assert "Something was found." in page
    assert "Edsger" in page
    assert f"/log/leaves/{credential.leaf_index}" in page
    assert "Number 2" in page
    assert "another name" in page


def test_a_certificate_is_suspended_and_reinstated_with_reasons(database, office):
    assert act(office.grace, office.id, "suspend").status_code == 303
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert state_of(session, office.id) is CertificateState.SUSPENDED
    assert "is suspended" in office.grace.get(f"{LIST}{office.id}").text
    assert act(office.edsger, office.id, "suspend").status_code == 409
    assert act(office.edsger, office.id, "reinstate", "Nothing was wrong.").status_code == 303
    page = office.grace.get(f"{LIST}{office.id}").text
    assert "Nothing was wrong." in page


def test_two_people_revoke_on_the_pages(database, office):
    path = f"{LIST}{office.id}"
    assert act(office.grace, office.id, "propose", "Somebody else sat it.").status_code == 303
    proposal = open_proposal(database)
    assert "To be revoked?" in office.grace.get(f"{LIST}?state=proposed").text
    assert 'value="revoke"' not in office.grace.get(path).text
    assert 'value="withdraw"' in office.grace.get(path).text
    assert act(office.grace, office.id, "revoke", proposal=proposal).status_code == 403
    seen = office.edsger.get(path).text
    assert "Somebody else sat it." in seen
    assert 'value="revoke"' in seen
    assert act(office.edsger, office.id, "revoke", "", proposal=proposal).status_code == 422
    assert act(office.edsger, office.id, "revoke", "I saw the recording.", proposal=proposal).status_code == 303
    page = office.grace.get(path).text
    assert "I saw the recording." in page
    assert "nothing is left to decide" in page


def test_a_proposal_that_was_closed_meanwhile_or_is_another_ones_is_not_decided_on(database, office):
    act(office.grace, office.id, "propose", "Somebody else sat it.")
    proposal = open_proposal(database)
    assert act(office.edsger, office.ids[1], "revoke", proposal=proposal).status_code == 409
    assert act(office.edsger, office.id, "decline", "It was the invigilator.", proposal=proposal).status_code == 303
    assert act(office.edsger, office.id, "revoke", proposal=proposal).status_code == 409
    act(office.grace, office.id, "propose", "I am sure.")
    assert act(office.grace, office.id, "withdraw", proposal=proposal).status_code == 409
    assert act(office.grace, office.id, "withdraw", proposal=open_proposal(database)).status_code == 303


def test_a_refusal_keeps_what_was_typed_in_its_own_place(office):
    assert act(office.grace, office.id, "reinstate", "Too early.").status_code == 409
    typed = "<why> " * 100
    too_long = act(office.grace, office.id, "suspend", typed)
    assert too_long.status_code == 422
    assert too_long.text.count(typed.replace("<", "&lt;").replace(">", "&gt;")) == 1
    assert 'role="alert"' in too_long.text
    assert act(office.grace, office.id, "dance").status_code == 422


def test_a_manager_issues_it_in_the_present_name(database, office):
    path = f"{LIST}{office.id}"
    assert 'value="rename"' not in office.grace.get(path).text
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = session.get_one(Certificate, office.id).person_id
        rename(session, person_id=person_id, name="Ada King", at=AT)
    assert "the account says Ada King" in office.grace.get(path).text
    assert act(office.grace, office.id, "rename", "Married.").status_code == 303
    assert 'value="rename"' not in office.grace.get(path).text


def test_nobody_acts_on_a_certificate_of_their_own(app, database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = session.get_one(Certificate, office.id).person_id
        holder = session.get_one(Person, person_id)
        grant_role(session, person_id=person_id, role=Role.MANAGER, actor="test", at=AT)
    client = app.test_client()
    sign_in(client, holder)

    assert "certificate of your own" in client.get(f"{LIST}{office.id}").text
    assert act(client, office.id, "suspend").status_code == 403


def test_the_managers_first_page_leads_to_the_certificates(office):
    assert f'href="{LIST}"' in office.grace.get("/manage/").text
    assert f"{LIST}reviews/" in office.grace.get(LIST).text
