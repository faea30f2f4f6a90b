"""Entering: sign up, sign in, forgotten password; the same answer whether an address is known or not."""

from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lms.accounts import links, people
from lms.accounts.models import LinkPurpose, Person, PersonState
from lms.accounts.passwords import matches
from lms.accounts.sign_ins import revoke_sign_ins
from lms.db.scope import enter_organisation
from lms.errors import Gone
from lms.mail.operations import send_mail
from lms.organisations.models import PUBLIC_ORGANISATION_ID


def sign_up(
    session: Session,
    *,
    name: str,
    email: str,
    password: str,
    proves_address: bool,
    base_url: str,
    came_for: str = "",
    at: datetime,
) -> UUID | None:
    """Open an account and return who may be signed in at once; None when only a mail may tell more.

    Where addresses are proved, a new account waits for its mailed link. The owner of a known address gets a
    mail instead of a second account; with the right password they are simply signed in.
    `came_for` is the signed path to go on to once the link was followed.
    """
    state = PersonState.UNCONFIRMED if proves_address else PersonState.ACTIVE
    created = people.create_person(session, name=name, email=email, password=password, state=state, at=at)
    if created is None:
        return _sign_up_again(session, email=email, password=password, base_url=base_url, at=at)
    if not proves_address:
        return created.id
    token = links.make_link(session, person_id=created.id, purpose=LinkPurpose.CONFIRM_ADDRESS, at=at)
    _mail(
        session,
        created,
        _("Confirm your address"),
        _("Open this link within two hours to confirm your address and start:"),
        f"{base_url}/confirm/{token}" + (f"?next={quote(came_for)}" if came_for else ""),
        at,
    )
    return None


def _sign_up_again(session: Session, *, email: str, password: str, base_url: str, at: datetime) -> UUID | None:
    known = people.find_person(session, email=email)
    if known is None:
        return None
    if matches(known.password_hash, password) and known.state is PersonState.ACTIVE:
        return known.id
    _mail(
        session,
        known,
        _("You already have an account"),
        _("Somebody, perhaps you, tried to sign up with this address. Sign in, or choose a new password:"),
        f"{base_url}/forgotten-password",
        at,
    )
    return None


def find_by_password(session: Session, *, email: str, password: str) -> Person | None:
    """The active person with this address and password; equally slow for every reason to say no."""
    person = people.find_person(session, email=email)
    is_right = matches(person.password_hash if person else None, password)
    return person if person and is_right and person.state is PersonState.ACTIVE else None


def confirm_address(session: Session, *, token: str, at: datetime) -> UUID:
    """Activate the account whose mailed link this is. Raises Gone."""
    person = people.get_person(
        session, person_id=links.use_link(session, token=token, purpose=LinkPurpose.CONFIRM_ADDRESS, at=at)
    )
    if person.state is not PersonState.UNCONFIRMED:
        raise Gone(_("This address is confirmed already. Sign in."))
    person.state = PersonState.ACTIVE
    return person.id


def ask_for_reset(session: Session, *, email: str, base_url: str, at: datetime) -> None:
    """Mail a link to choose a new password, if there is such an account; the caller cannot tell."""
    person = people.find_person(session, email=email)
    if person is None or person.state is PersonState.SUSPENDED:
        return
    token = links.make_link(session, person_id=person.id, purpose=LinkPurpose.RESET_PASSWORD, at=at)
    _mail(
        session,
        person,
        _("Choose a new password"),
        _("Open this link within two hours to choose a new password. If you did not ask for it, do nothing."),
        f"{base_url}/reset-password/{token}",
        at,
    )


def reset_password(session: Session, *, token: str, password: str, at: datetime) -> None:
    """Set the password of the link's owner, which also proves the address, and end all sign-ins. Raises Gone.

    The session must not have entered an organisation yet: sign-ins end in every one.
    """
    person_id = links.use_link(session, token=token, purpose=LinkPurpose.RESET_PASSWORD, at=at)
    person = people.get_person(session, person_id=person_id)
    if person.state is PersonState.UNCONFIRMED:
        person.state = PersonState.ACTIVE
    revoke_sign_ins(session, person_id=person_id, at=at)
    enter_organisation(session, PUBLIC_ORGANISATION_ID)
    people.set_password(session, person_id=person_id, password=password, at=at)


def _mail(session: Session, person: Person, subject: str, text: str, link: str, at: datetime) -> None:
    body = f"{_('Hello')} {person.name},\n\n{text}\n\n{link}\n\nAssay\n"
    send_mail(session, to_name=person.name, to=person.email or "", subject=subject, body=body, at=at)
