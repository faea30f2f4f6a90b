"""Keys: made once, sealed, taken over from one another, and trusted no longer."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from sqlalchemy import delete, func, select, update

from certificates.adapters.key_ring import KeyRing, forget_active_keys
from certificates.domain.standing import CertificateState
from certificates.domain.trust import read_jwk
from certificates.models.certificates import Certificate
from certificates.models.credentials import ISSUE_TOPIC, Cause, Credential
from certificates.models.keys import KeyPurpose, KeyState, SigningKey
from certificates.operations.keys import distrust_key, make_first_keys, make_missing_keys, rotate_key, sign_anew
from certificates.queries.keys import find_key, list_certificates_of_key, list_keys, trusted_keys
from lms.audit.models import AuditEvent
from lms.errors import Conflict, Invalid, NotFound, Refusal
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.models import OutboxMessage
from tests.certificates.factories import AT, BASE_URL
from tests.certificates.held import make_credential, make_held, make_signing

SECRET = "a secret of some length"
LATER = AT + timedelta(hours=1)
DID = "did:web:127.0.0.1%3A8000"


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing(SECRET, host="assay.example")


def make(session, ring, *, is_development=False) -> list[str]:
    return make_missing_keys(session, keys=ring, is_development=is_development, at=AT)


def test_every_purpose_gets_one_key_and_no_second(session, ring):
    assert len(make(session, ring)) == len(KeyPurpose)
    assert make(session, ring) == []
    assert session.scalar(select(func.count()).select_from(SigningKey)) == len(KeyPurpose)


def test_of_many_processes_that_start_at_once_one_makes_each_key(database):
    at_once = Barrier(4)

    def start(_number: int) -> list[str]:
        at_once.wait()
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return make(session, KeyRing(SECRET))

    with ThreadPoolExecutor(4) as pool:
        made = [key_id for ids in pool.map(start, range(4)) for key_id in ids]

    with database.reading() as session:
        assert sorted(made) == sorted(session.scalars(select(SigningKey.id)))
    assert len(made) == len(KeyPurpose)


def test_only_an_installation_that_never_had_a_key_gets_keys_by_itself(session, ring):
    make_first_keys(session, keys=ring, at=AT)
    make_first_keys(session, keys=ring, at=AT)
    assert [key.is_development for key in list_keys(session)] == [True] * len(KeyPurpose)

    stolen = ring.active(session, KeyPurpose.LOG).id
    distrust_key(session, key_id=stolen, since=AT, reason="It was stolen.", at=LATER, actor="test")
    make_first_keys(session, keys=ring, at=LATER)
    with pytest.raises(Refusal, match="There is no log key"):
        ring.active(session, KeyPurpose.LOG)


def test_an_upgraded_installation_gets_the_key_for_tokens_by_itself_and_like_its_others(session, ring):
    make(session, ring)
    session.execute(delete(SigningKey).where(SigningKey.purpose == KeyPurpose.TOKEN))
    forget_active_keys(session)

    make_first_keys(session, keys=ring, at=LATER)

    assert [key.is_development for key in list_keys(session)] == [False] * len(KeyPurpose)
    assert ring.active(session, KeyPurpose.TOKEN).since == LATER


def test_a_key_is_named_after_what_it_is_and_what_it_is_for(session, ring):
    make(session, ring)

    for purpose in KeyPurpose:
        key = ring.active(session, purpose)
        found = find_key(session, key.id)
        assert key.id.startswith(f"{purpose.value}-")
        assert read_jwk(found.public_jwk) == key.private.public_key()


def test_a_key_is_opened_by_another_process_that_knows_the_secret(session, ring):
    make(session, ring)

    for purpose in KeyPurpose:
        ours, theirs = (each.active(session, purpose) for each in (ring, KeyRing(SECRET)))
        assert ours.id == theirs.id
        assert ours.private.public_key() == theirs.private.public_key()


def test_a_wrong_secret_is_told_by_the_name_of_its_setting(session, ring):
    make(session, ring)

    with pytest.raises(Refusal, match="SIGNING_SECRET"):
        KeyRing("another secret").active(session, KeyPurpose.LOG)


def test_a_sealed_key_of_another_row_is_not_opened(session, ring):
    make(session, ring)
    of = {key.purpose: key for key in session.scalars(select(SigningKey))}
    of[KeyPurpose.LOG].sealed_private = of[KeyPurpose.CREDENTIAL].sealed_private
    session.flush()

    with pytest.raises(Refusal, match="SIGNING_SECRET"):
        ring.active(session, KeyPurpose.LOG)


def test_a_sealed_key_of_which_a_bit_is_another_is_not_opened(session, ring):
    make(session, ring)
    row = session.scalars(select(SigningKey).where(SigningKey.purpose == KeyPurpose.LOG)).one()
    row.sealed_private = row.sealed_private[:-1] + bytes([row.sealed_private[-1] ^ 1])
    session.flush()

    with pytest.raises(Refusal, match="SIGNING_SECRET"):
        ring.active(session, KeyPurpose.LOG)


def test_without_keys_it_is_said_how_to_make_them(session, ring):
    with pytest.raises(Refusal, match="assay keys make"):
        ring.active(session, KeyPurpose.CREDENTIAL)


def test_the_private_half_is_nowhere_to_be_read(session, ring):
    make(session, ring)
    key = ring.active(session, KeyPurpose.CREDENTIAL)
    raw = key.private.private_bytes_raw()
    row = session.get_one(SigningKey, key.id)

    assert raw not in row.sealed_private
    assert "private" not in repr(key)
    assert raw.hex() not in repr(key) + repr(ring) + repr(row) + str(row.public_jwk)
    assert SECRET not in repr(ring) + str(vars(ring))
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_two_keys_of_one_secret_are_sealed_differently(session, ring):
    first, second = (ring.make(KeyPurpose.LOG, is_development=False, at=AT).sealed_private for _ in range(2))

    assert first[:12] != second[:12]


def test_a_document_key_has_a_certificate_of_its_own(session, ring):
    make(session, ring)
    key = ring.active(session, KeyPurpose.DOCUMENT)
    [name] = key.x509.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    usage = key.x509.extensions.get_extension_for_class(x509.KeyUsage).value

    assert name.value == "assay.example"
    assert key.x509.public_key() == key.private.public_key()
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert key.x509.not_valid_before_utc <= AT
    assert key.x509.not_valid_after_utc > AT + timedelta(days=29 * 365)
    key.x509.verify_directly_issued_by(key.x509)


def test_a_development_key_says_so(session, ring):
    make(session, ring, is_development=True)
    key = ring.active(session, KeyPurpose.DOCUMENT)

    assert key.is_development
    assert "development" in key.x509.subject.rfc4514_string()


def test_a_new_key_signs_and_what_the_old_one_signed_stays_good(session, ring):
    make(session, ring, is_development=True)
    old = ring.active(session, KeyPurpose.CREDENTIAL)

    new_id = rotate_key(session, keys=ring, purpose=KeyPurpose.CREDENTIAL, at=LATER, actor="test")

    new = ring.active(session, KeyPurpose.CREDENTIAL)
    trust = trusted_keys(session, base_url=BASE_URL)
    assert new.id == new_id != old.id
    assert not new.is_development
    assert trust.ed25519(f"{DID}#{old.id}", AT) == old.private.public_key()
    assert trust.ed25519(f"{DID}#{old.id}", LATER + timedelta(seconds=1)) is None
    assert trust.ed25519(f"{DID}#{new_id}", LATER) == new.private.public_key()
    assert trust.ed25519(f"{DID}#{new_id}", AT) is None
    assert session.get_one(SigningKey, old.id, populate_existing=True).sealed_private is None


def test_a_key_that_is_distrusted_counts_no_more_and_signs_no_more(session, ring):
    make(session, ring)
    key = ring.active(session, KeyPurpose.CREDENTIAL)

    distrust_key(session, key_id=key.id, since=AT, reason="A laptop was stolen.", at=LATER, actor="test")

    session.expire_all()
    assert trusted_keys(session, base_url=BASE_URL).find(f"{DID}#{key.id}") is None
    with pytest.raises(Refusal, match="There is no credential key"):
        ring.active(session, KeyPurpose.CREDENTIAL)
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "key.distrusted"))
    assert event.details["key"] == key.id
    assert make(session, ring) != []


def test_a_retired_key_is_distrusted_as_well(session, ring):
    make(session, ring)
    old = ring.active(session, KeyPurpose.LOG)
    rotate_key(session, keys=ring, purpose=KeyPurpose.LOG, at=AT, actor="test")

    distrust_key(session, key_id=old.id, since=AT, reason="It was in a backup.", at=LATER, actor="test")

    session.expire_all()
    view = find_key(session, old.id)
    assert (view.state, view.retired_at, view.compromised_at) == (KeyState.COMPROMISED, AT, AT)
    assert ring.active(session, KeyPurpose.LOG).id != old.id


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"key_id": "log-nobody"}, NotFound),
        ({"since": LATER + timedelta(days=1)}, Invalid),
        ({"reason": "  "}, Invalid),
    ],
)
def test_distrust_needs_a_key_a_reason_and_an_instant_in_the_past(session, ring, given, refusal):
    make(session, ring)
    asked = {"key_id": ring.active(session, KeyPurpose.LOG).id, "since": AT, "reason": "Because."} | given

    with pytest.raises(refusal):
        distrust_key(session, at=LATER, actor="test", **asked)


def test_a_key_is_distrusted_once(session, ring):
    make(session, ring)
    key_id = ring.active(session, KeyPurpose.LOG).id
    distrust_key(session, key_id=key_id, since=AT, reason="Because.", at=LATER, actor="test")

    with pytest.raises(Conflict):
        distrust_key(session, key_id=key_id, since=AT, reason="Because.", at=LATER, actor="test")


def test_what_a_key_signed_is_found_and_asked_for_anew(app, session):
    ours, others, gone = make_held(session, count=3)
    signing = make_signing(session, app)
    keys = {purpose: signing.keys.active(session, purpose).id for purpose in KeyPurpose}
    for certificate in (ours, others, gone):
        credential = make_credential(session, certificate.id, signing)
        credential.key_id = keys[KeyPurpose.CREDENTIAL]
        credential.document_key_id = keys[KeyPurpose.DOCUMENT]
    session.flush()
    session.execute(
        update(Certificate).where(Certificate.id == gone.id).values(state=CertificateState.REVOKED, state_reason="x")
    )
    rotate_key(session, keys=signing.keys, purpose=KeyPurpose.CREDENTIAL, at=LATER, actor="test")
    session.execute(
        update(Credential)
        .where(Credential.certificate_id == others.id)
        .values(key_id=signing.keys.active(session, KeyPurpose.CREDENTIAL).id)
    )

    assert list_certificates_of_key(session, keys[KeyPurpose.CREDENTIAL]) == [ours.id]
    assert list_certificates_of_key(session, keys[KeyPurpose.DOCUMENT]) == sorted([ours.id, others.id])
    assert list_certificates_of_key(session, keys[KeyPurpose.LOG]) == sorted([ours.id, others.id])
    assert list_certificates_of_key(session, "log-nobody") == []

    before = set(session.scalars(select(OutboxMessage.id)))
    assert sign_anew(session, key_id=keys[KeyPurpose.CREDENTIAL], at=LATER) == 1
    [message] = [each for each in session.scalars(select(OutboxMessage)) if each.id not in before]
    assert message.topic == ISSUE_TOPIC
    assert message.payload["certificate_id"] == ours.id
    assert message.payload["cause"] == Cause.KEYS.value


def test_keys_are_listed_from_those_that_sign_on(session, ring):
    make(session, ring)
    rotate_key(session, keys=ring, purpose=KeyPurpose.LOG, at=LATER, actor="test")

    states = [key.state for key in list_keys(session)]
    assert states == [KeyState.ACTIVE] * len(KeyPurpose) + [KeyState.RETIRED]
