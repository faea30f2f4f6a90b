"""The platform by itself: which tokens it believes, what it does when Assay is away, and what messages change."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from standardwebhooks import Webhook
from task_platform.application import make_app
from task_platform.assay import Answer, AssayIsAway
from task_platform.deciding import Deciding
from task_platform.records import Records
from task_platform.settings import Settings

SECRET = "whsec_" + "c2VjcmV0" * 6
ADA, TIER = "11111111-1111-4111-8111-111111111111", "checked-claims"
KEY = ECKey.generate_key("P-256", {"kid": "token-one"})
OTHER = ECKey.generate_key("P-256", {"kid": "token-one"})


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(
        url="http://127.0.0.1:8100",
        assay_url="https://assay.example",
        organisation="claims-and-pay",
        client_id="c",
        client_secret="s",
        api_key="k",
        webhook_secret=SECRET,
        session_secret="x",
        database=str(tmp_path / "platform.db"),
    )


class FakeAssay:
    """Says no to everything, publishes one key, and counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = False

    def check(self, subject: str, tier: str) -> Answer:
        self.asked += 1
        if self.is_away:
            raise AssayIsAway
        return Answer("deny", ["Something is missing."], "d")

    def keys(self) -> dict:
        return KeySet([ECKey.import_key(KEY.as_dict(private=False))]).as_dict()


def signed(key=KEY, typ="entitlement+jwt", alg="ES256", **changes) -> str:
    now = datetime.now(UTC)
    claims = {
        "iss": "https://assay.example",
        "aud": "claims-and-pay",
        "sub": ADA,
        "tier": TIER,
        "outcome": "allow",
        "decision_id": "d",
        "iat": now,
        "exp": now + timedelta(minutes=5),
    } | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "token-one", "typ": typ}, claims, key, algorithms=[alg])


def decide(settings, token: str) -> tuple[str, str, int]:
    assay, records = FakeAssay(), Records(settings.database)
    records.keep_token(ADA, TIER, token)
    answer, how = Deciding(settings, assay, records).decide(ADA, TIER)
    return answer.outcome, how, assay.asked


@pytest.mark.parametrize("outcome", ["allow", "provisional"])
def test_a_good_token_decides_without_a_call(settings, outcome):
    assert decide(settings, signed(outcome=outcome)) == (outcome, "offline", 0)


@pytest.mark.parametrize(
    "token",
    [
        lambda: signed(typ="JWT"),
        lambda: signed(iss="https://elsewhere.example"),
        lambda: signed(aud="another-vendor"),
        lambda: signed(sub="somebody else"),
        lambda: signed(tier="hard-claims"),
        lambda: signed(outcome="deny"),
        lambda: signed(exp=datetime.now(UTC) - timedelta(seconds=30)),
        lambda: signed(exp=None),
        lambda: signed(key=OTHER),
        lambda: signed(key=OctKey.generate_key(), alg="HS256"),
        lambda: jws.serialize_compact({"alg": "HS256"}, b"{}", OctKey.generate_key(), algorithms=["HS256"]),
        lambda: signed()[:-4] + "AAAA",
        lambda: "no token",
        lambda: "",
    ],
)
def test_any_other_token_is_not_believed_and_assay_is_asked(settings, token):
    assert decide(settings, token()) == ("deny", "online", 1)


@pytest.fixture
def platform(settings):
    app, assay = make_app(settings), FakeAssay()
    records = app.extensions["platform.records"]
    app.extensions["platform.deciding"] = Deciding(settings, assay, records)
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(subject=ADA, name="Ada", form_token="t")
    return SimpleNamespace(client=client, assay=assay, records=records)


def send(platform, *, message="m1", type_="tier.closed", now="deny", secret=SECRET):
    body = f'{{"type":"{type_}","timestamp":"x","data":{{"subject":"{ADA}","tier":"{TIER}","was":"x","now":"{now}"}}}}'
    at = datetime.now(UTC).replace(microsecond=0)
    headers = {"webhook-id": message, "webhook-timestamp": str(int(at.timestamp()))}
    headers["webhook-signature"] = Webhook(secret).sign(message, at, body)
    return platform.client.post("/webhooks", data=body, headers=headers).status_code


def test_without_a_token_and_without_assay_no_work_is_given(platform):
    platform.assay.is_away = True
    page = platform.client.get(f"/work/{TIER}")

    assert page.status_code == 503
    assert "We cannot ask Assay just now" in page.text


def test_a_tier_that_closes_takes_the_token_and_the_task_at_hand(platform):
    platform.records.keep_token(ADA, TIER, signed())
    page = platform.client.get(f"/work/{TIER}")
    task = page.text.partition(f"/work/{TIER}/")[2].partition('"')[0]
    assert send(platform) == 204

    late = platform.client.post(f"/work/{TIER}/{task}", data={"answer": "true", "form_token": "t"})
    assert late.headers["Location"] == "/"
    assert platform.client.get(f"/work/{TIER}").status_code == 403
    assert "closed for you" in platform.client.get("/").text


def test_a_message_counts_once_and_only_with_assays_signature(platform):
    assert send(platform, message="m1", type_="tier.opened", now="allow") == 204
    assert send(platform, message="m2") == 204
    assert send(platform, message="m1", type_="tier.opened", now="allow") == 204  # comes again, late
    assert send(platform, message="m3", now="allow", secret="whsec_" + "b3RoZXIh" * 6) == 400

    assert "closed for you" in platform.client.get("/").text


def test_a_form_from_elsewhere_is_refused(platform):
    assert platform.client.post("/sign-out", data={"form_token": "guess"}).status_code == 400
    assert platform.client.post(f"/work/{TIER}/{TIER}-days-2", data={"answer": "true"}).status_code == 400
