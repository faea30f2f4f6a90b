"""Those whom a decision about a tier concerns are told why, each of them once, however many batches that takes."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from certificates.domain.entitlements import Outcome
from certificates.models.entitlements import TierStanding
from certificates.operations.tier_notices import NOTICE_TOPIC, NOTICED, News, Notice
from certificates.operations.tier_withdrawals import reinstate_tier, withdraw_tier
from lms import clock
from lms.accounts.models import Person, PersonState
from lms.audit.models import AuditEvent
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.offices import (
    LAW,
    add_manager,
    addresses_of,
    deliver_topic,
    id_of,
    letters_in,
    mailed_to,
    open_office,
    publish,
)
from tests.certificates.vendors import make_work

NAMES = ("Ada", "Bob", "Cleo", "Dora", "Emil")
CHANGED, WITHDRAWN, RETURNED = "asks for has changed", "is no longer offered", "is offered again"
REASON = "Ships sank, and nobody knows why they did."


@pytest.fixture
def people(database):
    return open_office(database, *NAMES)


@pytest.fixture
def manager(database):
    return add_manager(database)


def told_in_audit(database):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return [act.details["told"] for act in session.scalars(select(AuditEvent).where(AuditEvent.action == NOTICED))]


@pytest.mark.parametrize("at_once", [1, 2, 5, 500])
@pytest.mark.parametrize("times", [1, 2])
def test_everybody_is_told_once_also_when_each_batch_is_delivered_twice(
    app, database, people, manager, monkeypatch, at_once, times
):
    monkeypatch.setattr("certificates.operations.tier_notices.AT_ONCE", at_once)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        publish(session, "generalist", LAW, actor_id=manager.id, reason=REASON)

    batches = deliver_topic(app, database, NOTICE_TOPIC, times=times)

    assert batches == len(people) // at_once + 1
    assert mailed_to(database, CHANGED) == addresses_of(database, people)
    assert told_in_audit(database) == [len(people)]
    assert all(REASON in body and "You keep the tier until" in body for body in letters_in(database, CHANGED))


def test_a_batch_that_fails_half_way_is_told_as_a_whole_later(app, database, people, manager, monkeypatch):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        publish(session, "generalist", LAW, actor_id=manager.id, reason=REASON)
    with monkeypatch.context() as broken:
        broken.setattr("certificates.operations.tier_notices.record", _fail)
        with pytest.raises(RuntimeError):
            deliver_topic(app, database, NOTICE_TOPIC)
    assert mailed_to(database, CHANGED) == []

    deliver_topic(app, database, NOTICE_TOPIC)

    assert mailed_to(database, CHANGED) == addresses_of(database, people)


def _fail(*_given, **_named):
    raise RuntimeError("the machine went away")


def test_who_has_no_active_account_and_who_never_had_the_tier_is_not_told(app, database, people, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        gone = {"state": PersonState.SUSPENDED, "suspension_reason": "testing"}
        session.execute(update(Person).where(Person.id == people[0]).values(gone))
        publish(session, "generalist", LAW, actor_id=manager.id, reason=REASON)

    deliver_topic(app, database, NOTICE_TOPIC)

    assert mailed_to(database, CHANGED) == addresses_of(database, people[1:])
    assert told_in_audit(database) == [len(people) - 1]


def test_who_kept_the_tier_only_because_it_was_open_is_told_though_it_was_closed_meanwhile(
    app, database, people, manager
):
    good = {"kind": "work_quality", "skill": "grounding", "at_least": "9/10", "tasks": 50}
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for person_id in people:
            make_work(session, person_id=person_id, right=30)  # half of it: an estimate alone closes nothing
        publish(session, "generalist", good, actor_id=manager.id, at=clock.now() - timedelta(minutes=2))
        publish(session, "generalist", LAW, actor_id=manager.id, grace_days=0, at=clock.now() - timedelta(minutes=1))
        closed = {"outcome": Outcome.DENY, "expires_at": None, "changed_at": clock.now()}
        session.execute(update(TierStanding).where(TierStanding.tier_id == id_of(session)).values(closed))

    deliver_topic(app, database, NOTICE_TOPIC)

    assert mailed_to(database, CHANGED) == addresses_of(database, people)


@pytest.mark.parametrize("at_once", [2, 500])
def test_those_to_whom_a_withdrawn_tier_was_open_are_told_before_or_after_it_was_closed(
    app, database, people, manager, monkeypatch, at_once
):
    monkeypatch.setattr("certificates.operations.tier_notices.AT_ONCE", at_once)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        withdraw_tier(session, tier_id=id_of(session), reason=REASON, actor_id=manager.id, at=clock.now())
        closed = {"outcome": Outcome.DENY, "expires_at": None, "changed_at": clock.now()}
        session.execute(update(TierStanding).where(TierStanding.person_id.in_(people[:3])).values(closed))

    deliver_topic(app, database, NOTICE_TOPIC, times=2)

    assert mailed_to(database, WITHDRAWN) == addresses_of(database, people)
    assert all(REASON in body and "Your certificates stay yours" in body for body in letters_in(database, WITHDRAWN))
    assert told_in_audit(database) == [len(people)]


def test_a_withdrawal_that_was_taken_back_is_told_to_nobody_else(app, database, people, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        tier_id = id_of(session)
        withdraw_tier(session, tier_id=tier_id, reason=REASON, actor_id=manager.id, at=clock.now())
        reinstate_tier(session, tier_id=tier_id, reason=REASON, actor_id=manager.id, at=clock.now())

    deliver_topic(app, database, NOTICE_TOPIC)

    assert mailed_to(database, WITHDRAWN) == []
    assert mailed_to(database, RETURNED) == addresses_of(database, people)


@given(st.data())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_notice_survives_its_way_through_the_outbox(data):
    notice = data.draw(
        st.builds(
            Notice,
            tier_id=st.uuids(),
            news=st.sampled_from(News),
            number=st.none() | st.integers(1, 99),
            since=st.none() | st.datetimes(timezones=st.just(clock.now().tzinfo)),
            reason=st.text(),
            after=st.none() | st.uuids(),
            told=st.integers(0, 10**6),
        )
    )

    assert Notice.from_payload(notice.as_payload()) == notice
