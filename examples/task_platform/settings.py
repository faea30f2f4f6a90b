"""What the platform is told when it starts: a JSON file with the addresses, and what it shows Assay."""

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """`url` is where people find this platform, `assay_url` the issuer; the rest is made on Assay's pages."""

    url: str
    assay_url: str
    organisation: str  # the slug of ours at Assay: tokens are meant for it
    client_id: str
    client_secret: str = field(repr=False)
    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    session_secret: str = field(repr=False)
    database: str


def read_settings(path: Path) -> Settings:
    """Raises TypeError when the file has more or less than it should."""
    return Settings(**json.loads(path.read_text()))
