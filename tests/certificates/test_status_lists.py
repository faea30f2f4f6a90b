"""Status lists say which credentials are revoked or suspended, and not which one somebody asks about."""

import gzip
import json
from base64 import urlsafe_b64decode
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from certificates.adapters.data_integrity import check_proof
from certificates.domain.issuer import did_of
from certificates.domain.standing import CertificateState
from certificates.domain.status_list import LENGTH, StatusPurpose, decode_bits, encode_bits
from certificates.models.certificates import Certificate
from certificates.models.credentials import STATUS_LIST_LENGTH, Credential
from certificates.models.keys import KeyPurpose
from certificates.models.status_lists import FULL, StatusList
from certificates.operations import status_entries
from certificates.operations.personal_data import erase_certificates
from certificates.operations.status_entries import draw_status_entry
from certificates.queries.status_lists import list_set_bits
from certificates.web.public import status
from lms.db.scope import enter_organisation
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from tests.certificates.factories import AT, BASE_URL
from tests.certificates.held import change, make_credential, make_held, make_signing
from tests.statements import counted

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


def bits(client, signed, purpose):
    number = signed[0].status_list
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
    assert bits(client, signed, REVOCATION) == bits(client, signed, SUSPENSION) == set()

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        change(session, signing, first.certificate_id, CertificateState.REVOKED)
        change(session, signing, second.certificate_id, CertificateState.SUSPENDED)
        change(session, signing, third.certificate_id, CertificateState.SUPERSEDED)

    assert bits(client, signed, REVOCATION) == {first.status_index, third.status_index}
    assert bits(client, signed, SUSPENSION) == {first.status_index, second.status_index, third.status_index}
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        change(session, signing, second.certificate_id, CertificateState.VALID)
    assert bits(client, signed, SUSPENSION) == bits(client, signed, REVOCATION)


def test_a_credential_that_another_one_replaced_counts_as_revoked(client, database, signing, signed):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_credential(session, signed[0].certificate_id, signing)

    assert bits(client, signed, REVOCATION) == {signed[0].status_index}


def test_what_is_not_signed_yet_counts_as_what_it_will_be(client, database, signing, signed):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        unsigned = {"is_current": False, "state": "intended", "document": None, "jwt": None}
        session.execute(update(Credential).where(Credential.id == signed[0].id).values(unsigned))

    assert bits(client, signed, REVOCATION) == set()


def test_a_list_is_looked_up_anew_after_a_while_also_when_the_log_stays(client, database, signing, signed, monkeypatch):
    assert bits(client, signed, REVOCATION) == set()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(Credential).where(Credential.id == signed[0].id).values(is_current=False))
    assert bits(client, signed, REVOCATION) == set()

    monkeypatch.setattr(status, "PATIENCE", 0)

    assert bits(client, signed, REVOCATION) == {signed[0].status_index}
    assert status.MAX_AGE + 20 < 60


def test_an_erased_certificate_stays_revoked(client, database, signing, signed):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = session.get_one(Certificate, signed[0].certificate_id).person_id
        erase_certificates(session, person_id=person_id, signing=signing, at=AT)

    assert bits(client, signed, REVOCATION) == {signed[0].status_index}


def test_a_list_is_a_signed_credential_that_may_be_kept_for_half_a_minute(client, database, signing, signed):
    path = f"/status/revocation-{signed[0].status_list}"
    answer = client.get(path)
    document = json.loads(answer.data)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        key = signing.keys.active(session, KeyPurpose.CREDENTIAL)

    assert answer.mimetype == "application/vc"
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    assert document["id"] == BASE_URL + path
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert document["issuer"] == ISSUER
    assert document["credentialSubject"]["statusPurpose"] == "revocation"
    assert document["credentialSubject"]["ttl"] == 30_000
    method = check_proof(document, key_of=lambda _method, _at: key.private.public_key())
    assert method == f"{ISSUER}#{key.id}"


def test_a_list_is_made_once_until_something_changes(client, database, signing, signed):
    path = f"/status/suspension-{signed[0].status_list}"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        change(session, signing, signed[0].certificate_id, CertificateState.SUSPENDED)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["revocation-0", "revocation-2147483647", "suspension-99999999999999999999", "other-1", "suspension-x"],
)
def test_there_are_no_other_lists(client, signed, path):
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

    assert (entry.list, entry.index) == (signed[0].status_list, 77)


def test_the_unique_constraint_refuses_the_second_of_two_that_drew_the_same(database, signed):
    with pytest.raises(IntegrityError), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        row = session.get_one(type(signed[0]), signed[0].id)
        row.status_index = signed[1].status_index


def test_no_list_is_given_more_than_half_of_its_entries(session):
    first = draw_status_entry(session).list
    session.execute(update(StatusList).values(taken=FULL - 1))
    assert draw_status_entry(session).list == first

    second = draw_status_entry(session).list

    assert second != first
    assert draw_status_entry(session).list == second
    assert dict(session.execute(select(StatusList.number, StatusList.taken)).all()) == {first: FULL, second: 2}


def test_the_database_refuses_a_second_list_with_room_and_one_that_is_too_full(database, session):
    session.add(StatusList(organisation_id=PUBLIC_ORGANISATION_ID, taken=0))
    session.flush()

    for taken in (5, FULL + 1):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(StatusList(organisation_id=PUBLIC_ORGANISATION_ID, taken=taken))
            session.flush()


def test_each_organisation_signs_lists_of_its_own(client, database, app, signing):
    made = {}
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        made["public"] = make_credential(session, make_held(session)[0].id, signing)
    with database.transaction() as session:
        vendor = Organisation(id=uuid4(), slug="ferry-watch", name="Ferry Watch", created_at=AT)
        session.add(vendor)
        session.flush()
        enter_organisation(session, vendor.id)
        made["ferry-watch"] = make_credential(session, make_held(session)[0].id, signing)

    assert made["public"].status_list != made["ferry-watch"].status_list
    for slug, credential in made.items():
        document = json.loads(client.get(f"/status/suspension-{credential.status_list}").data)
        issuer = did_of(BASE_URL, slug, is_public=slug == "public")
        assert document["issuer"] == issuer
        assert document["proof"]["verificationMethod"].startswith(f"{issuer}#")


def test_of_many_that_open_a_list_at_once_one_does(database):
    """On PostgreSQL they do so side by side; SQLite lets one after the other."""

    def draw(_number):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return draw_status_entry(session).list

    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(draw, range(8)))

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        rows = session.execute(select(StatusList.number, StatusList.taken)).all()
    assert rows == [(drawn[0], 8)]
    assert set(drawn) == {drawn[0]}


def test_a_list_is_read_in_one_statement_whoever_its_entries_belong_to(database, signing, signed):
    number = signed[0].status_list
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        change(session, signing, signed[0].certificate_id, CertificateState.REVOKED, at=AT + timedelta(hours=1))

    with database.reading() as session, counted(database) as sent:
        assert list_set_bits(session, purpose=REVOCATION, number=number) == [signed[0].status_index]
    assert len(sent) == 1
