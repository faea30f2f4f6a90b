"""Commands about items: the types there are, import and export."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from flask import Flask
from tqdm import tqdm

from assessments.adapters.exchange import Omission, Refusal
from assessments.adapters.file_formats import FORMATS, file_format
from assessments.domain.item_types import ITEM_TYPES
from assessments.models.imports import ImportState
from assessments.models.items import Difficulty
from assessments.operations.exporting import export_items
from assessments.operations.imported_drafts import Defaults
from assessments.operations.importing import ImportReport, import_items
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION

EXAMPLES = 3  # of a reason that are named
READABLE = [each.name for each in FORMATS.values() if each.read]
WRITABLE = [each.name for each in FORMATS.values() if each.write]
TAKES = "\b\nFormats:\n" + "\n".join(f"  {name:18} {FORMATS[name].title}" for name in READABLE)
DOING = {ImportState.READING: "Reading", ImportState.STORING: "Storing"}


@click.group("items")
def items() -> None:
    """The item bank: types, import, export."""


@items.command("types")
def types() -> None:
    """Print the item types there are: name, title, what the candidate does."""
    for kind in ITEM_TYPES.values():
        click.echo(f"{kind.name:22} {kind.title:24} {kind.task}")


@items.command("formats")
def formats() -> None:
    """Print the file formats there are: name, what can be done with it, how faults are taken, what it is."""
    for each in FORMATS.values():
        can = "/".join(word for word, function in (("import", each.read), ("export", each.write)) if function)
        faults = "row by row" if each.is_data_set else "all or nothing"
        click.echo(f"{each.name:18} {can:14} {faults:15} {each.title}")


@items.command("import", epilog=TAKES)
@click.argument("format_name", metavar="FORMAT", type=click.Choice(READABLE))
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--bank", help="The bank that the items belong to.  [default: the format's name]")
@click.option("--skill", help="The skill of items whose file names none.  [default: the format's name]")
@click.option(
    "--difficulty",
    type=click.Choice([band.value for band in Difficulty]),
    default=Difficulty.MEDIUM.value,
    show_default=True,
    help="The difficulty of items whose file names none.",
)
@click.option("--dry-run", is_flag=True, help="Read, check and count, but store nothing.")
@click.pass_obj
def import_(
    app: Flask, format_name: str, file: Path, bank: str | None, skill: str | None, difficulty: str, dry_run: bool
) -> None:
    """Import the items of FILE, which may be gzipped; some data sets take a folder.

    What is known and unchanged stays as it is. One refused row refuses the file, unless the format is read row by row:
    then the sound rows are imported. Ends with status 1 when the file was refused.
    """
    database: Any = app.extensions[EXTENSION]
    bar = _Bar()
    try:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            report = import_items(
                session,
                format=file_format(format_name),
                path=file,
                bank=bank or format_name,
                defaults=Defaults(skill or format_name, difficulty),
                at=clock.now(),
                is_dry_run=dry_run,
                progress=bar.show,
            )
    finally:
        bar.close()
    _tell(report)
    if report.is_refused:
        sys.exit(1)


@items.command("export")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(WRITABLE))
@click.option("--bank", help="The bank whose items are written.  [default: all banks]")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file.  [default: the terminal]")
@click.pass_obj
def export(app: Flask, format_name: str, bank: str | None, output: Path | None) -> None:
    """Write items with their keys to a file. Audited. Items that the format cannot hold are named."""
    database: Any = app.extensions[EXTENSION]
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        done = export_items(session, format=file_format(format_name), bank=bank, at=clock.now())
    with click.open_file(str(output or "-"), "wb") as file:
        file.write(done.data)
    click.echo(f"{done.written} items written, {len(done.refusals)} left out.", err=True)
    _tell_reasons(done.refusals, is_error=True)


class _Bar:
    """A progress bar on the terminal's error stream: one for reading, one for storing."""

    def __init__(self) -> None:
        self._state: ImportState | None = None
        self._bar: Any = None

    def show(self, state: ImportState, rows: int) -> None:
        if state is not self._state:
            self.close()
            self._state, self._bar = state, tqdm(desc=DOING[state], unit=" rows", file=sys.stderr)
        self._bar.update(rows - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _tell(report: ImportReport) -> None:
    """Print how many rows there were and what became of them, and every reason with its first examples."""
    counts = f"{report.made} made, {report.unchanged} unchanged, {report.refused} refused"
    click.echo(f"{report.rows_read} rows read, {counts}.")
    if report.is_dry_run:
        click.echo("This was a dry run: nothing was stored.")
    if report.is_refused:
        click.echo(f"Nothing was stored: the file is imported once all of its {report.rows_read} rows are sound.")
    if report.refusals:
        click.echo(_heading("Refused", report.refused, report.refusals))
        _tell_reasons(report.refusals)
    if report.omissions:
        click.echo(_heading("Left out, or read in another way", report.omitted, report.omissions))
        _tell_reasons(report.omissions)


def _heading(title: str, count: int, told: Sequence[object]) -> str:
    return f"{title} (the first {len(told)} of {count}):" if len(told) < count else f"{title}:"


def _tell_reasons(told: Iterable[Refusal | Omission], *, is_error: bool = False) -> None:
    places = defaultdict(list)
    for each in told:
        places[each.reason].append(f"row {each.row} ({each.where})")
    for reason, where in sorted(places.items(), key=lambda pair: -len(pair[1])):
        more = f" and {len(where) - EXAMPLES} more" if len(where) > EXAMPLES else ""
        click.echo(f"  {len(where):6}  {reason}", err=is_error)
        click.echo(f"          {'; '.join(where[:EXAMPLES])}{more}", err=is_error)
