"""Runs over many certificates: each is asked for once, whatever crashes, stops or races."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from certificates.domain.design import HOUSE_DESIGN
from certificates.domain.standing import CertificateState
from certificates.domain.validity import validity
from certificates.models.achievements import AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.credentials import ISSUE_TOPIC, Cause
from certificates.models.keys import KeyState, SigningKey
from certificates.models.reissues import ReissueRun, ReissueStep, RunKind, RunState, StepState
from certificates.operations import reissue_steps
from certificates.operations.designs import publish_design
from certificates.operations.reissuing import RUN_TOPIC, carry_on, resume_run, start_run, stop_run
from certificates.queries.reissues import Selection, count_certificates, count_progress, get_run, list_refused
from lms.audit.models import AuditEvent
from lms.errors import Conflict, Invalid, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.outbox.models import OutboxMessage
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, BASE_URL, make_achievement
from tests.certificates.many import KEY, make_certificates, make_credentials
from tests.people import make_person
from tests.statements import counted

REASON = "The organisation moved."
LATER = AT + timedelta(days=30)
RENEW = Selection(RunKind.RENEW)
OTHER = uuid4()


class Killed(Exception):
    """The worker died."""


def begin(session, selection=RENEW, *, reason=REASON, at=LATER):
    return start_run(session, selection=selection, reason=reason, actor_id=None, at=at)


def go_on(session, run_id, *, at=LATER, limit=50):
    return carry_on(session, run_id=run_id, base_url=BASE_URL, at=at, limit=limit)


def go_on_alone(database, run_id, **how):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return go_on(session, run_id, **how)


def asked_for(session):
    """How often each certificate was asked for."""
    messages = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.topic == ISSUE_TOPIC))
    return Counter(payload["certificate_id"] for payload in messages)


def state_of(session, run_id):
    return session.scalars(select(ReissueRun.state).where(ReissueRun.id == run_id)).one()


def withdraw(session, certificate_id, state):
    values = {"state": state, "state_reason": "For this test."}
    if state is CertificateState.ERASED:
        values["holder_name"] = ""
    session.execute(update(Certificate).where(Certificate.id == certificate_id).values(**values))


def at_once(job, count):
    """Run a job in so many threads, or each of the jobs in one of its own."""
    jobs = job if isinstance(job, list) else [job] * count
    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(each) for each in jobs]]


def publish_some_design(session):
    return publish_design(session, design=HOUSE_DESIGN, person_id=make_person(session).id, at=AT)


def test_a_run_asks_for_each_certificate_once_and_is_done(session):
    ids = make_certificates(session, 7)

    run_id = begin(session)
    waits = [go_on(session, run_id, limit=3) for _ in range(3)]

    assert waits == [True, True, False]
    assert asked_for(session) == dict.fromkeys(ids, 1)
    assert get_run(session, run_id).state is RunState.DONE
    assert count_progress(session, run_id).done == 7
    assert not go_on(session, run_id)
    assert asked_for(session) == dict.fromkeys(ids, 1)


def test_a_run_leaves_a_message_for_the_worker_and_a_line_in_the_audit(session):
    make_certificates(session, 2)
    person_id = make_person(session).id

    run_id = start_run(session, selection=RENEW, reason=REASON, actor_id=person_id, at=LATER)

    [message] = session.scalars(select(OutboxMessage).where(OutboxMessage.topic == RUN_TOPIC))
    assert message.payload == {"run_id": str(run_id)}
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificates.run-started"))
    assert (event.actor, event.details["total"], event.details["reason"]) == (str(person_id), 2, REASON)


def test_renewing_lets_certificates_hold_for_another_span_and_tells_each_holder_once(session):
    [certificate_id] = make_certificates(session, 1)
    at = AT + timedelta(days=300)

    go_on(session, begin(session, at=at), at=at)

    certificate = session.get_one(Certificate, certificate_id, populate_existing=True)
    assert certificate.valid_until == validity(at, 24)
    [mail] = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.topic == "mail"))
    assert mail["to"].startswith(certificate.person_id.hex)
    assert REASON in mail["body"]
    assert f"{BASE_URL}/certificates/{certificate_id}/" in mail["body"]


def test_renewing_takes_the_months_for_which_the_achievement_is_valid_now(session):
    [certificate_id] = make_certificates(session, 1)
    make_achievement(session, validity_months=36)

    go_on(session, begin(session))

    certificate = session.get_one(Certificate, certificate_id, populate_existing=True)
    assert certificate.valid_until == validity(LATER, 36)


@pytest.mark.parametrize("kind", [RunKind.DESIGN, RunKind.KEYS])
def test_nobody_gets_a_mail_when_a_certificate_is_only_signed_anew(session, kind):
    make_certificates(session, 2, design_version_id=None)
    make_person(session)
    selection = Selection(kind, key_id=KEY if kind is RunKind.KEYS else None)
    if kind is RunKind.DESIGN:
        publish_some_design(session)

    go_on(session, begin(session, selection))

    assert sum(asked_for(session).values()) == 2
    causes = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.topic == ISSUE_TOPIC)).all()
    assert {payload["cause"] for payload in causes} == {kind.value}
    assert not session.scalars(select(OutboxMessage.id).where(OutboxMessage.topic == "mail")).all()


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (CertificateState.SUSPENDED, "suspended"),
        (CertificateState.REVOKED, "revoked"),
        (CertificateState.SUPERSEDED, "newer certificate"),
        (CertificateState.ERASED, "deleted the account"),
    ],
)
def test_what_was_withdrawn_in_the_meantime_is_not_renewed_and_the_run_says_why(session, state, why):
    ids = make_certificates(session, 3)
    run_id = begin(session)
    withdraw(session, ids[0], state)
    before = session.scalars(select(Certificate.valid_until).where(Certificate.id == ids[0])).one()

    go_on(session, run_id)

    assert asked_for(session) == dict.fromkeys(ids[1:], 1)
    [refused] = list_refused(session, run_id)
    assert refused.certificate_id == ids[0]
    assert why in refused.reason
    assert session.scalars(select(Certificate.valid_until).where(Certificate.id == ids[0])).one() == before


def test_a_suspended_certificate_is_signed_anew_all_the_same(session):
    [certificate_id] = make_certificates(session, 1)
    withdraw(session, certificate_id, CertificateState.SUSPENDED)

    go_on(session, begin(session, Selection(RunKind.KEYS, key_id=KEY)))

    assert asked_for(session) == {certificate_id: 1}


def test_no_certificate_is_renewed_to_an_earlier_day_or_twice_on_one_day(session):
    ids = make_certificates(session, 2)
    make_achievement(session, validity_months=12)
    [longer] = make_certificates(session, 1, issued_at=AT, months=6)

    run_id = begin(session)
    go_on(session, run_id)
    assert asked_for(session) == {longer: 1}
    assert {one.certificate_id for one in list_refused(session, run_id)} == set(ids)

    second = begin(session, at=LATER + timedelta(minutes=1))
    go_on(session, second, at=LATER + timedelta(minutes=1))
    assert asked_for(session) == {longer: 1}


def test_the_design_run_takes_what_looks_otherwise_and_is_valid_today(session):
    make_certificates(session, 2, issued_at=AT - timedelta(days=400), months=1)  # expired
    present = publish_some_design(session)
    make_certificates(session, 3, design_version_id=present)
    others = make_certificates(session, 4)

    assert count_certificates(session, Selection(RunKind.DESIGN), at=LATER) == 4
    go_on(session, begin(session, Selection(RunKind.DESIGN)))

    assert asked_for(session) == dict.fromkeys(others, 1)


def test_what_came_into_the_present_design_meanwhile_is_not_signed_again(session):
    ids = make_certificates(session, 2)
    present = publish_some_design(session)
    run_id = begin(session, Selection(RunKind.DESIGN))
    make_credentials(session, ids[:1], at=LATER, number=2, design_version_id=present, cause=Cause.NAME)

    go_on(session, run_id)

    assert asked_for(session) == {ids[1]: 1}


def test_the_key_run_takes_what_a_key_signed_or_any_key_that_is_not_trusted(session):
    kept = make_certificates(session, 2, key_id="another-key")
    lost = make_certificates(session, 3)
    assert count_certificates(session, Selection(RunKind.KEYS), at=LATER) == 0
    assert count_certificates(session, Selection(RunKind.KEYS, key_id="another-key"), at=LATER) == len(kept)
    session.execute(
        update(SigningKey).where(SigningKey.id == KEY).values(state=KeyState.COMPROMISED, compromised_at=LATER)
    )

    run_id = begin(session, Selection(RunKind.KEYS))
    make_credentials(session, lost[:1], at=LATER + timedelta(seconds=1), number=2, key_id="another-key")
    go_on(session, run_id, at=LATER + timedelta(seconds=2))

    assert asked_for(session) == dict.fromkeys(lost[1:], 1)
    assert "signed anew" in list_refused(session, run_id)[0].reason


def test_a_selection_names_an_achievement_or_one_certificate(session):
    ids = make_certificates(session, 3)

    assert count_certificates(session, Selection(RunKind.RENEW, achievement=BANK), at=LATER) == 3
    assert count_certificates(session, Selection(RunKind.RENEW, achievement="harbour-law"), at=LATER) == 0
    assert count_certificates(session, Selection(RunKind.RENEW, certificate_id=ids[1]), at=LATER) == 1


def test_a_run_needs_a_reason_unless_it_renews_a_single_certificate(session):
    ids = make_certificates(session, 2)

    with pytest.raises(Invalid, match="reason"):
        begin(session, reason="  ")
    with pytest.raises(Invalid, match="too long"):
        begin(session, reason="x" * 501)
    begin(session, Selection(RunKind.RENEW, certificate_id=ids[0]), reason="")


def test_a_run_over_nothing_is_refused(database):
    with pytest.raises(Invalid, match="nothing to do"), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        begin(session)

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalars(select(func.count()).select_from(ReissueRun)).one() == 0


def test_a_second_run_of_a_kind_waits_for_the_first(session):
    make_certificates(session, 2)
    first = begin(session)

    with pytest.raises(Conflict, match="under way"):
        begin(session)

    go_on(session, first)
    begin(session)


def test_a_stopped_run_stays_stopped_until_somebody_resumes_it(session):
    ids = make_certificates(session, 5)
    run_id = begin(session)
    go_on(session, run_id, limit=2)

    stop_run(session, run_id=run_id, actor_id=None, at=LATER)
    assert not go_on(session, run_id)
    assert sum(asked_for(session).values()) == 2
    assert count_progress(session, run_id).waiting == 3
    with pytest.raises(Conflict):
        stop_run(session, run_id=run_id, actor_id=None, at=LATER)

    resume_run(session, run_id=run_id, actor_id=None, at=LATER)
    while go_on(session, run_id, limit=2):
        pass
    assert asked_for(session) == dict.fromkeys(ids, 1)
    with pytest.raises(Conflict):
        resume_run(session, run_id=run_id, actor_id=None, at=LATER)


def test_an_unknown_run_is_not_found_and_carries_nothing_on(session):
    assert not go_on(session, uuid4())
    with pytest.raises(NotFound):
        stop_run(session, run_id=uuid4(), actor_id=None, at=LATER)
    with pytest.raises(NotFound):
        get_run(session, uuid4())


def test_ten_thousand_certificates_are_started_by_as_few_statements_as_ten(database):
    sent = []
    for count, at in ((10, LATER), (10_000, LATER + timedelta(hours=1))):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            make_certificates(session, count, are_signed=False)
        with database.transaction(PUBLIC_ORGANISATION_ID) as session, counted(database) as statements:
            run_id = begin(session, at=at)
            sent.append(len(statements))
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            stop_run(session, run_id=run_id, actor_id=None, at=at)

    assert sent[0] == sent[1] <= 10
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        steps = select(func.count()).select_from(ReissueStep).where(ReissueStep.run_id == run_id)
        assert session.scalars(steps).one() == get_run(session, run_id).total == 10_010


def test_a_run_takes_no_certificate_of_another_organisation(database):
    with database.transaction() as session:
        session.add(Organisation(id=OTHER, slug=f"other-{OTHER.hex}", name="Other", created_at=AT))
    with database.transaction(OTHER) as session:
        theirs = make_certificates(session, 3)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        ours = make_certificates(session, 2)
        go_on(session, begin(session))
        assert asked_for(session) == dict.fromkeys(ours, 1)
    with database.reading(OTHER) as session:
        assert not asked_for(session)
        assert session.scalars(select(func.count()).select_from(Certificate)).one() == len(theirs)
        assert session.scalars(select(func.count()).select_from(ReissueStep)).one() == 0


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kills=st.lists(st.integers(1, 60), max_size=12),
    limit=st.integers(7, 60),
    withdrawn=st.sets(st.integers(0, 199), max_size=20),
)
def test_a_run_that_is_killed_again_and_again_asks_for_each_once(
    database, two_hundred, monkeypatch, kills, limit, withdrawn
):
    asking = reissue_steps.ask_for_credential
    pending = list(kills)
    left = [pending.pop(0) if pending else None]

    def ask_or_die(session, **what):
        if left[0] is not None:
            left[0] -= 1
            if left[0] == 0:
                left[0] = pending.pop(0) if pending else None
                raise Killed
        asking(session, **what)

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(OutboxMessage.__table__.delete())
        session.execute(
            update(Certificate).values(state=CertificateState.VALID, state_reason=None, valid_until=validity(AT, 24))
        )
        run_id = begin(session)
        for index in withdrawn:
            withdraw(session, two_hundred[index], CertificateState.REVOKED)
    with monkeypatch.context() as patch:
        patch.setattr(reissue_steps, "ask_for_credential", ask_or_die)
        waits, deaths = True, 0
        while waits:
            try:
                waits = go_on_alone(database, run_id, limit=limit)
            except Killed:
                deaths += 1
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        expected = {two_hundred[index] for index in range(200) if index not in withdrawn}
        assert asked_for(session) == dict.fromkeys(expected, 1)
        progress = count_progress(session, run_id)
        assert (progress.done, progress.refused, progress.waiting) == (len(expected), len(withdrawn), 0)
        assert state_of(session, run_id) is RunState.DONE
        mails = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.topic == "mail")
        assert session.scalars(mails).one() == len(expected)


@pytest.fixture
def two_hundred(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_certificates(session, 200)


def test_workers_that_carry_on_at_once_ask_for_none_twice(database, two_hundred):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        run_id = begin(session)
    barrier = Barrier(4)

    def work():
        barrier.wait()
        while go_on_alone(database, run_id, limit=9):
            pass

    at_once(work, 4)

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert asked_for(session) == dict.fromkeys(two_hundred, 1)
        assert state_of(session, run_id) is RunState.DONE
        ended = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "certificates.run-done")
        assert session.scalars(ended).one() == 1


def test_of_several_who_start_at_once_one_does(database, two_hundred):
    barrier = Barrier(4)

    def start():
        barrier.wait()
        try:
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                return begin(session)
        except Conflict:
            return None

    started = [run_id for run_id in at_once(start, 4) if run_id is not None]

    assert len(started) == 1


def test_a_run_that_is_stopped_while_it_works_does_no_more_after_the_stop(database, two_hundred):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        run_id = begin(session)
    barrier = Barrier(3)
    seen = []

    def work():
        barrier.wait()
        while go_on_alone(database, run_id, limit=5):
            pass

    def stop():
        barrier.wait()
        go_on_alone(database, run_id, limit=5)
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            if state_of(session, run_id) is RunState.RUNNING:
                stop_run(session, run_id=run_id, actor_id=None, at=LATER)
        with database.reading(PUBLIC_ORGANISATION_ID) as session:
            seen.append(asked_for(session))

    at_once([work, work, stop], 3)

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert asked_for(session) == seen[0]
        steps = select(func.count()).select_from(ReissueStep).where(ReissueStep.state == StepState.DONE)
        assert session.scalars(steps).one() == len(seen[0])


def test_what_is_not_offered_any_more_is_not_renewed(session):
    [certificate_id] = make_certificates(session, 1)
    run_id = begin(session)
    session.execute(update(AchievementVersion).values(is_current=False))

    assert not go_on(session, run_id)

    [refused] = list_refused(session, run_id)
    assert (refused.certificate_id, "not offered" in refused.reason) == (certificate_id, True)
