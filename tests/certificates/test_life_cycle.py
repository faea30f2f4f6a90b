"""The life of a certificate: every change of state is guarded, in the log, in the audit, and told with its reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from certificates.adapters.canonical_json import canonical
from certificates.domain.life_cycle import STATES_BEFORE, change_statement, may_follow
from certificates.domain.log_leaves import commitment
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.log import LeafKind, LogLeaf
from certificates.operations.superseding import supersede_older
from lms.audit.models import AuditEvent
from lms.errors import Conflict, Invalid, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import AT, BASE_URL
from tests.certificates.held import change, changes_of, make_held, make_signing, state_of
from tests.mails import waiting_mails
from tests.people import make_person

THREADS = 8
SUSPENDED, REVOKED, VALID = CertificateState.SUSPENDED, CertificateState.REVOKED, CertificateState.VALID
ERASED = CertificateState.ERASED


@pytest.fixture
def signing(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_signing(session, app)


def test_every_state_can_be_reached_and_nothing_leaves_an_erased_certificate():
    assert set(STATES_BEFORE) == set(CertificateState)
    assert not any(may_follow(to, ERASED) for to in CertificateState)
    assert all(may_follow(ERASED, before) for before in CertificateState if before is not ERASED)
    assert not any(may_follow(state, state) for state in CertificateState)


def test_a_change_is_a_row_a_leaf_and_an_audit_event(session, signing):
    [held] = make_held(session)
    manager = make_person(session)

    change(session, signing, held.id, SUSPENDED, reason=" A second look. ", actor_id=manager.id)

    row = session.get_one(Certificate, held.id, populate_existing=True)
    assert (row.state, row.state_reason) == (SUSPENDED, "A second look.")
    [kept] = changes_of(session, held.id)
    assert (kept.number, kept.state, kept.reason, kept.actor_id) == (1, SUSPENDED, "A second look.", manager.id)
    leaf = session.get_one(LogLeaf, kept.leaf_index)
    statement = change_statement(certificate_id=held.id, number=1, state=SUSPENDED, reason="A second look.", at=kept.at)
    assert leaf.kind is LeafKind.STATE
    assert leaf.commitment == kept.commitment == commitment(kept.salt, canonical(statement))
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.suspended")).one()
    assert (event.actor, event.subject_id) == (str(manager.id), row.person_id)
    assert event.details == {"certificate": held.id, "reason": "A second look."}


def test_the_holder_is_told_the_reason_and_how_to_appeal(database, signing):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        [held] = make_held(session)
        change(session, signing, held.id, SUSPENDED, reason="A second look.")

    [mail] = waiting_mails(database).values()
    assert "is suspended" in mail
    assert "The reason: A second look." in mail
    assert f"{BASE_URL}/certificates/{held.id}/appeal" in mail


def test_a_change_back_needs_no_reason_on_the_certificate_and_keeps_it_in_the_history(session, signing):
    [held] = make_held(session)
    change(session, signing, held.id, SUSPENDED)
    change(session, signing, held.id, VALID, reason="Nothing was wrong.")

    assert session.get_one(Certificate, held.id, populate_existing=True).state_reason is None
    assert [one.reason for one in changes_of(session, held.id)] == ["Something was found.", "Nothing was wrong."]
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.at)).all()
    assert "certificate.reinstated" in actions


def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing(session, signing):
    [held] = make_held(session)

    with pytest.raises(NotFound):
        change(session, signing, "nothing-like-that", REVOKED)
    with pytest.raises(Invalid, match="reason"):
        change(session, signing, held.id, REVOKED, reason=" \n")
    with pytest.raises(Invalid, match="at most 500"):
        change(session, signing, held.id, REVOKED, reason="x" * 501)
    with pytest.raises(Conflict, match="is valid"):
        change(session, signing, held.id, VALID)
    assert state_of(session, held.id) is VALID
    assert changes_of(session, held.id) == []


def test_of_eight_who_change_it_at_once_one_is_let_through(database, signing):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        [held] = make_held(session)
    barrier = Barrier(THREADS)

    def suspend(_number: int) -> bool:
        barrier.wait()
        try:
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                change(session, signing, held.id, SUSPENDED)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(suspend, range(THREADS))).count(True) == 1

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert len(changes_of(session, held.id)) == 1


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(CertificateState), max_size=8))
def test_the_state_is_always_that_of_the_last_change_and_each_is_in_the_log(session, signing, law, wishes):
    held = law
    with session.begin_nested() as savepoint:
        state = VALID
        for step, wish in enumerate(wishes):
            try:
                change(session, signing, held.id, wish, at=AT + timedelta(seconds=step))
            except Conflict:
                assert not may_follow(wish, state)
            else:
                assert may_follow(wish, state)
                state = wish
            history = changes_of(session, held.id)
            assert state_of(session, held.id) is state
            assert state is (history[-1].state if history else VALID)
            assert [one.number for one in history] == list(range(1, len(history) + 1))
            assert all(session.get(LogLeaf, one.leaf_index).commitment == one.commitment for one in history)
        savepoint.rollback()


@pytest.fixture
def law(session):
    """One certificate for every example; each example is rolled back."""
    [held] = make_held(session)
    return held


@pytest.fixture
def renewed(session):
    """An older certificate, and a newer one of the same person."""
    older, newer = (session.get_one(Certificate, one.id) for one in make_held(session, count=2))
    newer.person_id = older.person_id
    session.flush()
    return older, newer


def test_a_newer_certificate_takes_the_place_of_the_older_one(session, signing, renewed):
    older, newer = renewed
    change(session, signing, older.id, SUSPENDED)

    assert supersede_older(session, certificate_id=newer.id, signing=signing, at=AT) == [older.id]

    assert state_of(session, older.id) is CertificateState.SUPERSEDED
    assert state_of(session, newer.id) is VALID
    assert newer.id in changes_of(session, older.id)[-1].reason
    assert supersede_older(session, certificate_id=newer.id, signing=signing, at=AT) == []


def test_what_has_expired_is_not_superseded(session, signing, renewed):
    older, newer = renewed

    assert supersede_older(session, certificate_id=newer.id, signing=signing, at=older.valid_until) == []


def test_nobody_elses_certificate_is_superseded(session, signing):
    _first, second = make_held(session, count=2)

    assert supersede_older(session, certificate_id=second.id, signing=signing, at=AT) == []
