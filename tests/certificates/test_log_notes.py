"""Checkpoints, leaves and proofs as text: the published formats, and nothing but them."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from certificates.domain.checkpoints import Checkpoint, open_note, origin_of, read_note, sign_note, verifier_key
from certificates.domain.inclusion import Inclusion, read_inclusion
from certificates.domain.log_leaves import commitment, leaf_bytes

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ORIGIN = "assay.example/log"
CHECKPOINT = Checkpoint(ORIGIN, 9, bytes(range(32)))
NOTE = sign_note(CHECKPOINT, key=KEY)
INCLUSION = Inclusion(index=3, size=9, path=(bytes(32), bytes([7]) * 32), extra=b"\x01" * 32, note=NOTE)


def test_a_verifier_key_is_written_as_the_specification_does():
    # The example of https://c2sp.org/signed-note, section "Verifier keys".
    example = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    key = b64decode(example.rpartition("+")[2])[1:]

    assert verifier_key("example.com/foo", key) == example


def test_a_checkpoint_is_three_lines_an_empty_one_and_a_signature():
    *text, empty, signature, end = NOTE.split("\n")

    assert text == [ORIGIN, "9", b64encode(bytes(range(32))).decode()]
    assert (empty, end) == ("", "")
    assert signature.startswith(f"— {ORIGIN} ")
    assert open_note(NOTE, keys=[PUBLIC]) == CHECKPOINT == read_note(NOTE)


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_a_checkpoint_with_any_character_changed_is_not_signed(at, character):
    changed = NOTE[:at] + character + NOTE[at + 1 :]
    if changed == NOTE:
        return

    with pytest.raises(ValueError, match=r"."):
        open_note(changed, keys=[PUBLIC])


@given(st.integers(0, len(NOTE) - 1))
def test_a_checkpoint_that_ends_early_is_not_signed(end):
    with pytest.raises(ValueError, match=r"."):
        open_note(NOTE[:end], keys=[PUBLIC])


def test_a_checkpoint_of_another_key_is_not_trusted():
    with pytest.raises(ValueError, match="not signed by a key that is trusted"):
        open_note(sign_note(CHECKPOINT, key=OTHER), keys=[PUBLIC])


def test_a_signature_of_a_witness_is_passed_over():
    witness = b64encode(b"\x00\x00\x00\x01" + bytes(64)).decode()

    assert open_note(f"{NOTE}— witness.example {witness}\n", keys=[PUBLIC]) == CHECKPOINT


def test_a_second_signature_by_the_key_must_hold_as_well():
    line = NOTE.splitlines(keepends=True)[-1]
    broken = b64encode(b64decode(line.split(" ")[-1])[:4] + bytes(64)).decode()

    with pytest.raises(ValueError, match="does not hold"):
        open_note(f"{NOTE}— {ORIGIN} {broken}\n", keys=[PUBLIC])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "log\n9\n\n— x y\n",
        NOTE.replace("\n9\n", "\n09\n"),
        NOTE.replace("\n9\n", "\n-9\n"),
        NOTE.replace("\n9\n", "\n\u0669\n"),
        NOTE.replace("\n9\n", "\n" + "9" * 30 + "\n"),
        NOTE.replace("\n9\n", "\n9\nextension\n"),
        NOTE.replace(ORIGIN, "two words"),
        NOTE.replace("\n", "\r\n"),
        NOTE + "\n",
        "\ufeff" + NOTE + "x" * 20_000,
    ],
)
def test_what_is_no_checkpoint_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"[a-z]+ [a-z]+"):
        open_note(text, keys=[PUBLIC])


def test_the_log_is_named_after_the_address():
    assert origin_of("https://assay.example") == "assay.example/log"
    assert origin_of("http://127.0.0.1:8000") == "127.0.0.1:8000/log"


def test_a_proof_is_written_as_the_specification_does():
    lines = INCLUSION.as_text().split("\n")

    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == "extra " + b64encode(b"\x01" * 32).decode()
    assert lines[2] == "index 3"
    assert lines[3:5] == [b64encode(bytes(32)).decode(), b64encode(bytes([7]) * 32).decode()]
    assert lines[5] == ""
    assert "\n".join(lines[6:]) == NOTE


@given(
    st.integers(0, 10**15),
    st.lists(st.binary(min_size=32, max_size=32), max_size=40),
    st.binary(max_size=64),
)
def test_a_proof_is_read_as_it_was_written(index, path, extra):
    inclusion = Inclusion(index=index, size=9, path=tuple(path), extra=extra, note=NOTE)

    assert read_inclusion(inclusion.as_text()) == inclusion
    assert inclusion.root == CHECKPOINT.root


@given(st.integers(0, len(INCLUSION.as_text()) - 1), st.characters(codec="ascii"))
def test_a_changed_proof_is_refused_or_is_another_proof(at, character):
    text = INCLUSION.as_text()
    changed = text[:at] + character + text[at + 1 :]

    try:
        read = read_inclusion(changed)
    except ValueError:
        return

    assert read.as_text() == changed


@pytest.mark.parametrize(
    "text",
    [
        "",
        NOTE,
        INCLUSION.as_text().replace("@v1", "@v2"),
        INCLUSION.as_text().replace("index 3", "index 03"),
        INCLUSION.as_text().replace("index 3", "index x"),
        INCLUSION.as_text().replace("index 3\n", ""),
        INCLUSION.as_text().replace("extra ", "extra  "),
        INCLUSION.as_text().replace("index 3", "index 3\n" + "\n".join([b64encode(bytes(32)).decode()] * 65)),
        "c2sp.org/tlog-proof@v1\nextra " + b64encode(bytes(2000)).decode() + "\nindex 0\n\n" + NOTE,
        "c2sp.org/tlog-proof@v1\nextra AAAA\n\n" + NOTE,
    ],
)
def test_what_is_no_proof_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"[a-z]+ [a-z]+"):
        read_inclusion(text)


def test_a_leaf_is_four_lines():
    at = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

    assert leaf_bytes("credential", "ab" * 32, at) == (
        b"assay-log-leaf/v1\ncredential\n" + b"ab" * 32 + b"\n2026-11-21T10:00:00Z\n"
    )


def test_the_instant_of_a_leaf_keeps_its_microseconds_and_is_in_utc():
    at = datetime(2026, 11, 21, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))

    assert b"\n2026-11-21T10:00:00.000005Z\n" in leaf_bytes("state", "ab" * 32, at)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.binary(max_size=80))
def test_a_commitment_depends_on_its_salt(salt, other, statement):
    assert (commitment(salt.hex(), statement) == commitment(other.hex(), statement)) == (salt == other)
