"""Portfolios: at an address that the holder chose, with what they chose, and gone at once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.models.items import AnswerKey, ItemVersion
from assessments.models.results import PracticeTry
from certificates.domain.portfolio_address import RESERVED, is_reserved, is_well_formed, proposed, tidied
from certificates.domain.standing import CertificateState
from certificates.models.sharing import Portfolio, SharedCertificate
from certificates.operations.sharing import PortfolioDraft, erase_sharing, keep_portfolio
from certificates.queries.sharing import export_sharing
from lms import clock
from lms.accounts.models import Person, PersonState
from lms.db.scope import organisation_of
from lms.db.session import Database
from lms.errors import Conflict
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import NAME
from tests.certificates.shown import (
    EMAIL,
    REASON,
    certificate,
    holder,
    in_three_years,
    main_of,
    set_state,
    signed_in,
    stranger,
    unsigned,
)
from tests.people import make_person, sign_in

__all__ = ["certificate", "holder", "signed_in", "stranger", "unsigned"]  # fixtures


def keep(client: FlaskClient, *, address: str = "ada", **typed: object):
    return client.post("/me/portfolio", data={"address": address, "headline": "", **typed})


def practise(session, person_id, *, right: bool, version: ItemVersion) -> None:
    key = session.scalars(select(AnswerKey).where(AnswerKey.item_version_id == version.id)).first()
    session.add(
        PracticeTry(
            organisation_id=organisation_of(session),
            person_id=person_id,
            item_id=version.item_id,
            item_version_id=version.id,
            answer_key_id=key.id,
            number=1,
            try_key=uuid4(),
            response={},
            points=1 if right else 0,
            tried_at=clock.now(),
        )
    )


@pytest.mark.parametrize("address", ["ada", "ada-lovelace", "a1b2", "x" * 40, "42-ada"])
def test_a_plain_address_is_well_formed(address):
    assert is_well_formed(address)


@pytest.mark.parametrize(
    "address",
    ["", "ad", "x" * 41, "Ada", "ada_l", "-ada", "ada-", "ada--l", "42", "1234", "1-2-3", "ada l", "адa", "ada\n"],
)
def test_anything_else_is_not(address):
    assert not is_well_formed(address)


@given(st.text(max_size=80))
def test_what_is_proposed_for_a_name_can_be_had(name):
    address = proposed(name)

    assert address == "" or (is_well_formed(address) and not is_reserved(address))
    assert address == tidied(address)


def test_words_of_the_house_are_kept_hyphens_or_not():
    assert all(is_reserved(word) for word in RESERVED)
    assert is_reserved("ad-min")
    assert not is_reserved("ada")


def test_there_is_no_portfolio_until_one_is_opened(stranger, signed_in, certificate):
    assert stranger.get("/people/ada").status_code == 404
    assert 'value="ada-lovelace"' in signed_in.get("/me/portfolio").text

    assert keep(signed_in, show=certificate.id).status_code == 303

    page = main_of(stranger.get("/people/ada").text)
    assert '<h1 dir="auto">Ada Lovelace</h1>' in page
    assert f'href="/share/{certificate.id}">{NAME}</a>' in page
    assert "Valid" in page
    assert stranger.get(f"/share/{certificate.id}").status_code == 200
    assert stranger.get("/people/ADA").status_code == 200


def test_it_shows_only_what_was_ticked(stranger, signed_in, certificate, holder):
    keep(signed_in)
    page = stranger.get("/people/ada").text
    assert NAME not in page
    assert stranger.get(f"/share/{certificate.id}").status_code == 404

    keep(signed_in, show=certificate.id)
    page = stranger.get("/people/ada").text
    for secret in ("100 %", "Splitting", "Practice", EMAIL, str(holder.id), str(certificate.attempt_id)):
        assert secret not in page

    keep(signed_in, show=certificate.id, scores=certificate.id)
    page = main_of(stranger.get("/people/ada").text)
    assert "Splitting" in page
    assert "100 %" in page
    assert "Expert" in page


def test_unticking_takes_a_certificate_out_and_leaves_its_own_page(stranger, signed_in, certificate):
    keep(signed_in, show=certificate.id)

    keep(signed_in)

    assert NAME not in stranger.get("/people/ada").text
    assert stranger.get(f"/share/{certificate.id}").status_code == 200


def test_stopping_to_share_takes_it_out_of_the_portfolio(stranger, signed_in, certificate):
    keep(signed_in, show=certificate.id)

    signed_in.post(f"/certificates/{certificate.id}/stop-sharing")

    assert NAME not in stranger.get("/people/ada").text


def test_practice_is_shown_in_figures_when_ticked(stranger, signed_in, certificate, holder, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        versions = session.scalars(select(ItemVersion).order_by(ItemVersion.id).limit(3)).all()
        for index, version in enumerate(versions):
            practise(session, holder.id, right=index > 0, version=version)

    keep(signed_in, shows_practice="y")
    page = main_of(stranger.get("/people/ada").text)
    assert "<dt>Tasks practised</dt><dd>3</dd>" in page
    assert "<dt>Fully right at the first try</dt><dd>66 %</dd>" in page

    keep(signed_in)
    assert "Tasks practised" not in stranger.get("/people/ada").text


@pytest.mark.parametrize("state", [CertificateState.SUSPENDED, CertificateState.REVOKED, CertificateState.SUPERSEDED])
def test_what_was_taken_back_is_said_and_its_skills_count_no_more(stranger, signed_in, certificate, app, state):
    keep(signed_in, show=certificate.id, scores=certificate.id)
    set_state(app, certificate.id, state)

    page = main_of(stranger.get("/people/ada").text)

    assert state.value.title() in page
    for wrong in ("Splitting", "100 %", REASON, "badge.svg"):
        assert wrong not in page


def test_an_expired_certificate_stays_and_its_skills_do_not(stranger, signed_in, certificate):
    keep(signed_in, show=certificate.id, scores=certificate.id)

    with in_three_years():
        page = main_of(stranger.get("/people/ada").text)

    assert "Expired" in page
    assert "Splitting" not in page


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "Choose an address."),
        ("ad", "Use 3 to 40 letters"),
        ("ada lovelace", "Use 3 to 40 letters"),
        ("verify", "could be taken for a page of ours"),
        ("taken", "Somebody else has this address."),
    ],
)
def test_an_address_that_cannot_be_had_is_refused_kindly_and_nothing_typed_is_lost(
    signed_in, certificate, database, address, told
):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        other = make_person(session)
        keep_portfolio(
            session,
            person_id=other.id,
            draft=PortfolioDraft(
                "taken", "", shows_practice=False, certificate_ids=frozenset(), with_scores=frozenset()
            ),
            at=clock.now(),
        )

    answer = keep(signed_in, address=address, headline="I weigh <claims>", show=certificate.id, shows_practice="y")

    page = main_of(answer.text)
    assert answer.status_code == 422
    assert told in page
    assert f'value="{address}"' in page
    assert 'value="I weigh &lt;claims&gt;"' in page
    assert f'value="{certificate.id}" checked>Show it' in page
    assert f'value="{certificate.id}">with scores' in page
    assert 'name="shows_practice"' in page
    assert page.count("checked") == 2


def test_a_pasted_address_and_capitals_are_understood(stranger, signed_in):
    keep(signed_in, address=" http://127.0.0.1:8000/people/Ada-L/ ")

    assert stranger.get("/people/ada-l").status_code == 200


def test_an_address_belongs_to_one_person_in_all_organisations(app, database: Database, holder):
    draft = PortfolioDraft("mine", "", shows_practice=False, certificate_ids=frozenset(), with_scores=frozenset())
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        keep_portfolio(session, person_id=holder.id, draft=draft, at=clock.now())
        keep_portfolio(session, person_id=holder.id, draft=draft, at=clock.now())
        other = make_person(session)
        with pytest.raises(Conflict, match="Somebody else"):
            keep_portfolio(session, person_id=other.id, draft=draft, at=clock.now())
        assert len(session.scalars(select(Portfolio)).all()) == 1


def test_nobody_shows_somebody_elses_certificate(client, stranger, certificate, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        other = make_person(session, name="Mallory")
    sign_in(client, other)

    assert keep(client, address="mallory", show=certificate.id, scores=certificate.id).status_code == 303

    assert NAME not in stranger.get("/people/mallory").text
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalars(select(SharedCertificate)).all() == []


def test_closing_takes_it_away_at_once(stranger, signed_in, certificate):
    keep(signed_in, show=certificate.id)

    assert signed_in.post("/me/portfolio/close").status_code == 303

    for path in ("/people/ada", "/people/ada/card.png"):
        assert stranger.get(path).status_code == 404
    assert main_of(stranger.get("/people/ada").text) == main_of(stranger.get("/people/nobody-at-all").text)


@pytest.mark.parametrize("state", [PersonState.SUSPENDED, PersonState.UNCONFIRMED])
def test_an_account_that_may_not_be_used_shows_no_portfolio(stranger, signed_in, holder, database, state):
    keep(signed_in)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = session.get_one(Person, holder.id)
        person.state = state
        person.suspension_reason = "testing" if state is PersonState.SUSPENDED else None

    assert stranger.get("/people/ada").status_code == 404


def test_who_leaves_has_no_portfolio(stranger, signed_in, certificate, holder, database):
    keep(signed_in, show=certificate.id, headline="Hello")
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        told = export_sharing(session, holder.id)
        erase_sharing(session, person_id=holder.id)

    assert told["portfolio"]["headline"] == "Hello"
    assert told["certificates"][0]["is_in_portfolio"] is True
    assert stranger.get("/people/ada").status_code == 404


def test_a_link_to_a_portfolio_comes_with_a_picture(stranger, signed_in, certificate):
    keep(signed_in, show=certificate.id, headline="Weighs claims")

    page, card = stranger.get("/people/ada"), stranger.get("/people/ada/card.png")

    assert 'content="http://127.0.0.1:8000/people/ada/card.png"' in page.text
    assert 'content="noindex"' not in page.text
    assert card.mimetype == "image/png"


def test_the_page_of_ones_portfolio_is_for_the_signed_in(stranger):
    assert stranger.get("/me/portfolio").status_code == 303
    assert stranger.post("/me/portfolio").status_code == 303


def test_of_several_who_want_an_address_at_once_one_gets_it(database: Database, holder):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        people = [make_person(session).id for _ in range(4)]
    draft = PortfolioDraft("wanted", "", shows_practice=False, certificate_ids=frozenset(), with_scores=frozenset())

    def want(person_id: UUID) -> bool:
        try:
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                keep_portfolio(session, person_id=person_id, draft=draft, at=clock.now())
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(want, people))

    assert sorted(got) == [False, False, False, True]
