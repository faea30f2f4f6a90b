"""Commands for the issuance log: recompute all of it from evidence, and go on after an older backup was restored."""

import json
import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import click
from flask import Flask
from tqdm import tqdm

from certificates.adapters.published_head import PUBLISHED, PublishedHead
from certificates.operations.published_log import resume_log
from lms import clock
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.application import settings_of
from lms.web.transactions import EXTENSION

if TYPE_CHECKING:
    from certificates.adapters.checking.everything import Tally
    from certificates.adapters.checking.findings import Findings

FORMAT = "assay-log-check/v1"


@click.group("log")
def log() -> None:
    """The issuance log: every credential and every change of state, in a tree that only grows."""


@log.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--quick", "is_quick", is_flag=True, help="Leave out credentials' signatures and the insides of PDFs.")
@click.pass_obj
def check(app: Flask, as_json: bool, is_quick: bool) -> None:
    """Recompute the log and every certificate from evidence, and name each row that does not hold.

    Nothing is written. Ends with status 1 when anything does not hold.
    """
    # PyLD and pyHanko are needed by this command alone, and take 50 MB.
    from certificates.adapters.checking.everything import check_everything  # noqa: PLC0415

    published = _published(app).read()  # before the database: the head may be published while we read
    findings = check_everything(
        _database(app).engine,
        published=published,
        folder=settings_of(app).data_dir / "certificates",
        at=clock.now(),
        is_quick=is_quick,
        watch=_watch,
    )
    if as_json:
        click.echo(json.dumps(_as_json(findings), ensure_ascii=False, indent=2))
    else:
        _tell(findings)
    if findings.total:
        sys.exit(1)


@log.command("resume")
@click.option("--reason", required=True, help="Why the log does not continue what was published; everybody reads it.")
@click.pass_obj
def resume(app: Flask, reason: str) -> None:
    """Let the log go on from what the database holds, though something else was published.

    For after an older backup was restored. Audited, and shown on the log's page for good.
    """
    published = _published(app)
    at = clock.now()
    with _database(app).transaction(PUBLIC_ORGANISATION_ID) as session:
        head = resume_log(session, published=published, reason=reason, actor="assay log resume", at=at)
    published.replace(head.note if head else None, at=at)
    click.echo(
        f"The log goes on from {head.size if head else 0:,} leaves. What was published before is kept beside it."
    )


COMMANDS: list[click.Command] = [log]


def _tell(findings: "Findings") -> None:
    for finding in findings.kept:
        click.echo(str(finding))
    for (table, rule), count in findings.counts.items():
        kept = sum((each.table, each.rule) == (table, rule) for each in findings.kept)
        if count > kept:
            click.echo(f"{table}: {rule}: and {count - kept:,} more.")
    looked_at = ", ".join(f"{count:,} of {table}" for table, count in findings.checked.items())
    click.echo(f"Looked at {looked_at or 'nothing: the log is empty'}.")
    click.echo(f"{findings.total:,} findings." if findings.total else "Everything holds.")


def _as_json(findings: "Findings") -> dict[str, Any]:
    return {
        "format": FORMAT,
        "holds": not findings.total,
        "checked": dict(findings.checked),
        "count": findings.total,
        "findings": [finding.as_json() for finding in findings.kept],
    }


def _watch(title: str, total: int) -> AbstractContextManager["Tally"]:
    bar: AbstractContextManager[Tally] = tqdm(total=total, desc=title, file=sys.stderr, disable=None)
    return bar


def _database(app: Flask) -> Database:
    database: Database = app.extensions[EXTENSION]
    return database


def _published(app: Flask) -> PublishedHead:
    published: PublishedHead = app.extensions[PUBLISHED]
    return published
