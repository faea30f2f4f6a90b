"""Standings: a tier that opens or closes is told once, to whom it concerns, whatever brought it about."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select, update

from certificates.domain.entitlements import Outcome
from certificates.domain.requirements import AllOf
from certificates.domain.standing import CertificateState
from certificates.events import TierStandingChanged
from certificates.models.certificates import Certificate
from certificates.models.entitlements import TierStanding
from certificates.operations.publishing import publish_tiers
from certificates.operations.standings import FOLLOW_TOPIC, ask_to_follow, follow
from certificates.operations.tier_versions import add_tier_version
from certificates.queries.certificates import list_certificates
from lms import clock
from lms.members.consents import give, withdraw
from lms.members.memberships import end_membership
from lms.members.models import ConsentScope
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.models import OutboxMessage
from tests.certificates.factories import deliver_all
from tests.certificates.held import change as change_certificate
from tests.certificates.held import make_signing
from tests.certificates.vendors import (
    FERRY,
    HARBOUR,
    join,
    make_public_catalogue,
    make_qualified,
    make_sanction,
    make_tier,
    make_vendor,
    tier_id_of,
)

ALLOW, DENY, PROVISIONAL = Outcome.ALLOW, Outcome.DENY, Outcome.PROVISIONAL


@pytest.fixture
def vendor(database) -> UUID:
    """A vendor whose tier `boats` asks for the public ferry certificate."""
    make_public_catalogue(database)
    organisation_id = make_vendor(database)
    with database.transaction(organisation_id) as session:
        make_tier(session)
    return organisation_id


@pytest.fixture
def told(app) -> list[tuple[str, Outcome, Outcome]]:
    """What was announced about `boats`, in its order."""
    heard: list[tuple[str, Outcome, Outcome]] = []
    subscriptions = app.extensions["assay.subscriptions"]

    def hear(_session, fact):
        if fact.tier_slug == "boats":
            heard.append((fact.was, fact.now))

    subscriptions.subscribe(TierStandingChanged, hear)
    yield heard
    subscriptions.heard_by(TierStandingChanged).remove(hear)


def standing_of(database, organisation_id, person_id) -> Outcome | None:
    with database.reading(organisation_id) as session:
        return session.scalar(
            select(TierStanding.outcome).where(
                TierStanding.person_id == person_id, TierStanding.tier_id == tier_id_of(session, "boats")
            )
        )


def follow_now(database, organisation_id, person_id):
    with database.transaction(organisation_id) as session:
        follow(session, person_id=person_id, at=clock.now())


def test_a_pass_in_the_public_catalogue_opens_the_tier_of_a_vendor(app, database, vendor, told):
    person_id = join(database, vendor, make_qualified(database))

    deliver_all(app)

    assert told == [(DENY, ALLOW)]
    assert standing_of(database, vendor, person_id) is ALLOW


def test_what_was_told_is_not_told_again(app, database, vendor, told):
    person_id = join(database, vendor, make_qualified(database))
    for _ in range(2):
        deliver_all(app)
        follow_now(database, vendor, person_id)

    assert told == [(DENY, ALLOW)]


def test_a_certificate_that_is_suspended_closes_the_tier_and_reinstated_opens_it(app, database, vendor, told):
    person_id = join(database, vendor, make_qualified(database))
    deliver_all(app)
    for state in (CertificateState.SUSPENDED, CertificateState.VALID):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            [certificate] = list_certificates(session, person_id=person_id)
            change_certificate(session, make_signing(session, app), certificate.id, state)
        deliver_all(app)

    assert told == [(DENY, ALLOW), (ALLOW, DENY), (DENY, ALLOW)]


def test_consent_opens_and_its_withdrawal_closes(app, database, vendor, told):
    person_id = join(database, vendor, make_qualified(database), lets_see=(ConsentScope.PROFILE,))
    deliver_all(app)
    assert told == []

    with database.transaction(vendor) as session:
        give(session, person_id=person_id, scopes=[ConsentScope.CERTIFICATES], at=clock.now())
    deliver_all(app)
    with database.transaction(vendor) as session:
        withdraw(session, person_id=person_id, scope=ConsentScope.CERTIFICATES, at=clock.now())
    deliver_all(app)

    assert told == [(DENY, ALLOW), (ALLOW, DENY)]


def test_the_end_of_a_membership_closes(app, database, vendor, told):
    person_id = join(database, vendor, make_qualified(database))
    deliver_all(app)
    with database.transaction(vendor) as session:
        end_membership(session, person_id=person_id, at=clock.now())
    deliver_all(app)

    assert told == [(DENY, ALLOW), (ALLOW, DENY)]


def test_a_sanction_closes_in_the_transaction_that_imposes_it(app, database, vendor, told):
    person_id = join(database, vendor, make_qualified(database))
    deliver_all(app)
    with database.transaction(vendor) as session:
        make_sanction(session, person_id=person_id, tier_id=None)
        follow(session, person_id=person_id, at=clock.now())
        assert told == [(DENY, ALLOW), (ALLOW, DENY)]


def test_a_new_version_makes_holders_provisional_and_the_end_of_the_grace_closes(app, database, vendor, told):
    person_id = join(database, vendor, make_qualified(database))
    deliver_all(app)
    now = clock.now()
    ends = now + timedelta(days=30)
    with database.transaction(vendor) as session:
        add_tier_version(
            session,
            tier_id=tier_id_of(session, "boats"),
            requirement=AllOf((FERRY, HARBOUR)),
            reason="Harbours got stricter.",
            grace_until=ends,
            created_by=None,
            at=now,
        )
    deliver_all(app)
    assert told == [(DENY, ALLOW), (ALLOW, PROVISIONAL)]

    with time_machine.travel(ends + timedelta(seconds=1)):
        deliver_all(app)

    assert told[2:] == [(PROVISIONAL, DENY)]
    assert standing_of(database, vendor, person_id) is DENY


def test_time_alone_closes_a_tier_when_the_certificate_expires(app, database, vendor, told):
    person_id = join(database, vendor, make_qualified(database))
    deliver_all(app)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        [certificate] = list_certificates(session, person_id=person_id)

    with time_machine.travel(certificate.valid_until + timedelta(seconds=1)):
        deliver_all(app)

    assert told == [(DENY, ALLOW), (ALLOW, DENY)]


def test_a_tier_that_is_withdrawn_closes_to_everybody(app, database, vendor, told):
    join(database, vendor, make_qualified(database))
    join(database, vendor, make_qualified(database, name="Grace Hopper"))
    deliver_all(app)
    with database.transaction(vendor) as session:
        publish_tiers(session, drafts=[], at=clock.now())
    deliver_all(app)

    assert told == [(DENY, ALLOW)] * 2 + [(ALLOW, DENY)] * 2


def test_a_change_of_a_public_tier_is_followed_in_every_organisation(app, database, vendor):
    person_id = join(database, vendor, make_qualified(database))
    deliver_all(app)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        public_tier = tier_id_of(session, "generalist")
        session.execute(update(TierStanding).values(outcome=DENY, expires_at=None))
        add_tier_version(
            session,
            tier_id=public_tier,
            requirement=HARBOUR,
            reason="Harbours got stricter.",
            grace_until=clock.now() + timedelta(days=1),
            created_by=None,
            at=clock.now(),
        )
    deliver_all(app)

    for organisation_id in (PUBLIC_ORGANISATION_ID, vendor):
        with database.reading(organisation_id) as session:
            found = select(TierStanding.outcome).where(
                TierStanding.person_id == person_id, TierStanding.tier_id == public_tier
            )
            assert session.scalar(found) is PROVISIONAL


def test_a_person_is_looked_at_once_for_a_transaction(database, vendor):
    person_id = join(database, vendor)
    with database.transaction(vendor) as session:
        before = _waiting(session)
        for _ in range(3):
            ask_to_follow(session, person_id=person_id, at=clock.now())
        session.flush()
        assert _waiting(session) == before + 1


def _waiting(session) -> int:
    wanted = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.topic == FOLLOW_TOPIC)
    return session.scalar(wanted)


def test_of_eight_who_follow_at_once_one_tells(app, database, vendor, told):
    person_id = join(database, vendor, make_qualified(database))
    barrier = Barrier(8)

    def look():
        barrier.wait()
        follow_now(database, vendor, person_id)

    threads = [Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == [(DENY, ALLOW)]


def test_who_qualifies_and_is_sanctioned_at_once_ends_up_with_a_closed_tier(app, database, vendor):
    person_id = join(database, vendor, make_qualified(database))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(Certificate).values(state=CertificateState.SUSPENDED, state_reason="-"))
    barrier = Barrier(2)

    def qualify():
        barrier.wait()
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            session.execute(update(Certificate).values(state=CertificateState.VALID, state_reason=None))
        follow_now(database, vendor, person_id)

    def sanction():
        barrier.wait()
        with database.transaction(vendor) as session:
            make_sanction(session, person_id=person_id, tier_id=None)
            follow(session, person_id=person_id, at=clock.now())

    threads = [Thread(target=qualify), Thread(target=sanction)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert standing_of(database, vendor, person_id) in (None, DENY)
