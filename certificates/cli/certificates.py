"""Commands over many certificates: run through them, and follow how far that is."""

import sys
import time
from uuid import UUID

import click
from flask import Flask
from sqlalchemy import select
from tqdm import tqdm

from certificates.models.reissues import RunKind, RunState
from certificates.operations.reconciling import reconcile, take_up_again
from certificates.operations.reissuing import resume_run, start_run
from certificates.queries.reissues import RunLine, RunProgress, Selection, count_progress, get_run
from lms import clock
from lms.db.session import Database
from lms.errors import Invalid, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.web.transactions import EXTENSION

_LOOKS_EVERY = 0.5  # seconds
_LONG_SILENCE = 20.0  # seconds after which no worker seems to run


@click.group("certificates")
def certificates() -> None:
    """Certificates, many at once."""


@certificates.command("reissue")
@click.option("--cause", type=click.Choice([kind.value for kind in RunKind]), help="What is done to each.")
@click.option("--achievement", metavar="SLUG", help="Only certificates of this achievement.")
@click.option("--key", "key_id", metavar="KEY", help="With keys: only what this key signed.")
@click.option("--reason", default="", help="Kept with the run; holders of renewed certificates read it.")
@click.option("--resume", "resumed", type=click.UUID, metavar="RUN", help="Go on with a run, or follow it again.")
@click.option("--organisation", metavar="SLUG", help="Of which organisation; the public one if unsaid.")
@click.option("--detach", is_flag=True, help="Leave it to the worker and do not follow.")
@click.pass_obj
def reissue(
    app: Flask,
    cause: str | None,
    achievement: str | None,
    key_id: str | None,
    reason: str,
    resumed: UUID | None,
    organisation: str | None,
    detach: bool,
) -> None:
    """Have many certificates signed anew (keys), redesigned (design) or renewed (renew), each once.

    The worker does it; this command follows it. Stop it with Ctrl+C whenever you like: the run goes on.
    Ends with status 1 when somebody stops the run.
    """
    database: Database = app.extensions[EXTENSION]
    organisation_id = _organisation_id(database, organisation)
    if resumed is not None:
        run_id = _resume(database, organisation_id, resumed)
    elif cause is not None:
        selection = Selection(RunKind(cause), achievement=achievement, key_id=key_id)
        with database.transaction(organisation_id) as session:
            run_id = start_run(session, selection=selection, reason=reason, actor_id=None, at=clock.now())
    else:
        raise Invalid("Say what is to be done with --cause, or which run goes on with --resume.")
    click.echo(f"Run {run_id}")
    if detach:
        return
    try:
        run = _follow(database, organisation_id, run_id)
    except KeyboardInterrupt:
        click.echo(f"The run goes on in the worker; `assay certificates reissue --resume {run_id}` follows it again.")
        return
    _tell(database, organisation_id, run)


@certificates.command("finish")
@click.option("--organisation", metavar="SLUG", help="Of which organisation; the public one if unsaid.")
@click.pass_obj
def finish(app: Flask, organisation: str | None) -> None:
    """Have the worker take up again what was flagged, or was not finished although nobody is at it.

    By itself it looks every five minutes for what was not finished; what is flagged waits for this command.
    """
    database: Database = app.extensions[EXTENSION]
    at = clock.now()
    with database.transaction(_organisation_id(database, organisation)) as session:
        unfinished = reconcile(session, at=at)
        flagged = take_up_again(session, at=at)
    click.echo(f"Taken up again: {flagged} flagged, {unfinished} unfinished.")


def _organisation_id(database: Database, slug: str | None) -> UUID:
    if slug is None:
        return PUBLIC_ORGANISATION_ID
    with database.reading() as session:
        found = session.scalars(select(Organisation.id).where(Organisation.slug == slug)).one_or_none()
    if found is None:
        raise NotFound(f"There is no organisation {slug}.")
    return found


def _resume(database: Database, organisation_id: UUID, run_id: UUID) -> UUID:
    """A run that is under way or done is only followed."""
    with database.transaction(organisation_id) as session:
        if get_run(session, run_id).state is RunState.STOPPED:
            resume_run(session, run_id=run_id, actor_id=None, at=clock.now())
    return run_id


def _follow(database: Database, organisation_id: UUID, run_id: UUID) -> RunLine:
    """Show how far the run is until nothing is going to change, and return it as it then is."""
    run, progress = _look(database, organisation_id, run_id)
    moved_at, is_told = time.monotonic(), False
    with tqdm(total=run.total, initial=_finished(progress), unit=" certificates", file=sys.stderr) as bar:
        while run.state is RunState.RUNNING or (run.state is RunState.DONE and not progress.is_settled):
            time.sleep(_LOOKS_EVERY)
            run, now = _look(database, organisation_id, run_id)
            if now != progress:
                moved_at = time.monotonic()
            elif time.monotonic() - moved_at > _LONG_SILENCE and not is_told:
                is_told = True
                bar.write("Nothing moves. Does a worker run? `assay worker` starts one.", file=sys.stderr)
            progress = now
            bar.update(_finished(progress) - bar.n)
    return run


def _look(database: Database, organisation_id: UUID, run_id: UUID) -> tuple[RunLine, RunProgress]:
    with database.reading(organisation_id) as session:
        return get_run(session, run_id), count_progress(session, run_id)


def _finished(progress: RunProgress) -> int:
    """How many certificates the bar counts: those for which nothing more comes."""
    return progress.filed + progress.flagged + progress.withdrawn + progress.refused


def _tell(database: Database, organisation_id: UUID, run: RunLine) -> None:
    _run, progress = _look(database, organisation_id, run.id)
    click.echo(
        f"{progress.filed} of {run.total} have a new PDF, {progress.refused} refused, "
        f"{progress.flagged} wait for a person, {progress.withdrawn} withdrawn meanwhile."
    )
    if run.state is RunState.STOPPED:
        click.echo(f"Somebody stopped the run; `assay certificates reissue --resume {run.id}` goes on.")
        sys.exit(1)


COMMANDS: list[click.Command] = [certificates]
