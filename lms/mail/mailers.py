"""Mailers: over SMTP, or into files where no mail server is configured."""

import smtplib
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog

log = structlog.get_logger()


class Mailer(Protocol):
    """Hands a message over; sending the same message twice is harmless."""

    def send(self, message: EmailMessage) -> None: ...


class FileMailer:
    """Writes each message to a file and names it on the console."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{message['Message-ID'].strip('<>').partition('@')[0]}.eml"
        path.write_bytes(message.as_bytes())
        path.chmod(0o600)
        log.info("mail written", to=message["To"], subject=message["Subject"], file=str(path))


class SmtpMailer:
    """Sends over SMTP; the URL is smtp://user:password@host:port, or smtps:// for TLS from the start."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        is_tls = self._url.scheme == "smtps"
        connect = smtplib.SMTP_SSL if is_tls else smtplib.SMTP
        with connect(self._url.hostname or "localhost", self._url.port or (465 if is_tls else 25), timeout=20) as smtp:
            if self._url.username:
                if not is_tls:
                    smtp.starttls()
                smtp.login(unquote(self._url.username), unquote(self._url.password or ""))
            smtp.send_message(message)
