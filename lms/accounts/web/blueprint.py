"""The blueprint of the account pages, and the cookie that says who is signed in."""

from uuid import UUID

from flask import Blueprint, current_app, request, session
from flask_login import LoginManager, current_user, login_user

from lms import clock
from lms.accounts.sign_ins import SignedIn, find_signed_in, organisation_to_enter, start_sign_in
from lms.web.transactions import database

accounts = Blueprint("accounts", __name__)
login_manager = LoginManager()
login_manager.session_protection = None  # the sign-in row is the protection; see sign_ins


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login publishes no types
def load_person(token: str) -> SignedIn | None:
    """Who holds the token of this cookie."""
    with database().looking_up() as connection:
        return find_signed_in(connection, token=token, at=clock.now())


def enter(person_id: UUID, organisation_id: UUID | None = None) -> None:
    """Sign a person in on this browser, with a new session id and nothing left of the old one.

    They come into the organisation in which they were last, unless one is named. Who is signed in already showed who
    they are then, and not again now.
    """
    is_here = current_user.is_authenticated and current_user.id == person_id
    if organisation_id is None:
        with database().looking_up() as connection:
            organisation_id = organisation_to_enter(connection, person_id=person_id)
    with database().transaction(organisation_id) as write:
        token = start_sign_in(
            write,
            person_id=person_id,
            organisation_id=organisation_id,
            user_agent=request.user_agent.string,
            at=clock.now(),
            authenticated_at=current_user.authenticated_at if is_here else None,
        )
    person = load_person(token)
    session.clear()
    session.permanent = True
    if person is not None:
        login_user(person)


def base_url() -> str:
    """The origin for links in mail: from the settings, never from the request."""
    url: str = current_app.extensions["assay.settings"].base_url
    return url
