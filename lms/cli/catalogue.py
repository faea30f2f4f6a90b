"""Commands that check and load tracks."""

from pathlib import Path
from typing import Any

import click
from flask import Flask

from lms import clock
from lms.catalogue.findings import Findings
from lms.catalogue.readers import open_catalogue, readers_of
from lms.organisations.slugs import PUBLIC, get_organisation_id
from lms.web.transactions import EXTENSION

_path = click.argument("path", type=click.Path(path_type=Path))


@click.group("catalogue")
def catalogue() -> None:
    """Tracks as folders of text."""


@catalogue.command("check")
@_path
@click.pass_obj
def check(app: Flask, path: Path) -> None:
    """Name every fault of a track or a catalogue with file and line."""
    _check(app, path, is_quiet=False)


@catalogue.command("load")
@_path
@click.option("--organisation", "slug", default=PUBLIC, show_default=True, help="The short name of whose it will be.")
@click.pass_obj
def load(app: Flask, path: Path, slug: str) -> None:
    """Check, then import as new versions what is new or changed."""
    _check(app, path, is_quiet=True)
    opened = open_catalogue(path)
    database: Any = app.extensions[EXTENSION]
    with database.reading() as session:
        organisation_id = get_organisation_id(session, slug=slug)
    with database.transaction(organisation_id) as session:
        for reader in readers_of(app):
            for line in reader.load(session, opened, clock.now()):
                click.echo(line)


def _check(app: Flask, path: Path, *, is_quiet: bool) -> None:
    findings = Findings()
    opened = open_catalogue(path)
    report = [line for reader in readers_of(app) for line in reader.check(opened, findings)]
    if not is_quiet:
        for line in report:
            click.echo(line)
    for finding in findings.sorted():
        click.echo(str(finding), err=True)
    if findings:
        raise click.ClickException(f"{len(findings.sorted())} faults found; nothing was loaded")
    if not is_quiet:
        click.echo("0 faults found")
