"""The Label Studio adapter, against a small server that answers as the published API does and records every call."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from label_studio.calling import CallFailed
from label_studio.following import Following, plan
from label_studio.receiver import make_app
from label_studio.settings import Settings
from standardwebhooks import Webhook

from tests.examples.fake_label_studio import FakeStudio

SECRET = "whsec_" + "c2VjcmV0" * 6
ADA, BOB, EVE = "aaaa", "bbbb", "eeee"
MANAGER = 9
ids = st.frozensets(st.integers(1, 9))


@pytest.fixture
def studio():
    fake = FakeStudio()
    fake.users = {1: "Ada@example.org", 2: "bob@example.org", 3: "eve@example.org", MANAGER: "boss@vendor.example"}
    fake.people = {ADA: "ada@example.org", BOB: "bob@example.org", EVE: "eve@example.org", "ffff": "new@example.org"}
    fake.members = {12: {2, MANAGER}, 13: set()}
    fake.implicit = {7}
    fake.entitled = {"claims": {ADA}, "hard": set()}
    with fake.served():
        yield fake


@pytest.fixture
def settings(studio, tmp_path) -> Settings:
    return Settings(
        assay_url=studio.address,
        label_studio_url=studio.address,
        projects={"claims": [12], "hard": [13]},
        assay_key="assay_key",
        label_studio_token="of-a-manager",
        webhook_secret=SECRET,
        ledger=str(tmp_path / "ledger.db"),
    )


@pytest.fixture
def receiver(settings) -> FlaskClient:
    return make_app(settings).test_client()


def send(receiver, *, type_="tier.opened", subject=ADA, tier="claims", now="allow", secret=SECRET):
    body = f'{{"type":"{type_}","timestamp":"x","data":{{"subject":"{subject}","tier":"{tier}","now":"{now}"}}}}'
    at = datetime.now(UTC)
    headers = {"webhook-id": "m1", "webhook-timestamp": str(int(at.timestamp()))}
    headers["webhook-signature"] = Webhook(secret).sign("m1", at.replace(microsecond=0), body)
    return receiver.post("/webhooks", data=body, headers=headers)


@given(ids, ids, ids)
def test_after_a_plan_exactly_the_entitled_of_the_known_are_in_and_nobody_else_moved(entitled, known, present):
    known = known | entitled
    made = plan(12, entitled=set(entitled), known=set(known), present=set(present))
    after = (present | made.add) - made.remove

    assert after & known == entitled
    assert after - known == present - known
    again = plan(12, entitled=set(entitled), known=set(known), present=set(after))
    assert not again.add | again.remove


def test_reconciling_lets_in_who_may_work_and_out_who_may_not(studio, settings):
    made = Following(settings).reconcile()

    assert studio.members == {12: {1, MANAGER}, 13: set()}
    assert [(one.project, set(one.add), set(one.remove)) for one in made] == [(12, {1}, {2}), (13, set(), set())]
    before = len(studio.changes)
    assert not any(one.add | one.remove for one in Following(settings).reconcile())
    assert len(studio.changes) == before


def test_who_left_the_organisation_is_let_out_though_nobody_tells_the_address(studio, settings):
    Following(settings).reconcile()
    del studio.people[ADA]
    Following(settings).reconcile()

    assert studio.members[12] == {MANAGER}


def test_a_message_lets_one_person_in_or_out_at_once(studio, receiver):
    assert send(receiver).status_code == 204
    assert studio.members[12] == {1, 2, MANAGER}
    assert send(receiver, type_="tier.changed", now="provisional").status_code == 204
    assert send(receiver, type_="tier.closed", now="deny").status_code == 204
    assert send(receiver, type_="tier.closed", now="deny").status_code == 204

    assert studio.members[12] == {2, MANAGER}
    assert studio.changes == ["POST /api/projects/12/members/ {'user': 1}", "DELETE /api/projects/12/members/?user=1 "]


def test_what_is_not_signed_by_assay_changes_nothing(studio, receiver):
    assert send(receiver, secret="whsec_" + "b3RoZXIh" * 6).status_code == 400
    assert receiver.post("/webhooks", data=b"\xff").status_code == 400
    assert studio.calls == []


def test_other_tiers_and_people_without_an_account_there_are_passed_over(studio, receiver):
    assert send(receiver, tier="elsewhere").status_code == 204
    assert send(receiver, type_="result.released").status_code == 204
    assert send(receiver, subject="ffff").status_code == 204
    assert studio.changes == []


def test_while_a_service_is_away_the_message_is_to_come_again(studio, settings, receiver):
    studio.is_away = True
    assert send(receiver).status_code == 503
    with pytest.raises(CallFailed):
        Following(settings).reconcile()

    studio.is_away = False
    assert send(receiver).status_code == 204
    assert 1 in studio.members[12]
