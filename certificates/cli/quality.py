"""Commands for the quality of work: whether what platforms reported is still what was accepted."""

import sys

import click
from flask import Flask
from sqlalchemy import select

from certificates.operations.outcome_records import find_altered_calls
from lms.organisations.models import Organisation
from lms.web.transactions import EXTENSION


@click.group("quality")
def quality() -> None:
    """The quality of work, as platforms report it."""


@quality.command("check")
@click.pass_obj
def check(app: Flask) -> None:
    """Compare outcomes of work with the hashes in the audit, and name the calls whose rows were altered.

    Nothing is written. Ends with status 1 when any was.
    """
    database = app.extensions[EXTENSION]
    with database.reading() as session:
        organisations = session.execute(select(Organisation.id, Organisation.slug).order_by(Organisation.slug)).all()
    altered = 0
    for organisation_id, slug in organisations:
        with database.reading(organisation_id) as session:
            for call_id in find_altered_calls(session):
                click.echo(f"{slug}: call {call_id} does not hold what was accepted")
                altered += 1
    if altered:
        click.echo(f"{altered} call{'s were' if altered > 1 else ' was'} altered.")
        sys.exit(1)
    click.echo("Every call holds what was accepted.")


COMMANDS: list[click.Command] = [quality]
