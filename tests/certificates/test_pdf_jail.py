"""The jail: what its process may not do, and that the next message is answered whatever became of it."""

import os
import signal
import socket
from threading import Thread

import pytest
from structlog.testing import capture_logs

from certificates.adapters.pdf.jail import Jail, JailFailure, JailTimeout, Limits

SERVICES = "tests.certificates.jail_services"
SMALL = Limits(seconds=20, cpu_seconds=15, memory_bytes=300_000_000, messages=500)


@pytest.fixture(scope="module")
def warm():
    jail = Jail(f"{SERVICES}:obeying", SMALL)
    yield jail
    jail.close()


@pytest.fixture
def started():
    jails = []

    def start(service: str = "obeying", **limits: float) -> Jail:
        jails.append(Jail(f"{SERVICES}:{service}", Limits(**{"memory_bytes": 300_000_000} | limits)))
        return jails[-1]

    yield start
    for jail in jails:
        jail.close()


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_000])
def test_a_message_of_any_length_is_answered(started, size):
    message = os.urandom(size)

    assert started("echoing").ask(message) == message


def test_the_process_is_kept_and_takes_turns(warm):
    answers: list[bytes] = []
    threads = [Thread(target=lambda: answers.append(warm.ask(b"pid"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(answers) == {str(warm.process_id).encode()}
    assert len(answers) == 8


def test_after_so_many_messages_another_process_takes_over(started):
    jail = started(messages=2)

    first, second, third = (jail.ask(b"pid") for _ in range(3))

    assert first == second != third


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (b"die", "ended by SIGKILL"),
        (b"exit 3", "ended with status 3"),
        (b"fail", r"ended with status 1 \(ZeroDivisionError"),
        (b"hoard 2000000000", "more memory than it may have"),
    ],
)
def test_a_process_that_dies_is_replaced_and_the_cause_is_said(warm, message, said):
    with pytest.raises(JailFailure, match=said):
        warm.ask(message)

    assert int(warm.ask(b"pid")) == warm.process_id


def test_a_process_that_was_killed_between_messages_is_replaced(warm):
    before = int(warm.ask(b"pid"))
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)

    assert int(warm.ask(b"pid")) != before


def test_a_process_that_hangs_is_ended(started):
    jail = started(seconds=1.5)
    with pytest.raises(JailTimeout, match="too long"):
        jail.ask(b"sleep 60")

    assert int(jail.ask(b"pid")) == jail.process_id


def test_a_process_that_spins_is_ended_by_the_kernel(started):
    with pytest.raises(JailFailure, match="more CPU time"):
        started(cpu_seconds=1, seconds=60).ask(b"spin")


def test_the_seconds_are_for_each_message(started):
    jail = started(cpu_seconds=1)
    before = jail.ask(b"pid")
    for _ in range(5):
        jail.ask(b"sleep 0.3")

    assert jail.ask(b"pid") == before


def test_what_a_service_prints_does_not_run_into_its_answers(warm):
    with capture_logs() as logged:
        assert warm.ask(b"print hello") == b"None"

    assert warm.ask(b"pid").isdigit()
    assert [entry["complaint"] for entry in logged] == ["hello"]


def test_it_reads_no_file_but_its_own(warm, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("canary")

    assert b"refused" in warm.ask(f"read {secret}".encode())
    assert b"refused" in warm.ask(b"read /etc/passwd")


def test_it_writes_nothing(warm, tmp_path):
    assert b"refused" in warm.ask(f"write {tmp_path / 'new'}".encode())
    assert not (tmp_path / "new").exists()


def test_it_starts_nothing(warm):
    assert b"refused" in warm.ask(b"run /bin/true")
    assert b"refused" in warm.ask(b"fork")


def test_it_reaches_nobody(warm):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        assert b"refused" in warm.ask(f"connect {server.getsockname()[1]}".encode())
        with pytest.raises(TimeoutError):
            server.accept()


def test_it_knows_no_secret_of_the_environment(started, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary")

    assert b"SECRET_KEY" not in started().ask(b"environment")


def test_a_service_that_is_not_there_does_not_start(started):
    with pytest.raises(JailFailure, match="did not start"):
        started("nothing").ask(b"")


def test_a_closed_jail_opens_again(started):
    jail = started()
    jail.ask(b"pid")
    jail.close()

    assert jail.process_id is None
    assert jail.ask(b"pid").isdigit()
