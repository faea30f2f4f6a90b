"""The press renders in a jail: the same as without, whatever hostile texts say, and again after any failure."""

import os
import signal
import socket
from dataclasses import replace

import pytest
from weasyprint.urls import FatalURLFetchingError

from certificates.adapters.pdf.fetching import OnlyOrnaments
from certificates.adapters.pdf.jail import Limits
from certificates.adapters.pdf.press import PdfPress, RenderFailed, RenderTimeout
from certificates.adapters.pdf.request import packed, unpacked
from certificates.domain.contents import SkillShown
from certificates.domain.design import Signatory
from tests.certificates.factories import make_view
from tests.certificates.printed import make_design, make_request, opened, plain, render, text_of

CANARY = "secret-canary-text"


@pytest.fixture(scope="module")
def press():
    press = PdfPress()
    yield press
    press.close()


@pytest.fixture(scope="module")
def canary():
    """A server on the loopback interface that is told of nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    file = tmp_path_factory.mktemp("secret") / "secret.txt"
    file.write_text(CANARY)
    return file


def hostile_texts(port: int, secret: str) -> list[str]:
    there, here = f"http://127.0.0.1:{port}/", f"file://{secret}"
    return [
        f'<img src="{here}">',
        f'"><img src={there}a>',
        f'<link rel="attachment" href="{here}">',
        f'<a rel="attachment" href="{here}">x</a>',
        f'<link rel=stylesheet href="{there}s.css">',
        f"<style>@import url({there}i.css);</style>",
        f"</title></head><style>body{{background:url({there}b)}}</style>",
        f"</p><p style=\"background-image: url('{there}')\">",
        f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{here}'/><use href='{there}#x'/></svg>",
        f"<object data='{here}'></object><embed src='{there}'>",
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{here}">]>&e;',
        f'<xi:include href="{here}" parse="text"/>',
        f"@font-face {{ font-family: x; src: url({there}f.ttf) }}",
        "{{ 7 * 7 }}{% include '/etc/passwd' %}",
        f"<?xml-stylesheet href='{there}'?>",
        "<script>app.alert(1)</script>",
    ]


def test_the_press_renders_what_is_rendered_without_it(press):
    request = make_request(holder_name="李时珍 محمد", design=make_design(), is_development=True)

    assert press.render(request) == render(request)


def test_a_request_travels_unchanged():
    request = make_request(design=make_design(), state_reason="because", skills=())

    assert unpacked(packed(request)) == request


@pytest.mark.parametrize("which", range(16))
def test_a_hostile_text_is_shown_as_text_and_reaches_nothing(press, canary, secret, which):
    text = hostile_texts(canary.getsockname()[1], str(secret))[which]
    request = make_request(
        holder_name=text,
        achievement=text,
        description=text,
        criteria=text,
        issuer=text,
        skills=(SkillShown("s", text, make_view().score),),
        design=make_design(display_name=text, signatories=(Signatory(text, text),)),
    )

    pdf = press.render(request)

    assert plain(text) in plain(text_of(pdf))
    assert CANARY.encode() not in pdf
    assert CANARY not in text_of(pdf)
    with opened(pdf) as document:
        assert list(document.attachments) == ["credential.json"]
        assert len(document.pages) == 1


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "http://127.0.0.1:1/", "https://example.org/", "data:image/svg+xml,<svg/>", "ornament:x"],
)
def test_nothing_is_fetched_but_our_own_pictures(url):
    with pytest.raises(FatalURLFetchingError):
        OnlyOrnaments({"ornament:code": b""}).fetch(url)


def test_a_logo_that_is_no_picture_ends_the_process_and_the_next_certificate_is_rendered(press):
    with pytest.raises(RenderFailed, match=r"p7Yw3xQd0KJ_rZ8mTn-vB4Le was not rendered: it ended with status 1 \(PIL"):
        press.render(make_request(design=make_design(logo=b"no picture")))

    assert press.render(make_request()).startswith(b"%PDF-")


def test_a_press_that_was_killed_renders_the_next_certificate(press):
    press.render(make_request())
    before = press.process_id
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)

    assert press.render(make_request()).startswith(b"%PDF-")


def test_a_press_that_takes_too_long_is_ended():
    press = PdfPress(replace(Limits(), seconds=0.001))
    try:
        with pytest.raises(RenderTimeout, match="too long"):
            press.render(make_request())
    finally:
        press.close()
    assert press.process_id is None


def test_a_press_without_enough_memory_says_so():
    press = PdfPress(replace(Limits(), memory_bytes=60_000_000))
    try:
        with pytest.raises(RenderFailed, match=r"was not rendered"):
            press.render(make_request(holder_name="李时珍"))
    finally:
        press.close()
