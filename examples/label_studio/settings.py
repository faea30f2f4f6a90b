"""What the adapter is told: where both services are, how it shows itself to them, which tier opens which projects."""

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """`projects` are ids of Label Studio's projects by the slug of the tier that opens them."""

    assay_url: str
    label_studio_url: str
    projects: dict[str, list[int]]
    assay_key: str = field(repr=False)
    label_studio_token: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    ledger: str  # the file in which the adapter notes whom it let in


def read_settings(path: Path) -> Settings:
    """Raises TypeError when the file has more or less than it should."""
    return Settings(**json.loads(path.read_text()))
