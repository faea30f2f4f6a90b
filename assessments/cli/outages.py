"""Commands about outages: what is known of them, and giving the time back."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import click
from flask import Flask

from assessments.operations.outages import credit_outage, settle_outage
from assessments.queries.outages import list_outages
from lms import clock
from lms.audit.operations import record
from lms.db.scope import enter_organisation
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION


class Instant(click.ParamType[datetime]):
    """A date and time, in UTC unless it says otherwise."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date and time; expected one such as 2026-11-21T09:30 (UTC)", param, ctx)
        return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)


@click.group("outage")
def outage() -> None:
    """Times when the service was away, and the time given back for them."""


@outage.command("list")
@click.pass_obj
def list_(app: Flask) -> None:
    """Print the latest outages: id, from, to, state, attempts that were given time, who found it, why."""
    with app.extensions[EXTENSION].reading(PUBLIC_ORGANISATION_ID) as session:
        for each in list_outages(session):
            known = each.outage
            click.echo(
                f"{known.id}  {known.began_at:%Y-%m-%d %H:%M:%S} to {known.ended_at:%Y-%m-%d %H:%M:%S} UTC  "
                f"{known.state:9}  {each.attempts:4} attempts  {known.found_by}: {known.reason}"
            )


@outage.command("credit")
@click.option("--from", "began_at", type=Instant(), required=True, help="When it began, in UTC.")
@click.option("--to", "ended_at", type=Instant(), required=True, help="When it ended, in UTC.")
@click.option("--reason", required=True, help="Why the service was away; people who manage read it.")
@click.pass_obj
def credit(app: Flask, began_at: datetime, ended_at: datetime, reason: str) -> None:
    """Record an outage and give its time back to every attempt that is still open."""
    by, now = "assay outage credit", clock.now()
    with app.extensions[EXTENSION].transaction() as session:
        outage_id, count = credit_outage(session, began_at=began_at, ended_at=ended_at, reason=reason, by=by, at=now)
        enter_organisation(session, PUBLIC_ORGANISATION_ID)
        record(session, action="outage.credited", actor=by, subject_id=outage_id, at=now, attempts=count)
    click.echo(f"Outage {outage_id} is recorded. Open attempts that were given its time: {count}.")


@outage.command("settle")
@click.argument("outage_id", type=click.UUID)
@click.option("--give/--dismiss", "is_credited", required=True, help="Give the time back, or not.")
@click.pass_obj
def settle(app: Flask, outage_id: UUID, is_credited: bool) -> None:
    """Decide about an outage that waits for a person, because it was too long to be counted by rule."""
    by, now = "assay outage settle", clock.now()
    with app.extensions[EXTENSION].transaction() as session:
        count = settle_outage(session, outage_id=outage_id, is_credited=is_credited, by=by, at=now)
        enter_organisation(session, PUBLIC_ORGANISATION_ID)
        action = "outage.credited" if is_credited else "outage.dismissed"
        record(session, action=action, actor=by, subject_id=outage_id, at=now, attempts=count)
    click.echo(f"Open attempts that were given its time: {count}." if is_credited else "No time is given back for it.")
