"""Commands for signing keys: see them, make them, take over from one, trust one no longer."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import click
from flask import Flask
from sqlalchemy import select

from certificates.adapters.key_ring import KeyRing
from certificates.models.keys import KeyPurpose, KeyState
from certificates.operations import keys as operations
from certificates.queries.keys import KeyView, find_key, list_keys
from lms import clock
from lms.db.session import Database
from lms.errors import NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.web.transactions import EXTENSION

_BY = "assay keys"
_DAY = "%Y-%m-%d"


@click.group("keys")
def keys() -> None:
    """Keys that sign credentials, documents, and the issuance log."""


@keys.command("list")
@click.pass_obj
def show(app: Flask) -> None:
    """Show every key: what it is for, and in which time it signed."""
    with _database(app).reading() as session:
        found = list_keys(session)
    for key in found:
        click.echo(_line(key))
    if not found:
        click.echo("There are no keys yet; `assay keys make` makes them.")


@keys.command("make")
@click.option("--development", is_flag=True, help="What these keys sign says that it is not for use.")
@click.pass_obj
def make(app: Flask, development: bool) -> None:
    """Make a key for each purpose that has none."""
    with _database(app).transaction(PUBLIC_ORGANISATION_ID) as session:
        made = operations.make_missing_keys(session, keys=_ring(app), is_development=development, at=clock.now())
    click.echo("\n".join(f"Made {key_id}" for key_id in made) or "Every purpose has its key.")


@keys.command("rotate")
@click.argument("purpose", type=click.Choice([purpose.value for purpose in KeyPurpose]))
@click.pass_obj
def rotate(app: Flask, purpose: str) -> None:
    """Let a new key sign from now on. What the one before signed stays good."""
    with _database(app).transaction(PUBLIC_ORGANISATION_ID) as session:
        new_id = operations.rotate_key(
            session, keys=_ring(app), purpose=KeyPurpose(purpose), at=clock.now(), actor=f"{_BY} rotate"
        )
    click.echo(f"{new_id} signs from now on.")


@keys.command("distrust")
@click.argument("key_id")
@click.option("--since", type=click.DateTime([_DAY]), help="The day from which others may have had it; today.")
@click.option("--reason", required=True, help="Kept in the audit.")
@click.option("--sign-anew/--sign-nothing", default=None, help="Whether to sign anew what it signed; asked.")
@click.pass_obj
def distrust(app: Flask, key_id: str, since: datetime | None, reason: str, sign_anew: bool | None) -> None:
    """Trust nothing that a key ever signed, and have it signed anew with another key."""
    at = clock.now()
    with _database(app).transaction(PUBLIC_ORGANISATION_ID) as session:
        known_since = since.replace(tzinfo=UTC) if since else at
        operations.distrust_key(
            session, key_id=key_id, since=known_since, reason=reason, at=at, actor=f"{_BY} distrust"
        )
        operations.make_missing_keys(session, keys=_ring(app), is_development=False, at=at)
    click.echo(f"{key_id} is trusted no longer, and is gone from the DID documents.")
    if sign_anew is None:
        sign_anew = click.confirm("Have what it signed signed anew?", default=True)
    if sign_anew:
        _sign_anew(app, key_id)


@keys.command("sign-anew")
@click.argument("key_id")
@click.pass_obj
def again(app: Flask, key_id: str) -> None:
    """Have the certificates that a key signed, and that still count, signed anew; asking twice makes none twice."""
    _sign_anew(app, key_id)


def _sign_anew(app: Flask, key_id: str) -> None:
    database = _database(app)
    with database.reading() as session:
        if find_key(session, key_id) is None:
            raise NotFound(f"There is no key {key_id}.")
        organisations: list[UUID] = list(session.scalars(select(Organisation.id).order_by(Organisation.slug)))
    count = 0
    for organisation_id in organisations:
        with database.transaction(organisation_id) as session:
            count += operations.sign_anew(session, key_id=key_id, at=clock.now())
    click.echo(f"The worker signs {count} certificates anew.")


def _line(key: KeyView) -> str:
    until = key.compromised_at or key.retired_at
    times = f"{key.created_at:{_DAY}} to {until:{_DAY}}" if until else f"since {key.created_at:{_DAY}}"
    kind = ", development" if key.is_development else ""
    word = "not trusted" if key.state is KeyState.COMPROMISED else key.state.value
    return f"{key.id}  {key.purpose.value}{kind}  {word}, {times}"


def _database(app: Flask) -> Database:
    database: Any = app.extensions[EXTENSION]
    assert isinstance(database, Database)
    return database


def _ring(app: Flask) -> KeyRing:
    ring: Any = app.extensions["assay.keys"]
    assert isinstance(ring, KeyRing)
    return ring


COMMANDS: list[click.Command] = [keys]
