"""Status lists say which credentials are revoked or suspended, and not which one somebody asks about."""

import gzip
import json
from base64 import urlsafe_b64decode
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from certificates.adapters.data_integrity import check_proof
from certificates.domain.issuer import did_of
from certificates.domain.standing import CertificateState
from certificates.domain.status_list import LENGTH, StatusPurpose, decode_bits, encode_bits
from certificates.models.certificates import Certificate
from certificates.models.credentials import STATUS_LIST_LENGTH, Credential
from certificates.models.keys import KeyPurpose
from certificates.models.log import LogHead
from certificates.operations import status_entries
from certificates.operations.personal_data import erase_certificates
from certificates.operations.status_entries import FULL, draw_status_entry
from certificates.queries.status_lists import list_set_bits
from certificates.web.public import status
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import AT, BASE_URL
from tests.certificates.held import change, make_credential, make_held, make_signing

REVOCATION, SUSPENSION = StatusPurpose.REVOCATION, StatusPurpose.SUSPENSION
ISSUER = did_of(BASE_URL, "public", is_public=True)


@pytest.fixture
def signing(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_signing(session, app)


@pytest.fixture
def signed(database, signing):
    """Three certificates, each with a credential."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return [make_credential(session, held.id, signing) for held in make_held(session, count=3)]


def bits(client, purpose, number=1):
    answer = client.get(f"/status/{purpose.value}-{number}")
    assert answer.status_code == 200
    return decode_bits(json.loads(answer.data)["credentialSubject"]["encodedList"], LENGTH)


@given(st.sets(st.integers(0, LENGTH - 1), max_size=50))
def test_a_list_says_which_bits_are_set_and_no_others(positions):
    encoded = encode_bits(positions, LENGTH)

    assert decode_bits(encoded, LENGTH) == positions
    assert encoded[0] == "u"
    assert "=" not in encoded
    raw = gzip.decompress(urlsafe_b64decode(encoded[1:] + "=="))
    assert len(raw) * 8 == LENGTH
    assert {one for one in positions if not raw[one // 8] & 1 << 7 - one % 8} == set()


def test_the_first_bit_is_the_leftmost_one():
    raw = gzip.decompress(urlsafe_b64decode(encode_bits([0, 9], 16)[1:] + "=="))
    assert raw == bytes([0b1000_0000, 0b0100_0000])


def test_the_same_bits_are_the_same_text():
    assert encode_bits([5, 3], LENGTH) == encode_bits([3, 5], LENGTH)


@pytest.mark.parametrize(
    "encoded", ["", "x", "uAAAA", "u!", encode_bits([], LENGTH * 2), encode_bits([], LENGTH)[:-8], "zH4sIAAAAAAAA"]
)
def test_what_is_no_list_of_this_length_is_refused(encoded):
    with pytest.raises(ValueError, match="status list"):
        decode_bits(encoded, LENGTH)


def test_a_list_that_would_unpack_to_much_more_is_refused_early():
    with pytest.raises(ValueError, match="was expected"):
        decode_bits(encode_bits([], LENGTH * 1024), LENGTH)


@pytest.mark.parametrize("position", [-1, LENGTH])
def test_a_bit_outside_the_list_is_refused(position):
    with pytest.raises(ValueError, match="no bit"):
        encode_bits([position], LENGTH)


def test_a_revoked_certificate_sets_one_bit_and_a_suspended_one_another(client, database, signing, signed):
    first, second, third = signed
    assert bits(client, REVOCATION) == bits(client, SUSPENSION) == set()

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        change(session, signing, first.certificate_id, CertificateState.REVOKED)
        change(session, signing, second.certificate_id, CertificateState.SUSPENDED)
        change(session, signing, third.certificate_id, CertificateState.SUPERSEDED)

    assert bits(client, REVOCATION) == {first.status_index, third.status_index}
    assert bits(client, SUSPENSION) == {first.status_index, second.status_index, third.status_index}
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        change(session, signing, second.certificate_id, CertificateState.VALID)
    assert bits(client, SUSPENSION) == bits(client, REVOCATION)


def test_a_credential_that_another_one_replaced_counts_as_revoked(client, database, signing, signed):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_credential(session, signed[0].certificate_id, signing)

    assert bits(client, REVOCATION) == {signed[0].status_index}


def test_what_is_not_signed_yet_counts_as_what_it_will_be(client, database, signing, signed):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        unsigned = {"is_current": False, "state": "intended", "document": None, "jwt": None}
        session.execute(update(Credential).where(Credential.id == signed[0].id).values(unsigned))

    assert bits(client, REVOCATION) == set()


def test_a_list_is_looked_up_anew_after_a_while_also_when_the_log_stays(client, database, signing, signed, monkeypatch):
    assert bits(client, REVOCATION) == set()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(Credential).where(Credential.id == signed[0].id).values(is_current=False))
    assert bits(client, REVOCATION) == set()

    monkeypatch.setattr(status, "PATIENCE", 0)

    assert bits(client, REVOCATION) == {signed[0].status_index}
    assert status.MAX_AGE + 20 < 60


def test_an_erased_certificate_stays_revoked(client, database, signing, signed):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = session.get_one(Certificate, signed[0].certificate_id).person_id
        erase_certificates(session, person_id=person_id, signing=signing, at=AT)

    assert bits(client, REVOCATION) == {signed[0].status_index}


def test_a_list_is_a_signed_credential_that_may_be_kept_for_half_a_minute(client, database, signing, signed):
    answer = client.get("/status/revocation-1")
    document = json.loads(answer.data)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        key = signing.keys.active(session, KeyPurpose.CREDENTIAL)

    assert answer.mimetype == "application/vc"
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    assert document["id"] == f"{BASE_URL}/status/revocation-1"
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert document["issuer"] == ISSUER
    assert document["credentialSubject"]["statusPurpose"] == "revocation"
    assert document["credentialSubject"]["ttl"] == 30_000
    method = check_proof(document, key_of=lambda _method, _at: key.private.public_key())
    assert method == f"{ISSUER}#{key.id}"


def test_a_list_is_made_once_until_something_changes(client, database, signing, signed):
    first = client.get("/status/suspension-1")
    again = client.get("/status/suspension-1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        change(session, signing, signed[0].certificate_id, CertificateState.SUSPENDED)
    assert client.get("/status/suspension-1", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "path", ["revocation-0", "revocation-2", "suspension-99999999999999999999", "other-1", "suspension-x"]
)
def test_there_are_no_other_lists(client, signing, path):
    assert client.get(f"/status/{path}").status_code == 404


def test_entries_are_drawn_evenly_over_the_list(session):
    drawn = [draw_status_entry(session).index for _ in range(4000)]

    eighths = Counter(index * 8 // STATUS_LIST_LENGTH for index in drawn)
    statistic = sum((eighths[eighth] - 500) ** 2 / 500 for eighth in range(8))
    assert statistic < 35  # chi-square with 7 degrees of freedom: beyond it in one of 90,000 runs
    rising = sum(later > earlier for earlier, later in pairwise(drawn))
    assert 1850 < rising < 2150  # of 3999, an even chance each: 2000, more than eight deviations


def test_a_taken_entry_is_never_drawn_again(session, signing, signed, monkeypatch):
    wanted = iter([signed[0].status_index, signed[1].status_index, 77])
    monkeypatch.setattr(status_entries.secrets, "randbelow", lambda _below: next(wanted))

    entry = draw_status_entry(session)

    assert (entry.list, entry.index) == (1, 77)


def test_the_unique_constraint_refuses_the_second_of_two_that_drew_the_same(database, signed):
    with pytest.raises(IntegrityError), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        row = session.get_one(type(signed[0]), signed[0].id)
        row.status_index = signed[1].status_index


def test_no_list_is_given_more_than_half_of_its_entries(session):
    for size, number in ((0, 1), (FULL - 1, 1), (FULL, 2), (5 * FULL, 6)):
        session.execute(update(LogHead).values(size=size))
        assert draw_status_entry(session).list == number
    session.execute(update(LogHead).values(size=0))


def test_lists_are_asked_for_in_one_statement_over_all_organisations(session, signing, signed):
    assert list_set_bits(session, purpose=REVOCATION, number=1) == []
    change(session, signing, signed[0].certificate_id, CertificateState.REVOKED, at=AT + timedelta(hours=1))
    session.info.pop("assay.organisation_id")
    assert list_set_bits(session, purpose=REVOCATION, number=1) == [signed[0].status_index]
