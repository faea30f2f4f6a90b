"""Somebody who was sent a certificate finds out whether it holds: by file, by id, by keyboard, without scripts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from certificates.domain.contents import CertificateView
from certificates.domain.standing import CertificateState
from certificates.models.certificates import CertificateFile
from certificates.models.credentials import Credential
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.at_work import decide
from tests.certificates.baked import PICTURE, WAYS
from tests.certificates.factories import deliver_all, make_office, qualify, the_certificate
from tests.keys import focus, press_on
from tests.pages import becomes, follow, look_at

pytestmark = pytest.mark.browser

FILE = 'input[type="file"]'
NAMES = ["Ada Lovelace", "Ольга Ладыженская, née Ковалевская von und zu Hohenfels-Wittenbergplatz", "Grace Hopper"]


@pytest.fixture
def held(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> list[CertificateView]:
    """Three certificates, signed and printed; the last one is revoked."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        held = [the_certificate(session, qualify(session, name=name)) for name in NAMES]
    deliver_all(app)
    decide(app, database, held[2].id, CertificateState.REVOKED)
    return held


@pytest.fixture
def files(app: Flask, database: Database, held: list[CertificateView], tmp_path: Path) -> dict[str, Path]:
    """The files that somebody may be sent, by what is the matter with them."""
    stored = {path.name: path for path in (app.extensions["assay.settings"].data_dir / "certificates").rglob("*")}
    with database.reading() as session:
        hashes = {row.certificate_id: row.sha256 for row in session.scalars(select(CertificateFile))}
        document = session.scalars(select(Credential.document).where(Credential.certificate_id == held[0].id)).one()
    pdfs = [next(path for name, path in stored.items() if hashes[one.id] in name).read_bytes() for one in held]
    contents = {
        "valid.pdf": pdfs[0],
        "long.pdf": pdfs[1],
        "revoked.pdf": pdfs[2],
        "altered.pdf": pdfs[0] + b"\n",
        "garbage.pdf": b"no certificate at all",
        "empty.pdf": b"",
        "picture.png": PICTURE,
        "badge.png": WAYS["our PNG"](document),
        "badge.svg": WAYS["our SVG"](document),
        "large.pdf": b"%PDF-1.7\n" + b"\0" * 21_000_000,
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in contents}


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """A stranger's browser; faults of scripts fail the test."""
    contexts, faults = [], []

    def open_one(**options: object) -> Page:
        context = browser.new_context(base_url=address, locale="en-GB", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not faults


def send(page: Page, path: Path) -> None:
    page.goto("/verify/")
    page.set_input_files(FILE, path)
    follow(page.get_by_role("button", name="Verify the file"))


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_file_gets_a_clear_verdict(open_page, files: dict[str, Path], scripts: bool):
    page = open_page(java_script_enabled=scripts)
    verdict = page.locator(".verdict h2")

    send(page, files["valid.pdf"])
    expect(verdict).to_have_text("Valid")
    expect(page.get_by_role("main")).to_contain_text("Ada Lovelace")

    for badge in ("badge.png", "badge.svg"):
        send(page, files[badge])
        expect(verdict).to_have_text("Valid")
        expect(page.get_by_role("main")).to_contain_text("Nobody signs the drawing")

    send(page, files["altered.pdf"])
    expect(verdict).to_have_text("Altered")
    expect(page.get_by_role("main")).not_to_contain_text("Ada Lovelace")

    send(page, files["revoked.pdf"])
    expect(verdict).to_have_text("Revoked")
    expect(page.get_by_role("main")).to_contain_text("The issuer has withdrawn it.")


def test_what_is_no_certificate_is_said_beside_the_form(open_page, files: dict[str, Path]):
    page = open_page()
    for name, says in {
        "garbage.pdf": "neither a PDF nor a credential",
        "empty.pdf": "Choose the file",
        "picture.png": "This picture (PNG) holds no credential",
        "large.pdf": "at most 20 MB",
    }.items():
        send(page, files[name])
        expect(page.locator("#file-errors")).to_contain_text(says)
        expect(page.locator(FILE)).to_have_attribute("aria-invalid", "true")


def test_the_keyboard_is_enough(open_page, held: list[CertificateView], files: dict[str, Path]):
    page, choosers = open_page(), []
    page.on("filechooser", lambda chooser: choosers.append(chooser))  # said long before it opens, lest that is missed
    page.goto("/verify/")
    focus(page, "#id")
    page.keyboard.type(held[0].id)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".verdict h2")).to_have_text("Valid")

    page.goto("/verify/")
    focus(page, FILE)
    page.keyboard.press("Enter")
    becomes(lambda: page.evaluate("1") and len(choosers), 1)  # what happens is heard of while something is asked
    choosers[0].set_files(files["valid.pdf"])
    with page.expect_navigation():
        press_on(page, 'form[method="post"][enctype] button')
    expect(page.locator(".verdict h2")).to_have_text("Valid")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_suit_everybody_and_every_phone(open_page, held, files: dict[str, Path], scheme: str):
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    found = []
    for name in ("valid.pdf", "badge.png", "long.pdf", "altered.pdf", "revoked.pdf", "picture.png"):
        send(page, files[name])
        found += look_at(page, name)
    for one in (held[1], held[2]):
        page.goto(f"/verify/{one.id}")
        found += look_at(page, "by id")
    page.goto("/verify/nothing-like-that")
    found += look_at(page, "unknown id")
    assert found == []
