"""What our own log says to a credential's proof of inclusion."""

from enum import StrEnum


class LogFinding(StrEnum):
    """What came of the comparison; the first in this order that applies."""

    REWOUND = "rewound"
    NO_SUCH_LEAF = "no-such-leaf"
    OTHER_LEAF = "other-leaf"
    FORKED = "forked"
    HELD = "held"

    @property
    def is_good(self) -> bool:
        return self is LogFinding.HELD

    @property
    def says(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    LogFinding.REWOUND: "The issuer's log is shorter than it was: entries were taken out of it.",
    LogFinding.NO_SUCH_LEAF: "The issuer's log has no entry at this place.",
    LogFinding.OTHER_LEAF: "The issuer's log has another entry at this place.",
    LogFinding.FORKED: "The issuer's log tells its past otherwise than it did when this was signed.",
    LogFinding.HELD: "The entry is in the issuer's log, which continues from where it stood when this was signed.",
}
