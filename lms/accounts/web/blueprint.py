"""The blueprint of the account pages, and the cookie that says who is signed in."""

from uuid import UUID

from flask import Blueprint, current_app, request, session
from flask_login import LoginManager, login_user

from lms import clock
from lms.accounts.sign_ins import SignedIn, find_signed_in, start_sign_in
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import database, transaction

accounts = Blueprint("accounts", __name__)
login_manager = LoginManager()
login_manager.session_protection = None  # the sign-in row is the protection; see sign_ins


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login publishes no types
def load_person(token: str) -> SignedIn | None:
    """Who holds the token of this cookie."""
    with database().looking_up() as connection:
        return find_signed_in(connection, token=token, at=clock.now())


def enter(person_id: UUID) -> None:
    """Sign a person in on this browser, with a new session id and nothing left of the old one."""
    with transaction() as write:
        token = start_sign_in(
            write,
            person_id=person_id,
            organisation_id=PUBLIC_ORGANISATION_ID,
            user_agent=request.user_agent.string,
            at=clock.now(),
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
