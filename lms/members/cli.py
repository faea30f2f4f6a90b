"""Commands for organisations: make one with its first manager, list them."""

from typing import Any
from uuid import uuid4

import click
from flask import Flask
from sqlalchemy import func, select

from lms import clock
from lms.accounts import people
from lms.accounts.models import Membership
from lms.errors import NotFound
from lms.members.organisations import found_organisation
from lms.organisations.models import Organisation
from lms.web.transactions import EXTENSION


@click.group("organisation")
def organisation() -> None:
    """Organisations and who manages them."""


@organisation.command("create")
@click.option("--name", required=True)
@click.option("--slug", required=True, help="Its short name in addresses: lower case letters, digits and hyphens.")
@click.option("--manager", required=True, metavar="EMAIL", help="Whose account manages it from the start.")
@click.pass_obj
def create(app: Flask, name: str, slug: str, manager: str) -> None:
    """Make an organisation; the manager needs an account."""
    database: Any = app.extensions[EXTENSION]
    with app.app_context(), database.transaction(uuid4()) as session:
        founder = people.find_person(session, email=manager)
        if founder is None:
            raise NotFound(f"there is no account {manager}")
        found_organisation(
            session,
            name=name,
            slug=slug,
            founder_id=founder.id,
            actor="assay organisation create",
            at=clock.now(),
        )
    click.echo(f"Created the organisation {slug}, managed by {manager}.")


@organisation.command("list")
@click.pass_obj
def list_organisations(app: Flask) -> None:
    """Every organisation with the number of its members."""
    counted = (
        select(Organisation.slug, Organisation.name, func.count(Membership.person_id.distinct()))
        .outerjoin(Membership, Membership.organisation_id == Organisation.id)
        .group_by(Organisation.id, Organisation.slug, Organisation.name)
        .order_by(Organisation.slug)
    )
    with app.extensions[EXTENSION].reading() as session:
        for slug, name, count in session.execute(counted):
            click.echo(f"{slug:<30} {count:>7} {'member' if count == 1 else 'members'}  {name}")
