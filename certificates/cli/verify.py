"""The command that verifies a file: against the records of this installation, or offline by pinned keys alone."""

import json
import re
import sys
from collections.abc import Sequence
from functools import reduce
from operator import or_
from pathlib import Path
from typing import IO, Any

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from certificates.adapters.canonical_json import parse_json
from certificates.adapters.published_head import PUBLISHED
from certificates.domain.trust import TrustedKeys, parse_did_document
from certificates.domain.verdicts import Outcome, VerificationReport
from certificates.queries.keys import trusted_keys
from certificates.queries.verifying import DatabaseRecords, Surroundings
from lms import clock
from lms.web.application import settings_of
from lms.web.transactions import EXTENSION

LARGEST_FILE = 20_000_000  # bytes
NOT_VALID = 1
UNREADABLE = 2  # as for a wrong use of the command
STATUS_OF = {Outcome.VALID: 0, Outcome.UNREADABLE: UNREADABLE, Outcome.UNKNOWN_ISSUER: 3}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HOW_TO_PIN = """There is no key to verify with. Pin those of an issuer that you trust, once, while you are online:

  curl -o did.json https://ISSUER/.well-known/did.json

then name the file with --keys, or put it into {folder}."""


@click.command("verify")
@click.argument("file", type=click.File("rb"))
@click.option("--offline", is_flag=True, help="Use nothing but the file and pinned keys: no database, no network.")
@click.option(
    "--keys",
    "key_files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="With --offline: a pinned DID document (did.json) of an issuer that you trust. Instead of those in"
    " DATA_DIR/trust. May be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Tell it in JSON.")
@click.pass_obj
def verify(app: Flask, file: IO[bytes], offline: bool, key_files: tuple[Path, ...], as_json: bool) -> None:
    """Verify FILE: a PDF, a credential as JSON or JWT, or a badge as PNG or SVG; - reads it from the standard input.

    Ends with status 0: valid. 1: not valid, which is expired, suspended, superseded, revoked or altered.
    2: not readable, or wrong use. 3: unknown issuer.
    """
    if key_files and not offline:
        raise click.UsageError("--keys is for --offline; online, the keys are those of this installation.")
    data = file.read(LARGEST_FILE + 1)
    report = _offline(app, data, key_files) if offline else _online(app, data)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else _in_words(report))
    sys.exit(STATUS_OF.get(report.outcome, NOT_VALID))


def _offline(app: Flask, data: bytes, key_files: Sequence[Path]) -> VerificationReport:
    from certificates.adapters.verifying import verify_file  # noqa: PLC0415  # PyLD, and only for this command

    folder = settings_of(app).data_dir / "trust"
    pinned = [_pinned(path) for path in key_files or sorted(folder.glob("*.json"))]
    if not pinned:
        raise click.UsageError(_HOW_TO_PIN.format(folder=folder))
    return verify_file(data, trust=reduce(or_, pinned), at=clock.now())


def _online(app: Flask, data: bytes) -> VerificationReport:
    from certificates.adapters.verifying import verify_file  # noqa: PLC0415  # PyLD, and only for this command

    database: Any = app.extensions[EXTENSION]
    around = Surroundings(base_url=settings_of(app).base_url, published=app.extensions[PUBLISHED].read())
    try:
        with database.reading() as session:
            trust = trusted_keys(session, base_url=around.base_url)
            return verify_file(data, trust=trust, at=clock.now(), records=DatabaseRecords(session, around))
    except DBAPIError as error:
        raise click.UsageError(
            "The records of this installation cannot be read. With --offline they are not needed."
        ) from error


def _pinned(path: Path) -> TrustedKeys:
    try:
        document = parse_json(path.read_bytes())
        return parse_did_document(document if isinstance(document, dict) else {})
    except ValueError as fault:
        raise click.UsageError(f"{path} pins no keys: {fault}") from None


def _in_words(report: VerificationReport) -> str:
    lines = [report.outcome.value.upper()]
    if report.facts is not None:
        facts = report.facts
        lines += [
            f"{facts.achievement}, issued to {facts.holder_name}",
            f"by {facts.issuer} ({facts.issuer_did})",
            f"on {facts.issued_at.date()}, valid until {facts.valid_until.date()}, id {facts.certificate_id},"
            f" edition {facts.number}",
        ]
    lines += ["", *(f"{check.result:9} {check.name:14} {check.says}" for check in report.checks)]
    return "\n".join(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", line) for line in lines)


COMMANDS: list[click.Command] = [verify]
