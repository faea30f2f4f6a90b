"""An item as its author left it: raw values, finished or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Written:
    """All that is written of an item, as JSON values.

    `reasons` hold rationale, sources and temptations; `particulars` bank, identifier, use, skill, difficulty, tags,
    provenance and attribution. `answer` is what the key is to say, as stated with the candidate's controls, while
    the key cannot say it yet.
    """

    content: Mapping[str, Any]
    key: Mapping[str, Any]
    reasons: Mapping[str, Any]
    particulars: Mapping[str, Any]
    answer: Mapping[str, Any] | None = None

    @property
    def parts(self) -> dict[str, Mapping[str, Any]]:
        """What two states of an item are compared by."""
        return {
            "content": self.content,
            "key": self.key,
            "reasons": self.reasons,
            "particulars": self.particulars,
        }
