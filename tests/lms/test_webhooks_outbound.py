"""Requests to strangers: to public machines only, to the one that was checked, bounded whatever the stranger does."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from lms.errors import Invalid
from lms.webhooks.addresses import is_open
from lms.webhooks.outbound import KEPT_CHARACTERS, Outbound

PATIENT = 30.0  # no test waits for so long unless something hangs
SHORT = 0.6
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def stranger(serve: Callable[[socket.socket], None], trust: ssl.SSLContext | None = None) -> Iterator[tuple[int, list]]:
    """A machine that does what it likes with each connection; its port, and how many came."""
    listener = socket.create_server(("127.0.0.1", 0))
    came: list[object] = []
    over = Event()

    def run() -> None:
        while not over.is_set():
            try:
                connection, where = listener.accept()
            except OSError:
                return
            came.append(where)
            with suppress(OSError), connection:
                serve(trust.wrap_socket(connection, server_side=True) if trust else connection)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], came
    finally:
        over.set()
        listener.close()


def post(port: int, *, seconds: float = SHORT, host: str = "127.0.0.1", scheme: str = "http", **kw):
    outbound = Outbound(allow_loopback=True, seconds=seconds, **kw)
    return outbound.post(f"{scheme}://{host}:{port}/hooks?a=b", headers={"webhook-id": "1"}, body=b"{}")


def reads(connection: socket.socket) -> bytes:
    seen = b""
    while b"\r\n\r\n{}" not in seen:
        seen += connection.recv(4096)
    return seen


def answers(*parts: bytes) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        reads(connection)
        for part in parts:
            connection.sendall(part)

    return serve


def drips(start: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        reads(connection)
        connection.sendall(start)
        while True:
            connection.sendall(drop)
            time.sleep(0.02)

    return serve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "2002:7f00:1::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "no address",
    ],
)
def test_machines_that_are_not_public_are_refused(address):
    assert not is_open(address, allow_loopback=False)
    assert is_open(address, allow_loopback=True) == (address in {"127.0.0.1", "127.8.8.8", "::1"})


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_machines_are_open(address):
    assert is_open(address, allow_loopback=False)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/", "https"),
        ("ftp://example.org/", "https"),
        ("https://", "like https"),
        ("https://example.org:22/", "443 and 8443"),
        ("https://ada@example.org/", "name, password"),
        ("https://ada:secret@example.org/", "name, password"),
        ("https://example.org/#part", "name, password"),
        ("https://example.org/a b", "plain characters"),
        ("https://example.org/\u00fc", "plain characters"),
        ("https://example.org\\@127.0.0.1/", "plain characters"),
        ("https://[fe80::1%25eth0]/", "like https"),
        ("https://[::1/", "like https"),
        ("https://example.org:99999/", "like https"),
        ("https://127.0.0.1/", "not public"),
        ("https://[::1]/", "not public"),
        ("https://2130706433/", "not public"),
        ("https://0x7f.1/", "not public"),
        ("https://localhost/", "not public"),
        ("https://unknown.invalid/", "not known"),
        ("https://example.org/" + "a" * 2000, "plain characters"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_the_reason(url, said):
    def resolver(host, _port):
        known = {"localhost": ["127.0.0.1"], "2130706433": ["127.0.0.1"], "0x7f.1": ["127.0.0.1"]}
        if host.endswith(".invalid"):
            raise OSError("no such name")
        return known.get(host, [host])

    with pytest.raises(Invalid, match=said):
        Outbound(resolver=resolver).check(url)


def test_one_private_answer_among_public_ones_is_enough_to_refuse():
    with pytest.raises(Invalid, match="not public"):
        Outbound(resolver=lambda *_: ["93.184.216.34", "10.0.0.1"]).check("https://example.org/")


def test_the_system_reads_odd_spellings_of_this_machine_and_they_are_refused():
    for host in ("127.1", "0177.0.0.1", "2130706433"):
        with pytest.raises(Invalid):
            Outbound().check(f"https://{host}/")


def test_a_request_carries_its_headers_and_the_answer_is_kept_in_part():
    seen = []

    def serve(connection):
        seen.append(reads(connection))
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 900\r\n\r\n" + b"x" * 900)

    with stranger(serve) as (port, _came):
        outcome = post(port, seconds=PATIENT)

    assert outcome.status == 202
    assert outcome.is_success
    assert outcome.answer == "x" * KEPT_CHARACTERS
    head = seen[0].decode()
    assert head.startswith("POST /hooks?a=b HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{port}\r\n" in head
    assert "webhook-id: 1\r\n" in head


def test_a_name_is_asked_for_once_and_that_very_machine_is_connected_to():
    asked = []

    def changing(host, _port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with stranger(answers(OK)) as (port, came):
        outcome = post(port, host="rebinding.example", resolver=changing, seconds=PATIENT)

    assert outcome.is_success
    assert asked == ["rebinding.example"]
    assert len(came) == 1


def test_a_name_that_turns_to_a_private_machine_is_refused_at_the_delivery():
    with stranger(answers(OK)) as (port, came):
        outbound = Outbound(resolver=lambda *_: ["127.0.0.1"])
        outcome = outbound.post(f"https://example.org:8443/{port}", headers={}, body=b"")

    assert outcome.status is None
    assert "not public" in outcome.fault
    assert not came


@pytest.mark.parametrize("location", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/"])
def test_no_redirect_is_followed(location):
    answer = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    with stranger(answers(answer)) as (port, came):
        outcome = post(port, seconds=PATIENT)

    assert outcome.status == 302
    assert not outcome.is_success
    assert len(came) == 1


@pytest.mark.parametrize(
    "serve",
    [
        pytest.param(lambda connection: time.sleep(PATIENT), id="says nothing"),
        pytest.param(drips(b"", b"H"), id="drips something else"),
        pytest.param(drips(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"), id="drips headers"),
        pytest.param(drips(b"HTTP/1.1 200 OK\r\nx: ", b"y"), id="drips one header"),
        pytest.param(drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="always goes on"),
    ],
)
def test_a_receiver_that_does_not_come_to_an_end_is_left_in_time(serve):
    began = time.monotonic()
    with stranger(serve) as (port, _came):
        outcome = post(port)

    assert outcome.status is None
    assert outcome.fault
    assert time.monotonic() - began < PATIENT / 3


@pytest.mark.parametrize(
    "serve",
    [
        pytest.param(drips(b"HTTP/1.1 200 OK\r\n\r\n", b"z"), id="drips its body"),
        pytest.param(drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nz\r\n"), id="drips chunks"),
        pytest.param(drips(b"HTTP/1.1 200 OK\r\n\r\n", b"z" * 100_000), id="never stops"),
        pytest.param(answers(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\nz"), id="promises more"),
        pytest.param(answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n"), id="breaks off"),
    ],
)
def test_a_body_that_does_not_end_changes_nothing_about_the_status(serve):
    began = time.monotonic()
    with stranger(serve) as (port, _came):
        outcome = post(port, seconds=PATIENT)

    assert outcome.is_success
    assert len(outcome.answer) <= KEPT_CHARACTERS
    assert time.monotonic() - began < PATIENT / 2


def test_headers_that_never_end_are_not_read_to_the_end():
    with stranger(answers(b"HTTP/1.1 200 OK\r\n", b"x: " + b"y" * 200_000 + b"\r\n\r\n")) as (port, _came):
        outcome = post(port, seconds=PATIENT)

    assert outcome.status is None


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00\xff" * 50])
def test_what_is_no_answer_is_a_fault(answer):
    with stranger(answers(answer)) as (port, _came):
        outcome = post(port, seconds=PATIENT)

    assert outcome.status is None
    assert outcome.fault


def test_what_an_answer_says_is_kept_as_text_without_control_characters():
    body = b"<script>\x00\x1b[31m\xff</script>"
    answer = b"HTTP/1.1 500 Oh\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    with stranger(answers(answer)) as (port, _came):
        outcome = post(port, seconds=PATIENT)

    assert outcome.answer == "<script>\ufffd\ufffd[31m\ufffd</script>"


def test_nobody_listens_is_a_fault():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert post(port, seconds=PATIENT).fault == "The receiver refused the connection."


def test_a_name_that_nobody_answers_for_is_left_in_time():
    def hangs(_host, _port):
        time.sleep(PATIENT)
        return []

    began = time.monotonic()
    outcome = Outbound(resolver=hangs, seconds=SHORT).post("https://example.org/", headers={}, body=b"")

    assert outcome.fault == "There was no answer in time."
    assert time.monotonic() - began < PATIENT / 3


def test_no_proxy_is_asked(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with stranger(answers(OK)) as (port, _came):
        assert post(port, seconds=PATIENT).is_success


@pytest.fixture(scope="module")
def secured(tmp_path_factory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a receiver named hooks.example shows, and a context that trusts it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key, now = generate_private_key(SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM)
    (folder / "all.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + pem)
    (folder / "trusted.pem").write_bytes(pem)
    shows = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shows.load_cert_chain(folder / "all.pem")
    return shows, ssl.create_default_context(cafile=str(folder / "trusted.pem"))


def test_a_certificate_for_the_name_is_trusted_although_the_machine_is_addressed_by_number(secured):
    shows, trust = secured
    names = []
    shows.sni_callback = lambda _socket, name, _context: names.append(name)
    with stranger(answers(OK), shows) as (port, _came):
        outcome = post(
            port,
            scheme="https",
            host="hooks.example",
            resolver=lambda *_: ["127.0.0.1"],
            trust=trust,
            seconds=PATIENT,
        )

    assert outcome.is_success
    assert names == ["hooks.example"]


@pytest.mark.parametrize(("host", "is_trusted"), [("other.example", True), ("hooks.example", False)])
def test_a_certificate_for_another_name_or_of_somebody_unknown_is_not_trusted(secured, host, is_trusted):
    shows, trust = secured
    with stranger(answers(OK), shows) as (port, _came):
        outcome = post(
            port,
            scheme="https",
            host=host,
            resolver=lambda *_: ["127.0.0.1"],
            trust=trust if is_trusted else None,
            seconds=PATIENT,
        )

    assert outcome.status is None
    assert "not trusted" in outcome.fault


def test_a_secure_connection_that_drips_its_greeting_is_left_in_time(secured):
    def serve(connection):
        for _each in range(2000):
            connection.sendall(b"\x16")
            time.sleep(0.02)

    began = time.monotonic()
    with stranger(serve) as (port, _came):
        outcome = post(port, scheme="https", host="hooks.example", resolver=lambda *_: ["127.0.0.1"])

    assert outcome.status is None
    assert time.monotonic() - began < PATIENT / 3
