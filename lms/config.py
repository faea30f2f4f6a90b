"""Settings: read once from the environment, then handed around as a value."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

DECISIONS_KEPT_DAYS = 3 * 365
MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two installations.

    `database_url` is an SQLAlchemy URL; `base_url` is the origin that links in mail and QR codes carry.
    Without `broker_url` the outbox is delivered by the worker process itself; without `smtp_url` mail is
    written to files under `data_dir`. `signing_secret` seals the signing keys; without it `secret_key` does.
    `allows_loopback_webhooks` is for development: webhooks may go to this machine, and over plain http.
    So many `trusted_proxies` stand in front and tell where a request came from.
    Decisions about entitlements are forgotten after `decisions_kept_days`; with 0 they are kept for ever.
    """

    data_dir: Path
    database_url: str
    base_url: str
    secret_key: str = field(repr=False)
    broker_url: str | None = None
    smtp_url: str | None = None
    mail_from: str = "Assay <no-reply@localhost>"
    limiter_url: str = "memory://"
    is_throttled: bool = True
    signing_secret: str | None = field(default=None, repr=False)
    allows_loopback_webhooks: bool = False
    decisions_kept_days: int = DECISIONS_KEPT_DAYS
    trusted_proxies: int = 0

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def host(self) -> str:
        """The name under which this installation is found, without a port."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def proves_addresses(self) -> bool:
        """Whether a new account waits for its mailed link; only sensible where mail really leaves."""
        return self.smtp_url is not None


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; the data directory and its secrets are made on first use.

    Raises ValueError for a PORT, DECISIONS_KEPT_DAYS or TRUSTED_PROXIES that is no number, or a BASE_URL that is no
    http(s) origin.
    """
    data_dir = Path(environment.get("DATA_DIR") or "data").resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    port = environment.get("PORT") or "8000"
    if not port.isdigit():
        raise ValueError(f"PORT must be a number, got {port!r}")
    base_url = (environment.get("BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    if urlsplit(base_url).scheme not in {"http", "https"}:
        raise ValueError(f"BASE_URL must begin with http:// or https://, got {base_url!r}")
    broker_url = environment.get("BROKER_URL") or None
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(environment.get("DATABASE_URL"), data_dir),
        base_url=base_url,
        secret_key=environment.get("SECRET_KEY") or _stored_secret(data_dir / "secret-key"),
        broker_url=broker_url,
        smtp_url=environment.get("SMTP_URL") or None,
        mail_from=environment.get("MAIL_FROM") or "Assay <no-reply@localhost>",
        limiter_url=environment.get("LIMITER_URL") or "memory://",
        signing_secret=environment.get("SIGNING_SECRET") or _stored_secret(data_dir / "signing-secret"),
        allows_loopback_webhooks=environment.get("WEBHOOKS_ALLOW_LOOPBACK") == "1",
        decisions_kept_days=_days(environment, "DECISIONS_KEPT_DAYS", DECISIONS_KEPT_DAYS),
        trusted_proxies=_proxies(environment.get("TRUSTED_PROXIES") or "0"),
    )


def _days(environment: Mapping[str, str], name: str, otherwise: int) -> int:
    """A number of days, of which a hundred years are the most."""
    given = (environment.get(name) or str(otherwise)).strip()
    if not (given.isascii() and given.isdigit() and int(given) <= MOST_DAYS):
        raise ValueError(f"{name} must be a number of days from 0 to {MOST_DAYS}, got {given!r}")
    return int(given)


def _proxies(given: str) -> int:
    if not (given.isascii() and given.isdigit()):
        raise ValueError(f"TRUSTED_PROXIES must be a number, got {given!r}")
    return int(given)


def _database_url(url: str | None, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'assay.db'}"
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _stored_secret(path: Path) -> str:
    """A secret that this installation made for itself; of two processes that start at once both get the same one.

    The file gets its name when it is complete: nobody ever reads half a secret.
    """
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent, prefix=".", encoding="ascii") as file:  # for this user only
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text(encoding="ascii").strip()
