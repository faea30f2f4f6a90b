"""The issuance log over HTTP: what a stranger fetches suffices to check it, and it names nobody."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from certificates.adapters.published_head import PUBLISHED
from certificates.domain.checkpoints import open_note
from certificates.domain.log_leaves import leaf_bytes
from certificates.domain.merkle import check_consistency, check_inclusion, leaf_hash, root_of
from certificates.models.log import LogCheckpoint, LogNode
from certificates.operations.published_log import resume_log
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.log_factories import AT, ORIGIN, by_hand, commitment_of, grow_at_once, grow_log, make_log_key

JSON = {"Accept": "application/json"}
LEAVES = [leaf_hash(leaf_bytes("credential", commitment_of(number), AT)) for number in range(10)]


@pytest.fixture
def public(database: Database) -> bytes:
    """A log of nine leaves; the last three came together."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        key = make_log_key(session)
        grow_log(session, 6)
        grow_at_once(session, 3, first=6)
    return key


def hashes(path: list[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in path]


def test_a_stranger_checks_the_whole_log_with_the_key_alone(client: FlaskClient, public):
    newest = client.get("/log/checkpoint")
    signed = open_note(newest.text, keys=[public])
    listed = client.get("/log/leaves?start=0&count=1000").json["leaves"]

    assert (signed.origin, signed.size) == (ORIGIN, 9)
    assert [leaf["index"] for leaf in listed] == list(range(9))
    assert all(leaf["at"] == "2026-11-21T10:00:00.000250Z" for leaf in listed)
    assert [leaf["leaf_hash"] for leaf in listed] == [leaf.hex() for leaf in LEAVES[:9]]
    assert root_of([bytes.fromhex(leaf["leaf_hash"]) for leaf in listed]) == signed.root


def test_every_proof_that_is_handed_out_checks(client: FlaskClient, public):
    for size in (1, 5, 9):
        root = root_of(LEAVES[:size])
        for index in range(size):
            told = client.get(f"/log/inclusion?index={index}&size={size}").json
            assert check_inclusion(LEAVES[index], index, size, hashes(told["path"]), root)
        for first in range(1, size + 1):
            told = client.get(f"/log/consistency?from={first}&to={size}").json
            assert check_consistency(first, size, root_of(LEAVES[:first]), root, hashes(told["path"]))


def test_one_leaf_as_json_proves_itself(client: FlaskClient, public):
    told = client.get("/log/leaves/4", headers=JSON).json

    signed = open_note(told["inclusion"]["checkpoint"], keys=[public])
    assert told["kind"] == "credential"
    assert told["commitment"] == commitment_of(4)
    assert check_inclusion(LEAVES[4], 4, signed.size, hashes(told["inclusion"]["path"]), signed.root)
    assert client.get("/log/leaves/4?format=json").json == told


def test_a_leaf_is_proved_in_an_earlier_tree_as_well(client: FlaskClient, public):
    told = client.get("/log/leaves/4?format=json&size=6").json
    between = client.get("/log/leaves/4?format=json&size=8").json

    assert open_note(told["inclusion"]["checkpoint"], keys=[public]).size == 6
    assert check_inclusion(LEAVES[4], 4, 6, hashes(told["inclusion"]["path"]), root_of(LEAVES[:6]))
    assert between["inclusion"]["checkpoint"] is None
    assert check_inclusion(LEAVES[4], 4, 8, hashes(between["inclusion"]["path"]), root_of(LEAVES[:8]))


def test_the_pages_say_it_to_people(client: FlaskClient, public):
    page = client.get("/log/").text
    leaf = client.get("/log/leaves/4").text

    assert root_of(LEAVES[:9]).hex() in page
    assert f"{ORIGIN}+" in page
    assert commitment_of(4) in leaf
    assert "As JSON" in leaf


def test_the_form_leads_to_the_leaf(client: FlaskClient, public):
    answer = client.get("/log/?index=4")

    assert answer.status_code == 303
    assert answer.location.endswith("/log/leaves/4")


def test_an_empty_log_says_so(client: FlaskClient):
    assert "The log is empty" in client.get("/log/").text
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/log/leaves?start=0&count=10").json == {"leaves": []}


def test_the_only_leaf_is_proved_by_itself(client: FlaskClient, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_log_key(session)
        grow_log(session, 1)

    assert "the only entry" in client.get("/log/leaves/0").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/log/checkpoint/6", 200),
        ("/log/checkpoint/8", 404),
        ("/log/checkpoint/99", 404),
        ("/log/checkpoint/99999999999999999999999", 404),
        ("/log/checkpoint/x", 404),
        ("/log/leaves/9", 404),
        ("/log/leaves/-1", 404),
        ("/log/leaves/99999999999999999999999", 404),
        ("/log/leaves/4?size=x", 422),
        ("/log/leaves/4?size=4", 422),
        ("/log/leaves/4?size=10", 404),
        ("/log/leaves", 422),
        ("/log/leaves?start=0&count=-1", 422),
        ("/log/leaves?start=0&count=99999999999999999999999", 404),
        ("/log/leaves?start=٣&count=1", 422),
        ("/log/inclusion", 422),
        ("/log/inclusion?index=0", 422),
        ("/log/inclusion?index=9&size=9", 422),
        ("/log/inclusion?index=0&size=10", 404),
        ("/log/inclusion?index=0&size=0", 422),
        ("/log/consistency?from=0&to=9", 422),
        ("/log/consistency?from=9&to=8", 422),
        ("/log/consistency?from=1&to=10", 404),
        ("/log/?index=one", 422),
    ],
)
def test_a_question_that_does_not_fit_is_told_so(client: FlaskClient, public, address, status):
    answer = client.get(address, headers=JSON)

    assert answer.status_code == status
    if status != 200:
        assert answer.json["message"]


def test_what_never_changes_may_be_kept_by_everybody_and_what_grows_for_seconds(client: FlaskClient, public):
    def caching(address: str) -> str:
        return client.get(address, headers=JSON).headers["Cache-Control"]

    for lasting in ("/log/checkpoint/6", "/log/inclusion?index=0&size=9", "/log/leaves?start=0&count=9"):
        assert "immutable" in caching(lasting)
    for passing in ("/log/checkpoint", "/log/leaves?start=0&count=10", "/log/leaves/4"):
        assert caching(passing) == "public, max-age=10"
    assert client.get("/log/checkpoint").headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/log/checkpoint").content_type == "text/plain; charset=utf-8"
    assert "Accept" in client.get("/log/leaves/4", headers=JSON).headers["Vary"]


def test_a_damaged_log_says_so_and_hands_out_no_proof(client: FlaskClient, database, public):
    with by_hand(database.engine) as session:
        session.execute(delete(LogNode))

    for address in ("/log/leaves/4", "/log/inclusion?index=4&size=9", "/log/consistency?from=4&to=9"):
        answer = client.get(address, headers=JSON)
        assert answer.status_code == 409
        assert "The log is damaged" in answer.json["message"]
    with by_hand(database.engine) as session:
        session.execute(delete(LogCheckpoint))
    assert client.get("/log/leaves/4").status_code == 409


def test_a_resumed_log_says_so_on_its_page(client: FlaskClient, app, database, public):
    published = app.extensions[PUBLISHED]
    note = published.read().replace("\n9\n", "\n99\n")
    published.replace(note, at=AT)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        resume_log(session, published=published, reason="The <disk> died.", actor="a test", at=AT)

    page = client.get("/log/").text

    assert "resumed from an older state of 9 entries" in page
    assert "The &lt;disk&gt; died." in page
