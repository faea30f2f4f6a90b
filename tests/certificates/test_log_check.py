"""`assay log check`: whatever is changed by hand, in any table or file, is named."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, literal, update
from sqlalchemy.sql.dml import UpdateBase

from certificates.adapters.checking import everything
from certificates.cli import log as commands
from lms import clock
from lms.db.base import Base
from tests.certificates.log_office import Office, edited
from tests.databases import drop_database

TABLES = Base.metadata.tables
ZEROS = "0" * 64


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory):
    office = Office(tmp_path_factory.mktemp("office"))
    yield office
    office.database.close()
    drop_database(office.url)


def change(name: str, values: dict[str, Any], **equal: object) -> UpdateBase:
    return update(TABLES[name]).where(*_equal(name, equal)).values(values)


def remove(name: str, **equal: object) -> UpdateBase:
    return TABLES[name].delete().where(*_equal(name, equal))


def _equal(name: str, equal: dict[str, object]) -> list[Any]:
    return [TABLES[name].c[column] == value for column, value in equal.items()]


def assert_named(office: Office, table: str, row: object, rule: str) -> None:
    """Among what is found is this row, with this rule."""
    is_of_tree = table in {"log_head", "log_node", "log_checkpoint", "published head"}
    findings = office.check_tree() if is_of_tree else office.check()
    named = [each for each in findings.kept if each.table == table and str(row) in each.row and rule in each.rule]
    assert named, "\n".join(map(str, findings.kept)) or "nothing was found"
    assert all(each.expected != each.found for each in named)


def test_an_untouched_log_holds(office):
    findings = office.check()

    assert not findings.kept
    assert dict(findings.checked) == {
        "log_leaf": 9,
        "log_node": 7,
        "log_checkpoint": 9,
        "certificate": 4,
        "credential": 5,
        "state_change": 4,
        "certificate_file": 3,
    }


LOG: dict[str, tuple[UpdateBase, str, object, str]] = {
    "a leaf's commitment": (change("log_leaf", {"commitment": ZEROS}, index=3), "log_leaf", 3, "hash is not that"),
    "a leaf's hash": (change("log_leaf", {"leaf_hash": ZEROS}, index=3), "log_leaf", 3, "hash is not that"),
    "a leaf's kind": (change("log_leaf", {"kind": "state"}, index=3), "log_leaf", 3, "hash is not that"),
    "the last leaf's hash": (change("log_leaf", {"leaf_hash": ZEROS}, index=8), "log_leaf", 8, "hash is not that"),
    "a leaf is gone": (remove("log_leaf", index=3), "log_leaf", 3, "a leaf is missing"),
    "the last leaf is gone": (remove("log_leaf", index=8), "log_checkpoint", 9, "leaves below it are missing"),
    "a node": (change("log_node", {"hash": ZEROS}, level=1, index=2), "log_node", "level 1, index 2", "two below it"),
    "the top node": (change("log_node", {"hash": ZEROS}, level=3), "log_node", "level 3, index 0", "two below it"),
    "a node is gone": (remove("log_node", level=1, index=0), "log_node", "level 1, index 0", "two below it"),
    "a node too many": (
        insert(TABLES["log_node"]).values(level=5, index=0, hash=ZEROS),
        "log_node",
        "level 5",
        "more nodes than the leaves make",
    ),
    "a checkpoint's root": (change("log_checkpoint", {"root": ZEROS}, size=4), "log_checkpoint", 4, "root is not that"),
    "a checkpoint's note": (change("log_checkpoint", {"note": "hello"}, size=4), "log_checkpoint", 4, "cannot be read"),
    "the last checkpoint is gone": (
        remove("log_checkpoint", size=9),
        "log_checkpoint",
        9,
        "newest checkpoint is missing",
    ),
    "a checkpoint that a credential carries is gone": (
        remove("log_checkpoint", size=1),
        "credential",
        "",
        "carries another checkpoint",
    ),
    "the head": (change("log_head", {"size": 8}), "log_head", 1, "not as long as its head"),
}


@pytest.mark.parametrize(("statement", "table", "row", "rule"), LOG.values(), ids=LOG.keys())
def test_a_change_of_the_log_is_named(office, statement, table, row, rule):
    with office.changed(statement):
        assert_named(office, table, row, rule)


def test_whatever_else_a_row_says_is_looked_at(office):
    row, [log_key] = office.the_credential(), office.rows("signing_key", purpose="log")
    [file] = office.rows("certificate_file", certificate_id=office.plain)
    another = uuid4()
    for name, column, value, equal in (
        ("log_leaf", "at", row["intended_at"].replace(year=2025), {"index": 3}),
        ("log_checkpoint", "at", row["intended_at"].replace(year=2025), {"size": 4}),
        ("log_checkpoint", "key_id", row["key_id"], {"size": 4}),
        ("credential", "number", 7, {"id": row["id"]}),
        ("credential", "status_list", 7, {"id": row["id"]}),
        ("certificate", "achievement_version_id", another, {"id": office.plain}),
        ("certificate", "attempt_id", another, {"id": office.plain}),
        ("certificate", "cut_score", literal(0.01), {"id": office.plain}),
        ("certificate", "skills", [{"skill": "x"}], {"id": office.plain}),
        ("state_change", "at", row["intended_at"].replace(year=2025), {"certificate_id": office.suspended}),
        ("certificate_file", "credential_id", another, {"certificate_id": office.plain}),
        ("certificate_file", "sha256", file["sha256"][::-1], {"certificate_id": office.plain}),
        ("signing_key", "public_jwk", {"x": "?"}, {"id": log_key["id"]}),
        ("signing_key", "public_jwk", {}, {"id": row["key_id"]}),
        ("signing_key", "x509", "no certificate", {"id": row["document_key_id"]}),
    ):
        with office.changed(change(name, {column: value}, **equal)):
            assert office.check(at=clock.now() + timedelta(hours=1)).total, f"{name}.{column}"


def test_a_leaf_changed_by_hand_is_the_only_row_that_is_named_in_the_tree(office):
    for column in ("commitment", "leaf_hash"):
        with office.changed(change("log_leaf", {column: ZEROS}, index=4)):
            assert [(each.table, each.row) for each in office.check_tree().kept] == [("log_leaf", "4")]


def test_a_leaf_replaced_together_with_its_hash_is_named(office):
    [other] = office.rows("log_leaf", index=5)
    with office.changed(change("log_leaf", {key: other[key] for key in ("commitment", "leaf_hash", "at")}, index=4)):
        assert_named(office, "log_checkpoint", 5, "root is not that")


def test_a_signature_by_another_key_is_named(office):
    [row] = office.rows("log_checkpoint", size=4)
    text, _, line = row["note"].rpartition("\u2014")
    forged = f"{text}\u2014{line[:-20]}{'A' * 16}{line[-4:]}"
    with office.changed(change("log_checkpoint", {"note": forged}, size=4)):
        assert_named(office, "log_checkpoint", 4, "signature does not hold")


def test_an_older_state_of_the_whole_log_is_told_from_what_was_published(office):
    rewound = [
        remove("log_leaf", index=8),
        remove("log_checkpoint", size=9),
        change("log_head", {"size": 8}),
    ]
    with office.changed(*rewound):
        assert_named(office, "published head", 9, "shorter than it was when it was published")


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (lambda note: "hello", "cannot be read"),
        (lambda note: note.replace("\n9\n", "\n12\n"), "shorter than it was"),
        (lambda note: note.replace("\n9\n", "\n8\n"), "not of this tree"),
    ],
)
def test_another_published_head_is_named(office, edit, rule):
    with office.with_published(edit(office.published.read())):
        assert_named(office, "published head", "", rule)


def rename(document: dict) -> None:
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Mallory"


def add_a_member(document: dict) -> None:
    document["note"] = "not signed"


def spoil_the_proof(document: dict) -> None:
    value = document["proof"][0]["proofValue"]
    document["proof"][0]["proofValue"] = value[:-1] + ("2" if value[-1] != "2" else "3")


def another_path(document: dict) -> None:
    lines = document["evidence"][0]["narrative"].split("\n")
    lines[3] = "A" * 43 + "="
    document["evidence"][0]["narrative"] = "\n".join(lines)


def another_index(document: dict) -> None:
    evidence = document["evidence"][0]
    evidence["narrative"] = evidence["narrative"].replace("\nindex ", "\nindex 1")


def no_evidence(document: dict) -> None:
    del document["evidence"]


CREDENTIAL: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "the salt": (lambda row: {"salt": ZEROS}, "commitment is not that of salt and content"),
    "a salt that is none": (lambda row: {"salt": "x" * 64}, "commitment is not that of salt and content"),
    "the content": (lambda row: {"content": edited(row["content"], rename)}, "commitment is not that of salt"),
    "content and document": (
        lambda row: {name: edited(row[name], rename) for name in ("content", "document")},
        "its signature does not hold",
    ),
    "the commitment": (lambda row: {"commitment": ZEROS}, "its leaf commits to something else"),
    "the leaf": (lambda row: {"leaf_index": 77}, "it has no leaf in the log"),
    "the instant": (lambda row: {"intended_at": row["signed_at"].replace(year=2025)}, "leaf is of another instant"),
    "the document": (lambda row: {"document": edited(row["document"], rename)}, "not what was committed to"),
    "a document with more": (lambda row: {"document": edited(row["document"], add_a_member)}, "not what was committed"),
    "the proof": (lambda row: {"document": edited(row["document"], spoil_the_proof)}, "its signature does not hold"),
    "the path": (lambda row: {"document": edited(row["document"], another_path)}, "does not lead to the root"),
    "the index": (lambda row: {"document": edited(row["document"], another_index)}, "names another leaf"),
    "no evidence": (lambda row: {"document": edited(row["document"], no_evidence)}, "has no proof of inclusion"),
    "no document": (lambda row: {"document": "[1, 2"}, "document cannot be read"),
    "the token": (lambda row: {"jwt": row["jwt"][:-6] + "AAAAAA"}, "its signature does not hold"),
    "no token": (lambda row: {"jwt": "a.b.c"}, "its signature does not hold"),
    "the key": (lambda row: {"key_id": row["document_key_id"]}, "names no key that may sign it"),
    "the token's key": (lambda row: {"document_key_id": row["key_id"]}, "names no key that may sign it"),
    "the place in the status list": (lambda row: {"status_index": row["status_index"] ^ 1}, "place in the status list"),
}


@pytest.mark.parametrize(("values", "rule"), CREDENTIAL.values(), ids=CREDENTIAL.keys())
def test_a_change_of_a_credential_is_named(office, values, rule):
    row = office.the_credential()
    with office.changed(change("credential", values(row), id=row["id"])):
        assert_named(office, "credential", row["id"], rule)


def test_a_token_of_another_credential_is_named(office):
    row, other = office.the_credential(), office.rows("credential", certificate_id=office.suspended)[0]
    with office.changed(change("credential", {"jwt": other["jwt"]}, id=row["id"])):
        assert_named(office, "credential", row["id"], "its signature does not hold")


def test_a_credential_that_is_gone_leaves_a_leaf_and_a_certificate_without_one(office):
    row = office.rows("credential", certificate_id=office.suspended)[0]
    with office.changed(remove("credential", id=row["id"])):
        assert_named(office, "log_leaf", row["leaf_index"], "nothing that was logged refers to it")
        assert_named(office, "certificate", office.suspended, "it was never signed")


def test_the_first_credential_made_current_again_is_named(office):
    of_plain = {"certificate_id": office.plain}
    with office.changed(
        change("credential", {"is_current": False}, **of_plain, number=2),
        change("credential", {"is_current": True}, **of_plain, number=1),
    ):
        assert_named(office, "certificate", office.plain, "another credential is current than the last")


CERTIFICATE: dict[str, tuple[dict[str, Any], str]] = {
    "the name": ({"holder_name": "Mallory"}, "its holder_name is not what was signed"),
    "the score": ({"score": literal(0.99)}, "its score is not what was signed"),
    "the skills": ({"skills": []}, "its skills is not what was signed"),
    "the state": ({"state": "revoked", "state_reason": "I say so"}, "state is not the one that was logged"),
}


@pytest.mark.parametrize(("values", "rule"), CERTIFICATE.values(), ids=CERTIFICATE.keys())
def test_a_change_of_a_certificate_is_named(office, values, rule):
    with office.changed(change("certificate", values, id=office.plain)):
        assert_named(office, "certificate", office.plain, rule)


def test_other_dates_are_named(office):
    [row] = office.rows("certificate", id=office.plain)
    for column in ("issued_at", "valid_until"):
        later = row[column].replace(year=row[column].year + (1 if column == "valid_until" else -1))
        with office.changed(change("certificate", {column: later}, id=office.plain)):
            assert_named(office, "certificate", office.plain, f"its {column} is not what was signed")


def test_a_certificate_of_somebody_else_is_named(office):
    with office.changed(change("certificate", {"person_id": office.erased_person}, id=office.plain)):
        assert_named(office, "certificate", office.plain, "its attempt is somebody else's")


def test_a_suspension_lifted_by_hand_is_named(office):
    with office.changed(change("certificate", {"state": "valid", "state_reason": None}, id=office.suspended)):
        assert_named(office, "certificate", office.suspended, "state is not the one that was logged")
    with office.changed(change("certificate", {"state_reason": "Nothing much"}, id=office.suspended)):
        assert_named(office, "certificate", office.suspended, "reason is not the one that was logged")


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"reason": "Something else"}, "commitment is not that of salt and statement"),
        ({"salt": ZEROS}, "commitment is not that of salt and statement"),
        ({"salt": None}, "its salt is missing"),
        ({"commitment": ZEROS}, "its leaf commits to something else"),
        ({"leaf_index": 77}, "it has no leaf in the log"),
        ({"number": 3}, "a change is missing before it"),
    ],
)
def test_a_change_of_what_happened_is_named(office, values, rule):
    with office.changed(change("state_change", values, certificate_id=office.suspended)):
        assert_named(office, "state_change", office.suspended, rule)


def test_a_change_of_state_that_is_gone_is_named(office):
    with office.changed(remove("state_change", certificate_id=office.reinstated, number=1)):
        assert_named(office, "state_change", office.reinstated, "a change is missing before it")


def test_an_erased_certificate_brought_back_is_named(office):
    back = {"state": "valid", "state_reason": None, "holder_name": "Erased"}
    with office.changed(change("certificate", back, id=office.erased)):
        assert_named(office, "certificate", office.erased, "state is not the one that was logged")


def test_an_attempt_that_did_not_pass_is_named(office):
    [row] = office.rows("certificate", id=office.plain)
    with office.changed(change("attempt", {"score": literal(0.1)}, id=row["attempt_id"])):
        assert_named(office, "certificate", office.plain, "its attempt did not pass")
    with office.changed(change("attempt", {"has_passed": False}, id=row["attempt_id"])):
        assert_named(office, "certificate", office.plain, "its attempt did not pass")


def test_another_achievement_is_named(office):
    with office.changed(change("achievement_version", {"name": "Admiral"})):
        assert_named(office, "certificate", office.plain, "its achievement is not what was signed")


def test_keys_exchanged_by_hand_are_named(office):
    for purpose, table in (("log", "log_checkpoint"), ("credential", "credential"), ("document", "credential")):
        [key] = office.rows("signing_key", purpose=purpose)
        jwk = json.loads(json.dumps(key["public_jwk"]))
        [other] = office.rows("signing_key", purpose="credential" if purpose == "log" else "log")
        jwk |= {"x": other["public_jwk"]["x"]} if purpose != "document" else {"x": jwk["y"], "y": jwk["x"]}
        with office.changed(change("signing_key", {"public_jwk": jwk}, id=key["id"])):
            assert_named(office, table, "", "signature does not hold")


def test_a_file_that_is_not_what_it_was_is_named(office):
    [row] = office.rows("certificate_file", certificate_id=office.plain)
    path = office.folder / "certificates" / f"{row['sha256']}.pdf"
    content = path.read_bytes()
    try:
        path.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
        assert_named(office, "certificate_file", office.plain, "the file is not what it was")
        path.unlink()
        assert_named(office, "certificate_file", office.plain, "the file is missing")
    finally:
        path.write_bytes(content)


def test_the_file_of_another_certificate_is_named(office):
    [other] = office.rows("certificate_file", certificate_id=office.suspended)
    values = {"sha256": other["sha256"], "byte_count": other["byte_count"]}
    with office.changed(change("certificate_file", values, certificate_id=office.plain)):
        assert_named(office, "certificate_file", office.plain, "it holds another credential")
    with office.changed(change("certificate_file", {"byte_count": 1}, certificate_id=office.plain)):
        assert_named(office, "certificate_file", office.plain, "its length is another")


def test_what_is_on_its_way_is_no_finding(office):
    renamed = change("certificate", {"holder_name": "Ada L."}, id=office.plain)
    with office.changed(renamed):
        assert_named(office, "certificate", office.plain, "its holder_name is not what was signed")
    waits = {"topic": "certificate.issue", "payload": {"certificate_id": office.plain}, "delivered_at": None}
    [message, *_] = office.rows("outbox_message")
    with office.changed(renamed, change("outbox_message", waits, id=message["id"])):
        assert not office.check().kept


def test_a_quick_check_looks_at_all_but_signatures_and_the_insides_of_files(office):
    row = office.the_credential()
    assert not office.check(is_quick=True).kept
    with office.changed(change("credential", {"jwt": row["jwt"][:-6] + "AAAAAA"}, id=row["id"])):
        assert not office.check(is_quick=True).kept
    with office.changed(change("credential", {"document": edited(row["document"], rename)}, id=row["id"])):
        assert office.check(is_quick=True).kept
    with office.changed(change("certificate_file", {"sha256": ZEROS}, certificate_id=office.plain)):
        assert office.check(is_quick=True).kept


def test_the_checker_shares_nothing_with_what_wrote_the_evidence():
    imports = [
        line.split()[1]
        for path in Path(everything.__file__).parent.glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("from certificates", "import certificates"))
    ]
    allowed = ("certificates.adapters.checking", "certificates.adapters.linked_data", "certificates.adapters.pdf")

    assert imports
    assert [name for name in imports if not name.startswith(allowed)] == []


def test_the_command_tells_people_and_programs(office):
    runner = office.app.test_cli_runner()

    told = runner.invoke(commands.log, ["check"], obj=office.app)
    as_json = runner.invoke(commands.log, ["check", "--json"], obj=office.app)

    assert told.exit_code == as_json.exit_code == 0
    assert told.output.endswith("Everything holds.\n")
    assert json.loads(as_json.stdout)["holds"] is True


def test_the_command_ends_with_1_and_names_the_row(office):
    runner = office.app.test_cli_runner()
    with office.changed(change("log_leaf", {"commitment": ZEROS}, index=3)):
        told = runner.invoke(commands.log, ["check"], obj=office.app)
        as_json = json.loads(runner.invoke(commands.log, ["check", "--json"], obj=office.app).stdout)

    assert told.exit_code == 1
    assert "log_leaf 3: the leaf's hash is not that of its kind, commitment and instant. Expected " in told.output
    assert as_json["holds"] is False
    assert {"table": "log_leaf", "row": "3"}.items() <= as_json["findings"][0].items()


def test_the_log_is_resumed_by_command_with_a_reason(office):
    runner = office.app.test_cli_runner()
    note = office.published.read()
    refused = runner.invoke(commands.log, ["resume", "--reason", "For fun"], obj=office.app)
    with office.with_published(note.replace("\n9\n", "\n12\n")):
        resumed = runner.invoke(commands.log, ["resume", "--reason", "The disk died"], obj=office.app)
        assert office.published.read() == note

    assert "nothing to resume" in str(refused.exception)
    assert "goes on from 9 leaves" in resumed.output
    assert [event["details"]["reason"] for event in office.rows("audit_event", action="log.resumed")] == [
        "The disk died"
    ]
