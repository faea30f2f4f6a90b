"""A badge is verified by the credential baked into it: with every verdict, and unharmed by whatever a picture holds."""

import json
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib.baking import ITXT_KEYWORD_OB3, SVG_ELEMENT_OB3, extract_png, extract_svg

from certificates.adapters.badge.baking import bake_png, bake_svg
from certificates.adapters.badge.chunks import MOST_BYTES, MOST_CHUNKS, SIGNATURE
from certificates.adapters.canonical_json import canonical, parse_json
from certificates.adapters.verifying import verify_file
from certificates.domain.trust import TrustedKeys
from certificates.domain.verdicts import FileKind, Outcome, VerificationReport
from tests.certificates.baked import (
    DRAWING,
    EMPTY_SVG,
    PICTURE,
    WAYS,
    chunk,
    in_attribute,
    international,
    png_with,
    svg_with,
)
from tests.certificates.factories import make_view
from tests.certificates.issuer_at_hand import TODAY, IssuerAtHand

ISSUER = IssuerAtHand()
VALID = ISSUER.sign(ISSUER.content(make_view(holder_name="Łukasz ]]> <王> & محمد")))
TEXT = canonical(VALID).decode()
TOKEN = ISSUER.token(VALID)
BAKED_PNG = bake_png(PICTURE, TEXT)
BAKED_SVG = bake_svg(DRAWING, TEXT).encode()
SVG_FROM = BAKED_SVG.index(b"<![CDATA[")
SVG_TO = BAKED_SVG.index(b"]]></openbadges")


def verify(data: bytes, *, at: datetime = TODAY, trust: TrustedKeys = ISSUER.trust) -> VerificationReport:
    return verify_file(data, trust=trust, at=at)


def findings(report: VerificationReport) -> dict[str, Outcome | None]:
    """What each check came to, but for what was looked at only because it is a picture."""
    return {check.name: check.points_to for check in report.checks if check.name != "picture"}


def reason_of(data: bytes) -> str:
    """Why this cannot be read."""
    report = verify(data)
    assert report.outcome is Outcome.UNREADABLE
    assert (report.kind, report.facts) == (None, None)
    return " ".join(report.reasons)


@pytest.mark.parametrize("bake", WAYS.values(), ids=WAYS)
def test_a_badge_is_valid_and_states_what_its_credential_states(bake: Callable[[str], bytes]):
    report, plain = verify(bake(TEXT)), verify(TEXT.encode())

    assert report.outcome is Outcome.VALID
    assert report.facts == plain.facts
    assert findings(report) == findings(plain)


@pytest.mark.parametrize("bake", WAYS.values(), ids=WAYS)
def test_a_token_in_a_badge_is_verified_as_a_token(bake: Callable[[str], bytes]):
    report, plain = verify(bake(TOKEN)), verify(TOKEN.encode())

    assert report.outcome is Outcome.VALID
    assert findings(report) == findings(plain)
    assert "jwt" in findings(report)


@pytest.mark.parametrize(("data", "kind"), [(BAKED_PNG, FileKind.PNG), (BAKED_SVG, FileKind.SVG)])
def test_the_report_names_the_picture_and_says_that_the_drawing_is_not_signed(data: bytes, kind: FileKind):
    report = verify(data)
    [drawing] = [check for check in report.checks if check.name == "picture"]

    assert (report.kind, report.as_json()["kind"]) == (kind, kind.value)
    assert drawing.result == "not-made"
    assert "Nobody signs the drawing" in drawing.says
    assert "picture" not in {check.name for check in verify(TEXT.encode()).checks}


def test_other_software_finds_what_we_baked():
    assert json.loads(extract_png(BAKED_PNG, keyword=ITXT_KEYWORD_OB3) or "") == VALID
    assert json.loads(extract_svg(BAKED_SVG, element=SVG_ELEMENT_OB3, text_fallback=True) or "") == VALID


def expired() -> dict[str, Any]:
    view = make_view()
    return ISSUER.sign(ISSUER.content(replace(view, valid_until=view.issued_at + timedelta(hours=1))))


VERDICTS = {
    "expired": (expired(), Outcome.EXPIRED),
    "altered": (VALID | {"name": "Master of Everything"}, Outcome.ALTERED),
    "forged": (ISSUER.with_new("credential_key").sign(), Outcome.ALTERED),
    "unknown issuer": (IssuerAtHand(base_url="https://mill.example").sign(), Outcome.UNKNOWN_ISSUER),
    "another system's": ({"type": ["VerifiableCredential"], "issuer": "did:web:x.example"}, Outcome.UNKNOWN_ISSUER),
    "no credential": ({"type": ["Badge"]}, Outcome.UNREADABLE),
}


@pytest.mark.parametrize(("document", "outcome"), VERDICTS.values(), ids=VERDICTS)
@pytest.mark.parametrize("bake", WAYS.values(), ids=WAYS)
def test_every_verdict_is_reached_through_a_picture(bake, document: dict[str, Any], outcome: Outcome):
    report, plain = verify(bake(json.dumps(document))), verify(json.dumps(document).encode())

    assert report.outcome is plain.outcome is outcome
    assert findings(report) == findings(plain)
    assert report.facts == plain.facts


# Any byte of what is baked in


@given(place=st.integers(0, len(TEXT.encode()) - 1), other=st.integers(1, 255))
@settings(max_examples=200, deadline=None)
def test_any_changed_byte_of_a_baked_credential_is_noticed(place: int, other: int):
    """Also by somebody who knows how a PNG is made, and mends its check sum."""
    changed = bytearray(TEXT.encode())
    changed[place] ^= other

    report = verify(png_with(international(bytes(changed))))

    if report.outcome is Outcome.VALID:
        assert parse_json(bytes(changed)) == VALID


@given(place=st.integers(0, len(BAKED_PNG) - 1), other=st.integers(1, 255))
@settings(max_examples=200, deadline=None)
def test_any_changed_byte_of_a_png_is_noticed(place: int, other: int):
    changed = bytearray(BAKED_PNG)
    changed[place] ^= other

    assert verify(bytes(changed)).outcome is Outcome.UNREADABLE


@given(place=st.integers(SVG_FROM, SVG_TO - 1), other=st.integers(1, 255))
@settings(max_examples=200, deadline=None)
def test_any_changed_byte_of_the_credential_in_an_svg_is_noticed(place: int, other: int):
    changed = bytearray(BAKED_SVG)
    changed[place] ^= other

    report = verify(bytes(changed))

    if report.outcome is Outcome.VALID:
        assert report.facts == verify(TEXT.encode()).facts
        text = changed[SVG_FROM:SVG_TO].decode().removeprefix("<![CDATA[")
        assert parse_json(text) == VALID


@given(place=st.integers(0, len(TOKEN) - 1), other=st.integers(1, 127))
@settings(max_examples=100, deadline=None)
def test_any_changed_character_of_a_baked_token_is_noticed(place: int, other: int):
    changed = bytearray(TOKEN.encode())
    changed[place] ^= other

    assert verify(png_with(international(bytes(changed)))).outcome is not Outcome.VALID


@given(cut=st.integers(0, len(BAKED_PNG) - 1), other=st.integers(0, len(BAKED_SVG) - 1))
@settings(max_examples=100, deadline=None)
def test_a_picture_that_was_cut_short_is_unreadable(cut: int, other: int):
    assert verify(BAKED_PNG[:cut]).outcome is Outcome.UNREADABLE
    assert verify(BAKED_SVG[:other]).outcome is Outcome.UNREADABLE


# What is no badge of ours, and what is meant to do harm

ONE = international(TEXT.encode())
IHDR_END = 33
LONG = f"<openbadges:credential>{'x' * 1_000_001}</openbadges:credential>"
MALFORMED = {
    "PNG without": (PICTURE, "PNG) holds no credential"),
    "SVG without": (DRAWING.encode(), "SVG) holds no credential"),
    "empty SVG": (EMPTY_SVG.encode(), "SVG) holds no credential"),
    "two in a PNG": (png_with(ONE, ONE), "PNG) holds 2 credentials; expected one"),
    "three in a PNG": (png_with(ONE, ONE, international(b"{}")), "PNG) holds 3 credentials"),
    "two in an SVG": (svg_with("<openbadges:credential>{}</openbadges:credential>" * 2), "SVG) holds 2 credentials"),
    "attribute and text": (svg_with('<openbadges:credential verify="a">{}</openbadges:credential>'), "2 credentials"),
    "an older PNG": (png_with(international(b"{}", keyword="openbadges")), "Open Badges 1 or 2"),
    "an old PNG": (png_with(b"openbadges\0https://x.example", name=b"tEXt"), "Open Badges 1 or 2"),
    "an older SVG": (svg_with('<a:assertion xmlns:a="http://openbadges.org" verify="x"/>'), "Open Badges 1 or 2"),
    "in a tEXt chunk": (png_with(b"openbadgecredential\0{}", name=b"tEXt"), "in a chunk tEXt; expected iTXt"),
    "in a zTXt chunk": (png_with(b"openbadgecredential\0\0x", name=b"zTXt"), "in a chunk zTXt; expected iTXt"),
    "nothing baked in": (png_with(international(b"")), "neither JSON nor a JWT"),
    "an address baked in": (png_with(international(b"https://x.example")), "in this PNG is neither JSON nor a JWT"),
    "an address in an attribute": (in_attribute("https://x.example"), "in this SVG is neither JSON nor a JWT"),
    "broken JSON": (png_with(international(b'{"a":')), "not JSON"),
    "no UTF-8": (png_with(international(b'{"a": "\xff"}')), "not text in UTF-8"),
    "a name twice": (png_with(international(b'{"a": 1, "a": 2}')), "twice"),
    "compressed in an unknown way": (png_with(international(zlib.compress(b"{}"), flags=b"\1\1")), "malformed"),
    "unknown flag": (png_with(international(b"{}", flags=b"\2\0")), "malformed"),
    "keyword alone": (png_with(b"openbadgecredential"), "malformed"),
    "text without its marks": (png_with(b"openbadgecredential\0\0\0{}"), "malformed"),
    "not compressed at all": (png_with(international(TEXT.encode(), flags=b"\1\0")), "cannot be unpacked"),
    "compressed and cut": (png_with(international(zlib.compress(TEXT.encode())[:-9], flags=b"\1\0")), "does not end"),
    "compressed and more": (
        png_with(international(zlib.compress(TEXT.encode()) + b"more", flags=b"\1\0")),
        "does not end",
    ),
    "too large a text": (png_with(international(b"{" + b" " * 1_000_000)), "larger than one megabyte"),
    "too large a text in an SVG": (svg_with(LONG), "larger than one megabyte"),
    "wrong check sum": (BAKED_PNG[:-1] + b"\0", "check sum of its chunk IEND does not fit"),
    "without end": (BAKED_PNG[:-12], "cut short"),
    "cut in a chunk": (BAKED_PNG[: IHDR_END + 100], "chunk iTXt says"),
    "something behind the end": (BAKED_PNG + b"{}", "stand 2 bytes; expected none"),
    "another PNG behind the end": (BAKED_PNG + BAKED_PNG, "Behind the end"),
    "without IHDR": (SIGNATURE + chunk(b"iTXt", ONE) + chunk(b"IEND", b""), "begins with a chunk iTXt"),
    "no chunks": (SIGNATURE, "cut short"),
    "zeros": (SIGNATURE + b"\0" * 40, "there is no chunk"),
    "sent as text": (BAKED_PNG.replace(b"\r\n", b"\n", 1), "sent as text"),
    "too many chunks": (
        PICTURE[:IHDR_END] + chunk(b"tEXt", b"") * MOST_CHUNKS + PICTURE[IHDR_END:],
        "more than 20,000 chunks",
    ),
    "too large a PNG": (BAKED_PNG + b"\0" * MOST_BYTES, "at most 20 MB"),
    "JPEG": (b"\xff\xd8\xff\xe0" + b"\0" * 40, "(JPEG), which holds no credential; expected a badge as PNG or SVG"),
    "web page": (b"<!DOCTYPE html><title>x</title>", "web page (HTML)"),
    "other XML": (b"<note>to you</note>", "begins with note; expected a drawing (SVG)"),
    "svg outside its namespace": (b"<svg/>", "begins with svg; expected"),
    "no XML": (b"<<<", "This XML cannot be read"),
    "an empty element": (svg_with("<openbadges:credential> </openbadges:credential>"), "stands nothing"),
    "markup in the element": (
        svg_with("<openbadges:credential>{<b/>}</openbadges:credential>"),
        "stands elements or comments",
    ),
    "a comment in the element": (
        svg_with("<openbadges:credential>{}<!-- {} --></openbadges:credential>"),
        "stands elements or comments",
    ),
    "an element of another namespace": (svg_with('<credential xmlns="urn:x">{}</credential>'), "holds no credential"),
    "document type": (b'<!DOCTYPE svg SYSTEM "http://192.0.2.1/svg.dtd">' + BAKED_SVG, "declares a DOCTYPE"),
    "entities of entities": (
        b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + svg_with("&b;"),
        "declares a DOCTYPE",
    ),
    "a file of ours as entity": (
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg_with("&a;"),
        "declares a DOCTYPE",
    ),
    "an unknown entity": (svg_with("<openbadges:credential>&a;</openbadges:credential>"), "XML cannot be read"),
    "very deep": (svg_with("<g>" * 5000 + "</g>" * 5000), "deep"),
    "very many": (svg_with("<g/>" * 200_001), "at most so many"),
    "very large": (svg_with("x" * 5_000_001), "at most 5,000,000"),
}


@pytest.mark.parametrize(("data", "says"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_badge_says_what_was_found_and_what_was_expected(data: bytes, says: str):
    assert says in reason_of(data)


@pytest.mark.parametrize("times", [1, 50])
def test_what_unpacks_to_more_than_a_credential_is_never_unpacked_whole(times: int):
    bomb = international(zlib.compress(b" " * 50_000_000, 9), flags=b"\1\0")
    data = png_with(*[bomb] * times)
    tracemalloc.start()
    try:
        reason = reason_of(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert ("larger than one megabyte" if times == 1 else "holds 50 credentials") in reason
    assert peak < 12_000_000 + len(data)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_whatever_a_picture_holds_the_answer_is_a_report(anything: bytes):
    for data in (
        SIGNATURE + anything,
        png_with(anything),
        png_with(b"openbadgecredential\0" + anything),
        png_with(international(anything, flags=b"\1\0")),
        png_with(international(zlib.compress(anything), flags=b"\1\0")),
        svg_with("").replace(b"</svg>", anything + b"</svg>"),
        b"<" + anything,
    ):
        assert verify(data).outcome is not Outcome.VALID


@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_whatever_is_baked_into_a_badge_is_judged_as_if_it_came_alone(text: str):
    document = json.dumps({"type": ["VerifiableCredential"], "name": text})

    for bake in WAYS.values():
        assert findings(verify(bake(document))) == findings(verify(document.encode()))
