"""Writing a mail into the outbox, and the handler that sends it."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from sqlalchemy.orm import Session

from lms.mail.mailers import Mailer
from lms.outbox.delivery import Handler
from lms.outbox.operations import Delivery, post

TOPIC = "mail"


def send_mail(session: Session, *, to_name: str, to: str, subject: str, body: str, at: datetime) -> None:
    """Send a plain-text mail once this transaction is committed."""
    payload = {"to_name": to_name, "to": to, "subject": subject, "body": body}
    post(session, topic=TOPIC, payload=payload, at=at)


def mail_handler(mailer: Mailer, sender: str) -> Handler:
    """The outbox handler for mail. The message's id is that of the delivery, so that a repeat can be told."""

    def handle(delivery: Delivery) -> None:
        local, _, domain = delivery.payload["to"].rpartition("@")
        message = EmailMessage()
        message["From"] = sender
        message["To"] = Address(_one_line(delivery.payload["to_name"]), local, domain)
        message["Subject"] = _one_line(delivery.payload["subject"])
        message["Message-ID"] = f"<{delivery.id}@assay>"
        message.set_content(delivery.payload["body"])
        mailer.send(message)

    return handle


def _one_line(text: str) -> str:
    return " ".join(text.split())
