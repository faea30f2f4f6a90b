"""The pages of runs over many certificates, and the command that follows one."""

import re
from datetime import timedelta
from threading import Event, Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate, CertificateFile
from certificates.models.credentials import Cause, Credential
from certificates.models.reissues import ReissueRun, ReissueStep, RunKind, RunState, StepState
from certificates.operations.reissuing import carry_on, start_run, stop_run
from certificates.queries.reissues import Selection, count_progress
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, BASE_URL, NAME
from tests.certificates.many import KEY, make_certificates, make_credentials
from tests.people import make_person, sign_in
from wsgi import cli

PAGE = "/manage/certificates/runs/"
RENEWAL = {"kind": "renew", "achievement": "", "reason": "A new year."}


@pytest.fixture
def certificates(database):
    """Issued long enough ago to be renewed today."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_certificates(session, 4, issued_at=AT - timedelta(days=100))


@pytest.fixture
def manager(database, client):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, name="Grace", roles=(Role.CANDIDATE, Role.MANAGER))
    sign_in(client, person)
    return person


def begin(database, **selection):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        selected = Selection(RunKind.RENEW, **selection)
        return start_run(session, selection=selected, reason="A new year.", actor_id=None, at=clock.now())


def go_on(database, run_id, limit=50):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return carry_on(session, run_id=run_id, base_url=BASE_URL, at=clock.now(), limit=limit)


def finish(database, run_id):
    """What the worker does after a run asked: a new credential and its file for each."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        done = select(ReissueStep.certificate_id).where(
            ReissueStep.run_id == run_id, ReissueStep.state == StepState.DONE
        )
        ids = list(session.scalars(done))
        if not ids:
            return
        make_credentials(session, ids, at=clock.now(), number=2, cause=Cause.RENEWED)
        for credential in session.scalars(select(Credential).where(Credential.is_current, Credential.number == 2)):
            session.add(
                CertificateFile(
                    certificate_id=credential.certificate_id,
                    organisation_id=PUBLIC_ORGANISATION_ID,
                    credential_id=credential.id,
                    sha256="0" * 64,
                    byte_count=1,
                    rendered_at=clock.now(),
                )
            )


def count_runs(database):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalars(select(func.count()).select_from(ReissueRun)).one()


def test_the_page_tells_how_many_it_would_be_before_anything_starts(database, client, manager, certificates):
    answer = client.post(PAGE, data=RENEWAL | {"do": "count"})

    assert answer.status_code == 200
    assert "It would be 4 certificates. Each of their holders gets a mail." in answer.text
    assert "Start with 4 certificates" in answer.text
    assert "A new year." in answer.text
    assert count_runs(database) == 0


def test_only_what_was_told_is_started(database, client, manager, certificates):
    unseen = client.post(PAGE, data=RENEWAL | {"do": "start"})
    outdated = client.post(PAGE, data=RENEWAL | {"do": "start", "seen": "3"})
    assert (unseen.status_code, outdated.status_code) == (200, 200)
    assert "It would be 4 certificates." in outdated.text
    assert count_runs(database) == 0

    answer = client.post(PAGE, data=RENEWAL | {"do": "start", "seen": "4"})

    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "0 of 4 certificates gone through" in page
    assert "A new year." in page
    assert "Grace" in page


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"do": "count", "kind": ""}, 422, "Choose what is to be done."),
        ({"do": "count", "kind": "burn"}, 422, "Choose what is to be done."),
        ({"do": "start", "seen": "4", "reason": " "}, 422, "Give the reason of the run"),
        ({"do": "count", "achievement": "nothing-like-that"}, 200, "there is nothing to do"),
        ({"do": "start", "seen": "0", "achievement": "nothing-like-that"}, 422, "there is nothing to do"),
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_is_kept(client, manager, certificates, typed, status, said):
    answer = client.post(PAGE, data=RENEWAL | {"reason": "Kept text"} | typed)

    assert answer.status_code == status
    assert said in answer.text
    if typed.get("reason") is None:
        assert "Kept text" in answer.text


def test_a_second_run_of_a_kind_is_refused_with_a_sentence(database, client, manager, certificates):
    begin(database)

    answer = client.post(PAGE, data=RENEWAL | {"do": "start", "seen": "4"})

    assert answer.status_code == 409
    assert "A run of this kind is under way." in answer.text


def test_a_key_is_asked_for_only_where_something_is_signed_anew(client, manager, certificates):
    by_key = client.post(PAGE, data={"kind": "keys", "key": KEY, "reason": "x", "do": "count"})
    renewing = client.post(PAGE, data=RENEWAL | {"key": "no-such-key", "do": "count"})

    assert "It would be 4 certificates." in by_key.text
    assert "It would be 4 certificates." in renewing.text


def test_the_page_of_a_run_follows_it_to_the_end(database, client, manager, certificates):
    run_id = begin(database, achievement=BANK)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(
            update(Certificate)
            .where(Certificate.id == certificates[0])
            .values(state=CertificateState.SUSPENDED, state_reason="Looked into.")
        )
    go_on(database, run_id, limit=2)
    underway = client.get(f"{PAGE}{run_id}").text
    assert "2 of 4 certificates gone through" in underway
    assert 'http-equiv="refresh"' in underway
    assert "Stop the run" in underway

    go_on(database, run_id)
    asked = client.get(f"{PAGE}{run_id}").text
    assert "gone through" in asked
    assert "0 of 3 new PDFs ready" in asked
    assert "data-is-over" not in asked
    assert f"/manage/certificates/{certificates[0]}" in asked
    assert "It is suspended." in asked

    finish(database, run_id)
    fragment = client.get(f"{PAGE}{run_id}", headers={"X-Fragment": "1"}).text
    assert "3 of 3 new PDFs ready" in fragment
    assert "data-is-over" in fragment
    assert "<html" not in fragment
    assert 'http-equiv="refresh"' not in client.get(f"{PAGE}{run_id}").text


def test_a_credential_that_was_revoked_before_it_was_signed_does_not_keep_a_run_open(database, certificates):
    run_id = begin(database)
    go_on(database, run_id)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(Certificate).values(state=CertificateState.REVOKED, state_reason="Withdrawn."))
        assert count_progress(session, run_id).withdrawn == 4
        assert count_progress(session, run_id).is_settled


def test_a_run_is_stopped_and_resumed_on_its_page(database, client, manager, certificates):
    run_id = begin(database)

    stopped = client.post(f"{PAGE}{run_id}", data={"do": "stop"}, follow_redirects=True).text
    assert "The run is stopped." in stopped
    assert "Resume the run" in stopped
    assert not go_on(database, run_id)
    again = client.post(f"{PAGE}{run_id}", data={"do": "stop"}, follow_redirects=True).text
    assert "there is nothing to stop" in again

    resumed = client.post(f"{PAGE}{run_id}", data={"do": "resume"}, follow_redirects=True).text
    assert "The run goes on." in resumed
    assert not go_on(database, run_id)
    done = client.get(f"{PAGE}{run_id}").text
    assert "4 of 4 certificates gone through" in done
    assert "Stop the run" not in done
    assert f"{PAGE}{run_id}" in client.get(PAGE).text


def test_an_unknown_run_has_no_page(client, manager):
    assert client.get(f"{PAGE}a55a0000-0000-4000-8000-0000000000ff").status_code == 404


@pytest.fixture
def worker(database):
    """A worker in a thread: carries every run on, and signs and files what was asked for."""
    is_over = Event()

    def work():
        while not is_over.wait(0.05):
            with database.reading(PUBLIC_ORGANISATION_ID) as session:
                running = list(session.scalars(select(ReissueRun.id).where(ReissueRun.state == RunState.RUNNING)))
            for run_id in running:
                while go_on(database, run_id, limit=3):
                    pass
                finish(database, run_id)

    thread = Thread(target=work)
    thread.start()
    yield
    is_over.set()
    thread.join()


@pytest.fixture
def command(app, monkeypatch):
    """Run a command on the application of this test."""
    monkeypatch.setattr("wsgi.create_app", lambda: app)
    return lambda *words: CliRunner().invoke(cli, ["certificates", "reissue", *words])


def test_the_command_starts_a_run_and_follows_it(database, certificates, worker, command):
    done = command("--cause", "renew", "--achievement", BANK, "--reason", "A new year.")

    assert done.exit_code == 0, done.output
    assert "4 of 4 have a new PDF, 0 refused" in done.output
    assert "4/4" in done.output


def test_the_command_goes_on_with_a_run_that_was_stopped(database, certificates, worker, command):
    run_id = begin(database)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        if session.get_one(ReissueRun, run_id).state is RunState.RUNNING:
            stop_run(session, run_id=run_id, actor_id=None, at=clock.now())

    done = command("--resume", str(run_id))

    assert done.exit_code == 0, done.output
    assert "4 of 4 have a new PDF" in done.output


def test_the_command_leaves_a_run_to_the_worker(database, certificates, command):
    left = command("--cause", "renew", "--reason", "A new year.", "--detach")

    assert left.exit_code == 0, left.output
    assert re.search(r"Run [0-9a-f-]{36}", left.output)
    assert count_runs(database) == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "Say what is to be done"),
        (["--cause", "renew"], "Give the reason"),
        (["--cause", "renew", "--reason", "x", "--achievement", "nothing"], "nothing to do"),
        (["--cause", "renew", "--reason", "x", "--organisation", "nobody"], "no organisation nobody"),
        (["--resume", "a55a0000-0000-4000-8000-0000000000ff"], "no such run"),
    ],
)
def test_the_command_says_what_does_not_fit(certificates, command, words, why):
    refused = command(*words)

    assert refused.exit_code == 1
    assert why in str(refused.exception)


def test_the_pages_name_the_achievement(client, manager, certificates):
    assert NAME in client.get(PAGE).text
