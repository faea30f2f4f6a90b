"""The command `assay verify`: its status, its words, its JSON, and what offline may not touch."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from certificates.adapters.canonical_json import canonical
from certificates.domain.standing import CertificateState
from certificates.domain.verdicts import FORMAT
from certificates.models.credentials import Credential
from lms.config import Settings
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.at_work import decide, sign_all
from tests.certificates.baked import PICTURE, WAYS
from tests.certificates.factories import make_office, make_view, qualify
from tests.certificates.issuer_at_hand import IssuerAtHand
from wsgi import cli, create_app

ROOT = Path(__file__).parents[2]
ISSUER = IssuerAtHand()
# Refuses whatever reaches out of the process but files and the jail of the PDF reader.
GUARD = """
import sys

def refuse(event, arguments):
    if event.startswith("socket.") or event.startswith("sqlite3."):
        raise RuntimeError(f"{event} {arguments}")

sys.addaudithook(refuse)
from wsgi import main
main()
"""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return ISSUER.print()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the issuer's pinned keys, a valid credential and others."""
    (tmp_path / "did.json").write_text(json.dumps(ISSUER.did_document))
    document = ISSUER.sign(ISSUER.content(make_view(holder_name="Ada \x1b[31mRed")))
    (tmp_path / "valid.json").write_bytes(canonical(document))
    (tmp_path / "altered.json").write_bytes(canonical(document | {"name": "Master of Everything"}))
    (tmp_path / "unknown.json").write_bytes(canonical(IssuerAtHand(base_url="https://mill.example").sign()))
    (tmp_path / "expired.json").write_bytes(canonical(_expired()))
    (tmp_path / "garbage.json").write_bytes(b"garbage")
    (tmp_path / "without.png").write_bytes(PICTURE)
    return tmp_path


def _expired() -> dict[str, Any]:
    view = make_view()
    return ISSUER.sign(ISSUER.content(replace(view, valid_until=view.issued_at.replace(hour=view.issued_at.hour + 1))))


def offline(folder: Path, *arguments: str, stdin: bytes | None = None, trust: Path | None = None) -> Any:
    """Run the command where neither the network nor any database can be reached."""
    data_dir = folder / "data"
    if trust is not None:
        (data_dir / "trust").mkdir(parents=True)
        (data_dir / "trust" / "issuer.json").write_bytes(trust.read_bytes())
    environment = {
        **os.environ,
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": "postgresql://nobody:nothing@192.0.2.1:1/none",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, "-c", GUARD, "verify", "--offline", *arguments],
        env=environment,
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=False,
    )


@pytest.fixture
def assay(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Run a command on the application under test."""
    monkeypatch.setattr("wsgi.create_app", lambda: app)

    def run(*arguments: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(cli, arguments, input=stdin, catch_exceptions=False)

    return run


@pytest.mark.parametrize(
    ("name", "status", "outcome"),
    [
        ("valid", 0, "valid"),
        ("altered", 1, "altered"),
        ("expired", 1, "expired"),
        ("garbage", 2, "unreadable"),
        ("unknown", 3, "unknown-issuer"),
    ],
)
def test_the_status_tells_the_outcome(assay, folder: Path, name: str, status: int, outcome: str):
    keys = "--keys", str(folder / "did.json")

    told = assay("verify", str(folder / f"{name}.json"), "--offline", *keys, "--json")
    said = assay("verify", str(folder / f"{name}.json"), "--offline", *keys)

    assert (told.exit_code, said.exit_code) == (status, status)
    assert json.loads(told.output)["outcome"] == outcome
    assert json.loads(told.output)["format"] == FORMAT
    assert said.output.splitlines()[0] == outcome.upper()


@pytest.mark.parametrize(
    ("name", "status", "outcome"),
    [("valid", 0, "valid"), ("altered", 1, "altered"), ("expired", 1, "expired"), ("unknown", 3, "unknown-issuer")],
)
@pytest.mark.parametrize(("way", "kind"), [("our PNG", "png"), ("our SVG", "svg")])
def test_a_badge_has_the_status_of_the_credential_in_it(assay, folder: Path, way, kind, name, status, outcome):
    (folder / "badge").write_bytes(WAYS[way]((folder / f"{name}.json").read_text()))

    done = assay("verify", str(folder / "badge"), "--offline", "--keys", str(folder / "did.json"), "--json")

    told = json.loads(done.output)
    assert (done.exit_code, told["outcome"], told["kind"]) == (status, outcome, kind)


def test_a_picture_without_a_credential_is_unreadable_and_says_what_was_expected(assay, folder: Path):
    done = assay("verify", str(folder / "without.png"), "--offline", "--keys", str(folder / "did.json"))

    assert done.exit_code == 2
    assert "This picture (PNG) holds no credential; expected a badge" in done.output


@pytest.mark.parametrize("kind", ["pdf", "png", "svg"])
def test_offline_touches_neither_network_nor_database(folder: Path, pdf: bytes, kind: str):
    document = (folder / "valid.json").read_text()
    content = pdf if kind == "pdf" else WAYS[f"our {kind.upper()}"](document)
    (folder / "certificate").write_bytes(content)

    done = offline(folder, "certificate", "--keys", "did.json", "--json")

    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert (told["outcome"], told["kind"]) == ("valid", kind)
    assert {check["name"]: check["result"] for check in told["checks"]}["state"] == "not-made"


def test_keys_may_lie_where_the_installation_keeps_its_data(folder: Path):
    done = offline(folder, "-", stdin=(folder / "valid.json").read_bytes(), trust=folder / "did.json")

    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.startswith(b"VALID\n")


def test_without_any_key_it_says_how_to_get_one(folder: Path):
    done = offline(folder, "valid.json")

    assert done.returncode == 2
    assert b"/.well-known/did.json" in done.stderr


@pytest.mark.parametrize("content", ["", "{}", "[]", "not JSON", '{"id": "did:web:x", "verificationMethod": []}'])
def test_a_file_that_pins_no_keys_is_refused(assay, folder: Path, content: str):
    (folder / "wrong.json").write_text(content)

    done = assay("verify", "--offline", "--keys", str(folder / "wrong.json"), str(folder / "valid.json"))

    assert done.exit_code == 2
    assert "pins no keys" in done.output


@pytest.mark.parametrize("arguments", [[], ["no-such-file.pdf"], ["--keys", "did.json", "valid.json"]])
def test_wrong_use_has_status_2(assay, folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]):
    monkeypatch.chdir(folder)

    assert assay("verify", *arguments).exit_code == 2


def test_a_terminal_is_not_written_on_by_a_name(assay, folder: Path):
    done = assay("verify", str(folder / "valid.json"), "--offline", "--keys", str(folder / "did.json"))

    assert "\x1b" not in done.output
    assert "Ada \N{REPLACEMENT CHARACTER}[31mRed" in done.output


def test_online_the_records_of_the_installation_count(
    app: Flask, assay, database: Database, monkeypatch: pytest.MonkeyPatch
):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        qualify(session)
    sign_all(app, monkeypatch)
    with database.reading() as session:
        credential = session.scalars(select(Credential)).one()
    document = credential.document.encode()

    before = assay("verify", "-", stdin=document)
    decide(app, database, credential.certificate_id, CertificateState.REVOKED)
    after = assay("verify", "-", "--json", stdin=document)

    assert before.exit_code == 0, before.output
    assert "not-made" not in before.output
    assert after.exit_code == 1
    assert json.loads(after.output)["outcome"] == "revoked"


def test_records_that_cannot_be_read_are_told_so(folder: Path, monkeypatch: pytest.MonkeyPatch):
    empty = create_app(Settings(folder, f"sqlite:///{folder}/none.db", "http://127.0.0.1:8000", "a secret"))
    monkeypatch.setattr("wsgi.create_app", lambda: empty)

    done = CliRunner().invoke(cli, ["verify", str(folder / "valid.json")])

    assert done.exit_code == 2
    assert "--offline" in done.output
