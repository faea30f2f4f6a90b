"""Verification by a file and pinned keys alone: every way in which a file may be wrong has its outcome and reason."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.adapters.canonical_json import canonical, parse_json
from certificates.adapters.verifying import verify_file
from certificates.domain.checkpoints import Checkpoint, origin_of, sign_note
from certificates.domain.trust import TrustedKeys, parse_did_document
from certificates.domain.verdicts import FORMAT, FileKind, Outcome, VerificationReport, worst_of
from tests.certificates.factories import BASE_URL, ISSUED_ONCE, make_view
from tests.certificates.issuer_at_hand import SIGNED, TODAY, IssuerAtHand

ISSUER = IssuerAtHand()
VALID = ISSUER.sign()
TOKEN = ISSUER.token(VALID)
COMPACT = canonical(VALID)


@pytest.fixture(scope="module")
def rendered() -> bytes:
    return ISSUER.print(VALID)


def verify(
    data: bytes | str | dict[str, Any], *, trust: TrustedKeys = ISSUER.trust, **given: Any
) -> VerificationReport:
    if isinstance(data, dict):
        data = canonical(data)
    return verify_file(data.encode() if isinstance(data, str) else data, trust=trust, **({"at": TODAY} | given))


def failed(report: VerificationReport) -> dict[str, Outcome | None]:
    return {check.name: check.points_to for check in report.checks if check.result == "failed"}


def test_a_credential_is_valid_with_all_that_it_states():
    report = verify(VALID)

    assert report.outcome is Outcome.VALID
    assert (report.kind, report.reasons, failed(report)) == (FileKind.CREDENTIAL, (), {})
    assert report.facts is not None
    assert report.facts.holder_name == "Ada Lovelace"
    assert report.facts.certificate_id == make_view().id
    assert [(each.name, each.percent, each.level) for each in report.facts.results] == [
        ("Overall result", "87", "advanced"),
        ("Splitting", "92", "advanced"),
    ]


def test_a_token_is_valid_and_states_the_same():
    report = verify(f"\n{TOKEN}\r\n")

    assert (report.outcome, report.kind) == (Outcome.VALID, FileKind.JWT)
    assert report.facts == verify(VALID).facts


def test_a_pdf_is_valid_and_states_the_same(rendered: bytes):
    report = verify(rendered)

    assert (report.outcome, report.kind) == (Outcome.VALID, FileKind.PDF)
    assert report.facts == verify(VALID).facts


def test_offline_it_says_that_nobody_was_asked_about_the_state():
    [state] = [check for check in verify(VALID).checks if check.name == "state"]

    assert state.result == "not-made"
    assert "offline" in state.says


def test_keys_pinned_from_did_documents_are_enough():
    other = IssuerAtHand(base_url="https://other.example")
    pinned = reduce(or_, map(parse_did_document, [other.did_document, ISSUER.did_document]))

    assert verify(VALID, trust=pinned).outcome is Outcome.VALID
    assert verify(other.sign(), trust=pinned).outcome is Outcome.VALID


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        (ISSUED_ONCE - timedelta(seconds=1), Outcome.EXPIRED),
        (ISSUED_ONCE, Outcome.VALID),
        (make_view().valid_until - timedelta(seconds=1), Outcome.VALID),
        (make_view().valid_until, Outcome.EXPIRED),
    ],
)
def test_a_credential_holds_between_its_dates(at, outcome):
    report = verify(VALID, at=at)

    assert report.outcome is outcome
    assert report.facts is not None


def test_an_issuer_that_nobody_pinned_is_unknown():
    report = verify(IssuerAtHand(base_url="https://diploma-mill.example").sign())

    assert report.outcome is Outcome.UNKNOWN_ISSUER
    assert "did:web:diploma-mill.example" in report.reasons[0]
    assert report.facts is None  # nobody vouches for what it says


@pytest.mark.parametrize("part", ["credential_key", "log_key"])
def test_a_key_that_the_issuer_does_not_vouch_for_is_unknown(part: str):
    impostor = ISSUER.with_new(part)

    report = verify(impostor.sign(method=f"{ISSUER.did}#credential-two"))

    assert report.outcome is Outcome.UNKNOWN_ISSUER


def test_a_forged_signature_in_the_name_of_a_known_key_is_altered():
    assert failed(verify(ISSUER.with_new("credential_key").sign())) == {"proof": Outcome.ALTERED}


def test_a_token_of_another_key_is_altered_or_unknown():
    assert verify(ISSUER.with_new("document_key").token(VALID)).outcome is Outcome.ALTERED
    assert verify(TOKEN, trust=TrustedKeys()).outcome is Outcome.UNKNOWN_ISSUER


def test_what_a_key_signs_outside_its_time_counts_for_nothing():
    retired = replace(ISSUER, until=SIGNED - timedelta(days=1))
    unborn = replace(ISSUER, since=SIGNED + timedelta(days=1))

    assert verify(VALID, trust=retired.trust).outcome is Outcome.UNKNOWN_ISSUER
    assert verify(VALID, trust=unborn.trust).outcome is Outcome.UNKNOWN_ISSUER
    assert verify(VALID, trust=replace(ISSUER, until=SIGNED + timedelta(days=1)).trust).outcome is Outcome.VALID


def test_a_key_for_checkpoints_signs_no_credential():
    misused = replace(ISSUER, credential_key=ISSUER.log_key)

    assert verify(misused.sign(method=f"{ISSUER.did}#log-one")).outcome is Outcome.UNKNOWN_ISSUER


def test_a_key_of_another_trusted_issuer_vouches_for_nobody_else():
    other = IssuerAtHand(base_url="https://other.example")
    forged = replace(other, log_key=ISSUER.log_key).sign(ISSUER.content())

    report = verify(forged, trust=ISSUER.trust | other.trust)

    assert report.outcome in {Outcome.ALTERED, Outcome.UNKNOWN_ISSUER}
    assert report.facts is None


def test_a_checkpoint_of_another_trusted_issuer_does_not_count():
    other = IssuerAtHand(base_url="https://other.example")

    report = verify(replace(ISSUER, log_key=other.log_key).sign(), trust=ISSUER.trust | other.trust)

    assert failed(report) == {"log": Outcome.UNKNOWN_ISSUER}


def test_a_credential_that_was_never_logged_is_altered():
    said = ISSUER.content()
    elsewhere = ISSUER.inclusion(ISSUER.content(make_view(holder_name="Somebody Else")))
    empty = Checkpoint(origin_of(BASE_URL), 4, b"\0" * 32)
    made_up = replace(ISSUER.inclusion(said), note=sign_note(empty, key=ISSUER.log_key))

    assert failed(verify(ISSUER.sign(said, inclusion=elsewhere))) == {"log": Outcome.ALTERED}
    assert failed(verify(ISSUER.sign(said, inclusion=made_up))) == {"log": Outcome.ALTERED}
    assert failed(verify(ISSUER.sign(said, inclusion=replace(ISSUER.inclusion(said), extra=b"")))) == {
        "log": Outcome.ALTERED
    }


def test_results_cannot_trade_places():
    """Linked data has no order in it, so the signature alone would not notice."""
    traded = json.loads(COMPACT)
    traded["credentialSubject"]["result"].reverse()

    assert verify(traded).outcome is Outcome.ALTERED


def test_nothing_rides_along_unsigned():
    more = json.loads(COMPACT) | {"remark": "with distinction"}

    report = verify(more)

    assert report.outcome is Outcome.ALTERED
    assert "remark" in report.reasons[0]


def test_a_pdf_around_another_signers_key_is_unknown(rendered: bytes):
    assert verify(rendered, trust=ISSUER.with_new("document_key").trust).outcome is Outcome.UNKNOWN_ISSUER
    assert "pdf-signer" in failed(verify(rendered, trust=ISSUER.with_new("document_key").trust))


def test_a_pdf_with_something_added_behind_it_is_altered(rendered: bytes):
    report = verify(rendered + b"\n% one more line")

    assert report.outcome is Outcome.ALTERED
    assert report.facts is None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"garbage", "neither"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "This PNG is damaged"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "picture (JPEG)"),
        (b"%PDF-1.7\n% nothing follows", "PDF"),
        (b"{", "not JSON"),
        (b"{}", "no verifiable credential"),
        (b'{"type": ["VerifiableCredential"], "type": []}', "twice"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested"),
        (b'["VerifiableCredential"]', "neither"),
        (b"a.b.c", "neither"),
        (b"\xff\xfe{\0}\0", "neither"),
    ],
)
def test_what_is_no_certificate_is_unreadable_and_says_why(data: bytes, says: str):
    report = verify(data)

    assert report.outcome is Outcome.UNREADABLE
    assert says in report.reasons[0]
    assert report.facts is None


def test_the_credential_of_another_system_is_of_an_unknown_issuer():
    badge = {"type": ["VerifiableCredential", "OpenBadgeCredential"], "issuer": "did:web:elsewhere.example"}

    assert verify(badge).outcome is Outcome.UNKNOWN_ISSUER


def test_the_worst_finding_decides():
    old_and_unknown = verify(VALID, at=TODAY + timedelta(days=9999), trust=TrustedKeys())

    assert failed(old_and_unknown).keys() >= {"dates", "signer"}
    assert old_and_unknown.outcome is Outcome.UNKNOWN_ISSUER


def test_without_a_check_nothing_is_known_to_be_good():
    assert worst_of(()) is Outcome.UNREADABLE


def test_the_report_in_json_keeps_its_form():
    told = verify(VALID).as_json()

    assert json.loads(json.dumps(told)) == told
    assert told.keys() == {"format", "outcome", "kind", "at", "reasons", "checks", "facts"}
    assert (told["format"], told["outcome"], told["kind"]) == (FORMAT, "valid", "credential")
    assert told["at"] == "2026-12-21T09:00:00Z"
    assert all(check.keys() == {"name", "result", "says"} for check in told["checks"])
    assert told["facts"].keys() == {
        *("certificate_id", "number", "holder_name", "achievement", "issuer", "issuer_did"),
        *("issued_at", "valid_until", "results"),
    }
    assert verify(b"garbage").as_json()["kind"] is None


# Any byte of any face


@given(place=st.integers(0, len(COMPACT) - 1), other=st.integers(1, 255))
@settings(max_examples=300)
def test_any_changed_byte_of_a_credential_is_noticed(place: int, other: int):
    changed = bytearray(COMPACT)
    changed[place] ^= other

    report = verify(bytes(changed))

    if report.outcome is Outcome.VALID:
        assert parse_json(bytes(changed)) == VALID


def places_in(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for name, each in inner for found in places_in(each, (*place, name)))]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@given(place=st.sampled_from(places_in(VALID)[1:]), other=ANYTHING)
@settings(max_examples=200)
def test_anything_in_the_place_of_a_value_is_noticed(place: tuple[Any, ...], other: Any):
    changed = json.loads(COMPACT)
    around = reduce(lambda value, name: value[name], place[:-1], changed)
    around[place[-1]] = other

    outcome = verify(json.dumps(changed)).outcome

    assert (outcome is Outcome.VALID) == (changed == VALID)


@given(place=st.integers(0, len(TOKEN) - 1), other=st.integers(1, 127))
@settings(max_examples=200)
def test_any_changed_character_of_a_token_is_noticed(place: int, other: int):
    changed = bytearray(TOKEN.encode())
    changed[place] ^= other

    assert verify(bytes(changed)).outcome is not Outcome.VALID


@pytest.mark.parametrize("share", [0.001, 0.11, 0.37, 0.63, 0.8, 0.93, 0.999])
def test_any_changed_byte_of_a_pdf_is_noticed(rendered: bytes, share: float):
    changed = bytearray(rendered)
    changed[int(share * len(rendered))] ^= 0x01

    report = verify(bytes(changed))

    assert report.outcome in {Outcome.ALTERED, Outcome.UNREADABLE}
    assert report.facts is None


@given(cut=st.integers(0, len(COMPACT) - 1))
@settings(max_examples=50)
def test_a_file_that_was_cut_short_is_never_valid(cut: int):
    assert verify(COMPACT[:cut]).outcome is not Outcome.VALID
    assert verify(TOKEN[: cut % len(TOKEN)]).outcome is not Outcome.VALID
