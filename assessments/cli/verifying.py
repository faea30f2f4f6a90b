"""The command that computes results anew and names each that is stored otherwise."""

import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import click
from flask import Flask
from tqdm import tqdm

from assessments.operations.verifying import Range, count_attempts, verify_batch
from lms.errors import NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION

FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]


@click.command("verify")
@click.option("--test", "test_slug", metavar="SLUG", help="Attempts of this test only.")
@click.option("--from", "start", type=click.DateTime(FORMATS), help="Handed in at this time (UTC) or later.")
@click.option("--to", "end", type=click.DateTime(FORMATS), help="Handed in before this time (UTC).")
@click.option("--attempt", "attempt_id", type=click.UUID, help="This attempt only.")
@click.pass_obj
def verify(
    app: Flask, test_slug: str | None, start: datetime | None, end: datetime | None, attempt_id: UUID | None
) -> None:
    """Compute results anew and compare them with those that are stored.

    Goes by frozen versions, accepted answers, marks, committed regrades and the terms of each attempt. Prints a line
    for every value that differs and ends with status 1 when there is one; the memory it takes does not grow with the
    number of attempts. While a regrade is being carried out, attempts that it has not reached yet differ.
    """
    database: Any = app.extensions[EXTENSION]
    wanted = Range(test_slug, start and start.replace(tzinfo=UTC), end and end.replace(tzinfo=UTC), attempt_id)
    seen = differences = wrong = 0
    after: UUID | None = None
    try:
        with database.reading(PUBLIC_ORGANISATION_ID) as session:
            total = count_attempts(session, wanted)
    except NotFound as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if attempt_id is not None and not total:
        raise click.ClickException(f"There is no graded attempt {attempt_id}.")
    with tqdm(total=total, unit=" attempts", file=sys.stderr) as bar:
        while True:
            with database.reading(PUBLIC_ORGANISATION_ID) as session:  # one a batch, so that none is open for long
                count, after, found = verify_batch(session, wanted, after=after)
            for one in found:
                bar.write(str(one), file=sys.stdout)
            seen, differences = seen + count, differences + len(found)
            wrong += len({one.attempt_id for one in found})
            bar.update(count)
            if after is None:
                break
    click.echo(f"{seen} attempts verified, {differences} differences in {wrong} of them.")
    if differences:
        sys.exit(1)
