"""What receivers hear of a person's way: handed in, passed, certified, suspended, revoked, soon over, tier by tier."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from assessments.events import AttemptSubmitted
from certificates.domain.entitlements import Outcome
from certificates.domain.standing import CertificateState
from certificates.events import CertificateExpiring, TierStandingChanged
from certificates.models.certificates import Certificate
from certificates.operations.expiring import EXPIRING_TOPIC, NOTICE, watch_expiry
from lms import clock
from lms.events import announce
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import Handlers, deliver_due
from lms.outbox.models import OutboxMessage
from lms.webhooks.event_types import event_types_of
from lms.webhooks.models import WebhookEvent
from tests.certificates.factories import AT, UNTIL, make_office, qualify, the_certificate
from tests.certificates.held import change, make_held, make_signing
from tests.people import make_person

TYPES = {
    "person.invited",
    "attempt.submitted",
    "result.released",
    "certificate.issued",
    "certificate.suspended",
    "certificate.revoked",
    "certificate.reinstated",
    "certificate.expiring",
    "tier.opened",
    "tier.closed",
    "tier.changed",
}


def told(database):
    """The types and data of every event, in the order of its subject."""
    with database.reading() as session:
        rows = session.execute(
            select(WebhookEvent.type, WebhookEvent.data).order_by(WebhookEvent.subject_id, WebhookEvent.number)
        )
        return [(type, data) for type, data in rows]


def types_told(database):
    return [type for type, _data in told(database)]


def look_at_ends(app, database):
    """Let the worker look at the ends of certificates that are due, and at nothing else."""
    handlers = Handlers()
    handlers.handle(EXPIRING_TOPIC, app.extensions["assay.handlers"].of(EXPIRING_TOPIC))
    deliver_due(database, handlers)


@pytest.fixture
def held(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signing(session, app)
        [certificate] = make_held(session)
    return certificate


def test_there_are_exactly_these_types(app):
    assert {each.name for each in event_types_of(app)} == TYPES


def test_a_pass_is_told_from_the_hand_in_to_the_certificate_in_this_order(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signing(session, app)
        make_office(session)
        person_id = qualify(session)
        certificate = the_certificate(session, person_id)

    heard = told(database)

    assert [type for type, _data in heard][:3] == ["attempt.submitted", "result.released", "certificate.issued"]
    submitted, released, issued = (data for _type, data in heard[:3])
    assert {each["subject"] for each in (submitted, released, issued)} == {str(person_id)}
    assert released == {**submitted, "has_passed": True}
    assert issued == {"subject": str(person_id), "certificate": certificate.id, "achievement": certificate.slug}


def test_a_failed_attempt_is_told_as_one_and_nothing_is_issued(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signing(session, app)
        make_office(session)
        qualify(session, right=1)

    assert types_told(database) == ["attempt.submitted", "result.released"]
    assert told(database)[1][1]["has_passed"] is False


def test_decisions_about_a_certificate_are_told_without_their_reasons(app, database, held):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        signing = make_signing(session, app)
        for state in (CertificateState.SUSPENDED, CertificateState.VALID, CertificateState.REVOKED):
            change(session, signing, held.id, state, reason="CANARY-REASON")

    decided = [(type, data) for type, data in told(database) if type.startswith("certificate.")]

    assert [type for type, _data in decided] == [
        "certificate.issued",
        "certificate.suspended",
        "certificate.reinstated",
        "certificate.revoked",
    ]
    assert "CANARY" not in json.dumps(decided)
    assert {data["certificate"] for _type, data in decided} == {held.id}


def test_a_certificate_is_told_to_expire_thirty_days_before_and_once(app, database, held):
    with time_machine.travel(UNTIL - NOTICE - timedelta(minutes=1), tick=False) as time:
        look_at_ends(app, database)
        assert "certificate.expiring" not in types_told(database)
        time.shift(timedelta(minutes=2))
        look_at_ends(app, database)
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            watch_expiry(session, certificate_id=held.id, valid_until=UNTIL, at=clock.now())
        look_at_ends(app, database)

    [data] = [data for type, data in told(database) if type == "certificate.expiring"]
    assert data["certificate"] == held.id
    assert data["valid_until"].startswith(UNTIL.date().isoformat())


def test_an_end_that_moved_is_told_at_its_new_time_only(app, database, held):
    later = UNTIL + timedelta(days=300)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.get_one(Certificate, held.id).valid_until = later
        watch_expiry(session, certificate_id=held.id, valid_until=later, at=clock.now())
    with time_machine.travel(UNTIL - timedelta(days=1), tick=False) as time:
        look_at_ends(app, database)
        assert "certificate.expiring" not in types_told(database)
        time.shift(timedelta(days=280))
        look_at_ends(app, database)

    assert types_told(database).count("certificate.expiring") == 1


def test_what_does_not_hold_is_not_told_to_expire_until_it_holds_again(app, database, held):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        change(session, make_signing(session, app), held.id, CertificateState.SUSPENDED)
    with time_machine.travel(UNTIL - timedelta(days=20), tick=False):
        look_at_ends(app, database)
        assert "certificate.expiring" not in types_told(database)
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            change(session, make_signing(session, app), held.id, CertificateState.VALID, at=clock.now())
        look_at_ends(app, database)

    assert types_told(database)[-2:] == ["certificate.reinstated", "certificate.expiring"]


def test_a_certificate_says_at_its_issue_when_it_is_to_be_looked_at(database, held):
    with database.reading() as session:
        due = session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.topic == EXPIRING_TOPIC)).one()
    assert due == UNTIL - NOTICE


@pytest.mark.parametrize(
    ("was", "now", "type"),
    [
        (Outcome.DENY, Outcome.ALLOW, "tier.opened"),
        (Outcome.DENY, Outcome.PROVISIONAL, "tier.opened"),
        (Outcome.ALLOW, Outcome.DENY, "tier.closed"),
        (Outcome.PROVISIONAL, Outcome.DENY, "tier.closed"),
        (Outcome.ALLOW, Outcome.PROVISIONAL, "tier.changed"),
        (Outcome.PROVISIONAL, Outcome.ALLOW, "tier.changed"),
        (Outcome.ALLOW, Outcome.ALLOW, None),
    ],
)
def test_a_standing_is_told_as_what_it_means_for_the_work(database, was, now, type):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = make_person(session).id
        announce(session, TierStandingChanged(person_id, "generalist", was, now, AT))

    expected = {"subject": str(person_id), "tier": "generalist", "was": was.value, "now": now.value}
    assert told(database) == ([(type, expected)] if type else [])


def test_what_is_told_looks_like_its_published_example(app, database, held):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = make_person(session).id
        announce(session, AttemptSubmitted(person_id, person_id, "ferries", AT))
        announce(session, CertificateExpiring(held.id, person_id, "ferries", UNTIL, AT))
        announce(session, TierStandingChanged(person_id, "generalist", Outcome.DENY, Outcome.ALLOW, AT))

    examples = {each.name: each.example.as_json() for each in event_types_of(app)}
    for type, data in told(database):
        assert {name: value.__class__ for name, value in data.items()} == {
            name: value.__class__ for name, value in examples[type].items()
        }
