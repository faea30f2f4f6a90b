"""Mails for tests: what waits in the outbox."""

import re

from sqlalchemy import select

from lms.db.session import Database
from lms.outbox.models import OutboxMessage


def waiting_mails(database: Database) -> dict[str, str]:
    """Subject and text of the newest waiting mail, by address."""
    with database.reading() as session:
        payloads = session.scalars(
            select(OutboxMessage.payload).where(OutboxMessage.topic == "mail").order_by(OutboxMessage.created_at)
        )
        return {mail["to"]: f"{mail['subject']}\n{mail['body']}" for mail in payloads if mail}


def all_waiting_mails(database: Database) -> list[str]:
    """Subject and text of every waiting mail. Of two that were written at one instant, none is the newest."""
    with database.reading() as session:
        payloads = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.topic == "mail"))
        return [f"{mail['subject']}\n{mail['body']}" for mail in payloads if mail]


def path_in(mail: str) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail)
    assert found, mail
    return found[1]
