"""Commands for accounts: the first people of an installation."""

import secrets
from typing import Any

import click
from flask import Flask
from sqlalchemy.orm import Session

from lms import clock
from lms.accounts import people
from lms.accounts.models import Person, PersonState
from lms.accounts.sign_ins import revoke_sign_ins
from lms.db.scope import enter_organisation
from lms.errors import Conflict, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.organisations.slugs import PUBLIC, get_organisation_id
from lms.web.application import settings_of
from lms.web.transactions import EXTENSION


@click.group("person")
def person() -> None:
    """Accounts of people."""


@person.command("create")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.CANDIDATE.value)
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--password", help="Made at random and printed when left out.")
@click.option("--if-none", is_flag=True, help="Do nothing when somebody holds the role already.")
@click.option("--organisation", "slug", default=PUBLIC, show_default=True, help="Where the role holds: its short name.")
@click.pass_obj
def create(app: Flask, role: str, name: str, email: str, password: str | None, if_none: bool, slug: str) -> None:
    """Create an account with a role, and print how to sign in. Every account is in the public organisation as well."""
    chosen = Role(role)
    made = password or secrets.token_urlsafe(12)
    database: Any = app.extensions[EXTENSION]
    with database.reading() as session:
        organisation_id = get_organisation_id(session, slug=slug)
    with database.reading(organisation_id) as session:
        holder = people.find_holder(session, role=chosen) if if_none else None
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        created: Person | None = None
        if holder is None:
            created = people.create_person(
                session, name=name, email=email, password=made, state=PersonState.ACTIVE, at=clock.now()
            )
            if created is None:
                raise Conflict(f"{email} has an account already")
            enter_organisation(session, organisation_id)
            people.grant_role(session, person_id=created.id, role=chosen, actor="assay person create", at=clock.now())
    if created is None:
        held_by = holder.email if holder else ""
        click.echo(f"The {chosen.value} is {held_by}; `assay person password {held_by}` sets a new password.")
        return
    shown = "the one you gave" if password else made
    click.echo(f"Created the {chosen.value}. Sign in at {settings_of(app).base_url}/sign-in")
    click.echo(f"  as {created.email} with the password {shown}")


@person.command("password")
@click.argument("email")
@click.pass_obj
def password(app: Flask, email: str) -> None:
    """Set a new random password, end every sign-in of the account, and print the password."""
    made = secrets.token_urlsafe(12)
    database: Any = app.extensions[EXTENSION]
    with database.transaction() as session:
        holder = _get_by_email(session, email)
        revoke_sign_ins(session, person_id=holder.id, at=clock.now())  # in every organisation
        enter_organisation(session, PUBLIC_ORGANISATION_ID)
        people.set_password(session, person_id=holder.id, password=made, at=clock.now())
    click.echo(f"New password of {email}: {made}")


@person.command("suspend")
@click.argument("email")
@click.option("--reason", required=True, help="Kept with the account and in the audit.")
@click.pass_obj
def suspend(app: Flask, email: str, reason: str) -> None:
    """Lock an account out at once, on every device."""
    with app.extensions[EXTENSION].transaction() as session:
        found = _get_by_email(session, email)
        revoke_sign_ins(session, person_id=found.id, at=clock.now())  # in every organisation
        enter_organisation(session, PUBLIC_ORGANISATION_ID)
        people.suspend(session, person_id=found.id, reason=reason, actor="assay person suspend", at=clock.now())
    click.echo(f"{email} is suspended and signed out everywhere.")


@person.command("reinstate")
@click.argument("email")
@click.pass_obj
def reinstate(app: Flask, email: str) -> None:
    """Undo a suspension."""
    with app.extensions[EXTENSION].transaction(PUBLIC_ORGANISATION_ID) as session:
        found = _get_by_email(session, email)
        people.reinstate(session, person_id=found.id, actor="assay person reinstate", at=clock.now())
    click.echo(f"{email} may sign in again.")


def _get_by_email(session: Session, email: str) -> Person:
    found = people.find_person(session, email=email)
    if found is None:
        raise NotFound(f"there is no account {email}")
    return found
