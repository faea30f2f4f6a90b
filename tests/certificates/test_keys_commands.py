"""The commands for keys, and the secret under which keys are sealed."""

import stat

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from certificates.cli.keys import keys
from certificates.models.credentials import ISSUE_TOPIC
from certificates.models.keys import KeyPurpose, KeyState, SigningKey
from lms.config import Settings, read_settings
from lms.errors import NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.models import OutboxMessage
from tests.certificates.held import make_credential, make_held, make_signing


@pytest.fixture
def run(app):
    def run(*words: str, says: str | None = None) -> Result:
        return CliRunner().invoke(keys, list(words), obj=app, input=says)

    return run


def active(database, app, purpose: KeyPurpose) -> str:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return app.extensions["assay.keys"].active(session, purpose).id


def test_keys_are_made_listed_and_taken_over(run, app, database):
    assert "no keys yet" in run("list").output
    assert run("make", "--development").output.count("Made ") == len(KeyPurpose)
    assert "Every purpose has its key" in run("make").output
    before = active(database, app, KeyPurpose.CREDENTIAL)

    assert "signs from now on" in run("rotate", "credential").output

    assert active(database, app, KeyPurpose.CREDENTIAL) != before
    lines = run("list").output.splitlines()
    assert [line.startswith(before) for line in lines] == [False] * len(KeyPurpose) + [True]
    assert "retired" in lines[-1]
    assert "development" in lines[-1]


def test_a_key_that_was_stolen_is_distrusted_and_replaced_and_what_it_signed_is_signed_anew(run, app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        [certificate] = make_held(session)
        signing = make_signing(session, app)
        stolen = signing.keys.active(session, KeyPurpose.CREDENTIAL).id
        make_credential(session, certificate.id, signing).key_id = stolen

    result = run("distrust", stolen, "--since", "2026-11-01", "--reason", "A laptop was stolen.", says="y\n")

    assert result.exit_code == 0, result.output
    assert "signs 1 certificates anew" in result.output
    assert active(database, app, KeyPurpose.CREDENTIAL) != stolen
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.get_one(SigningKey, stolen).state is KeyState.COMPROMISED
        asked = session.scalars(select(OutboxMessage).where(OutboxMessage.topic == ISSUE_TOPIC))
        assert [one.payload["certificate_id"] for one in asked if one.payload["cause"] == "keys"] == [certificate.id]


def test_signing_anew_can_be_left_for_later(run, app, database):
    run("make")
    key_id = active(database, app, KeyPurpose.DOCUMENT)

    assert "anew" not in run("distrust", key_id, "--reason", "Because.", "--sign-nothing").output
    assert "signs 0 certificates anew" in run("sign-anew", key_id).output


def test_a_key_that_is_none_is_refused(run):
    assert isinstance(run("sign-anew", "log-nobody").exception, NotFound)
    assert isinstance(run("distrust", "log-nobody", "--reason", "Because.").exception, NotFound)


def test_an_installation_makes_its_own_secret_for_keys_and_keeps_it(tmp_path):
    first, second = (read_settings({"DATA_DIR": str(tmp_path)}) for _ in range(2))
    path = tmp_path / "signing-secret"

    assert first.signing_secret == second.signing_secret == path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    assert first.signing_secret != first.secret_key


def test_the_secret_can_be_given(tmp_path):
    settings = read_settings({"DATA_DIR": str(tmp_path), "SIGNING_SECRET": "xyzzy-plugh"})

    assert settings.signing_secret == "xyzzy-plugh"
    assert not (tmp_path / "signing-secret").exists()
    assert "xyzzy-plugh" not in repr(settings)
    assert settings.secret_key not in repr(settings)


@pytest.mark.parametrize(
    ("base_url", "host"),
    [("https://assay.example", "assay.example"), ("http://127.0.0.1:8000", "127.0.0.1"), ("http://[::1]:80", "::1")],
)
def test_an_installation_is_named_after_its_host(tmp_path, base_url, host):
    assert Settings(data_dir=tmp_path, database_url="", base_url=base_url, secret_key="x").host == host


def test_the_list_of_keys_shows_nothing_secret(run, app, database):
    run("make")
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        sealed = [key.sealed_private.hex() for key in session.scalars(select(SigningKey))]
    shown = run("list").output

    assert app.extensions["assay.settings"].secret_key not in shown
    assert not any(secret in shown for secret in sealed)
