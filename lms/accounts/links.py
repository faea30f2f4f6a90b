"""Mailed links: single-use, short-lived, and worthless once the address or the password changed hands."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.accounts.models import LinkPurpose, MailedLink
from lms.accounts.tokens import hash_token, make_token
from lms.errors import Gone

LIFETIME = timedelta(hours=2)


def make_link(session: Session, *, person_id: UUID, purpose: LinkPurpose, at: datetime) -> str:
    """The token of a new link; earlier links for the same purpose stop working."""
    session.execute(
        update(MailedLink)
        .where(MailedLink.person_id == person_id, MailedLink.purpose == purpose, MailedLink.used_at.is_(None))
        .values(used_at=at)
    )
    token = make_token()
    session.add(
        MailedLink(
            person_id=person_id,
            purpose=purpose,
            token_hash=hash_token(token),
            made_at=at,
            expires_at=at + LIFETIME,
        )
    )
    return token


def is_link_good(session: Session, *, token: str, purpose: LinkPurpose, at: datetime) -> bool:
    """Whether a link would still work; following it changes nothing."""
    found = select(MailedLink.id).where(
        MailedLink.token_hash == hash_token(token),
        MailedLink.purpose == purpose,
        MailedLink.used_at.is_(None),
        MailedLink.expires_at > at,
    )
    return session.scalars(found).first() is not None


def use_link(session: Session, *, token: str, purpose: LinkPurpose, at: datetime) -> UUID:
    """Use a link up and return whose it was; only one of several parallel uses succeeds. Raises Gone."""
    person_id = session.execute(
        update(MailedLink)
        .where(
            MailedLink.token_hash == hash_token(token),
            MailedLink.purpose == purpose,
            MailedLink.used_at.is_(None),
            MailedLink.expires_at > at,
        )
        .values(used_at=at)
        .returning(MailedLink.person_id)
    ).scalar_one_or_none()
    if person_id is None:
        raise Gone("This link was used before or is too old. Ask for a new one.")
    return person_id
