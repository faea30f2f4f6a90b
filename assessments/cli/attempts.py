"""Commands about attempts: the sheet that earns full score, and results computed anew."""

import json
from typing import Any
from uuid import UUID

import click
from flask import Flask

from assessments.cli.verifying import verify
from assessments.operations.sheet import read_sheet
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION


@click.group("attempt")
def attempt() -> None:
    """Sittings of tests."""


@attempt.command("sheet")
@click.argument("attempt_id", type=click.UUID)
@click.pass_obj
def sheet(app: Flask, attempt_id: UUID) -> None:
    """Print, a line a position, the response that earns full score. Audited; no page has it."""
    database: Any = app.extensions[EXTENSION]
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for line in read_sheet(session, attempt_id=attempt_id, actor="assay attempt sheet", at=clock.now()):
            click.echo(json.dumps(line, ensure_ascii=False))


attempt.add_command(verify)
