"""What a verification comes to: checks with a sentence each, and the outcome that follows from the worst of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

FORMAT = "assay-verification/v1"


class Outcome(StrEnum):
    """What a file is worth. The first in this order that anything points to is the outcome of the whole."""

    UNREADABLE = "unreadable"
    ALTERED = "altered"  # the file, or the issuer's record of it, is not as it was signed
    UNKNOWN_ISSUER = "unknown-issuer"
    REVOKED = "revoked"  # or the issuer has no record of it any more
    SUPERSEDED = "superseded"
    SUSPENDED = "suspended"
    EXPIRED = "expired"  # outside its dates
    VALID = "valid"


_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}
_NOBODY_VOUCHES = {Outcome.UNREADABLE, Outcome.ALTERED, Outcome.UNKNOWN_ISSUER}


class FileKind(StrEnum):
    """The kinds of files that can be verified, told apart by what is in them."""

    PDF = "pdf"
    CREDENTIAL = "credential"
    JWT = "jwt"
    PNG = "png"  # a badge with a credential or a token baked in
    SVG = "svg"

    @property
    def is_picture(self) -> bool:
        """Whether there is more to see than what was signed."""
        return self in {FileKind.PNG, FileKind.SVG}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its lasting name, what it points to (None: it was not made), and a sentence for people."""

    name: str
    points_to: Outcome | None
    says: str

    @property
    def is_good(self) -> bool:
        return self.points_to is Outcome.VALID

    @property
    def result(self) -> str:
        """In a word: passed, failed or not-made."""
        if self.points_to is None:
            return "not-made"
        return "passed" if self.is_good else "failed"


def passed(name: str, says: str) -> Check:
    return Check(name, Outcome.VALID, says)


def not_made(name: str, says: str) -> Check:
    return Check(name, None, says)


def worst_of(checks: Sequence[Check]) -> Outcome:
    """The outcome that follows; without any check that was made nothing is known to be good."""
    pointed_to = [check.points_to for check in checks if check.points_to is not None]
    return min(pointed_to, key=_RANK.__getitem__, default=Outcome.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Result:
    """A result that a credential states: of the whole test or of a skill, in percent, and its level in a word."""

    name: str
    percent: str
    level: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a credential states. Shown only when its issuer vouches for it."""

    certificate_id: str
    number: int
    holder_name: str
    achievement: str
    issuer: str
    issuer_did: str
    issued_at: datetime
    valid_until: datetime
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """The checks of one file, made at an instant; `facts` is None unless the issuer vouches for them."""

    kind: FileKind | None
    at: datetime
    checks: tuple[Check, ...]
    facts: Facts | None

    @property
    def outcome(self) -> Outcome:
        return worst_of(self.checks)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the outcome is what it is: the sentences that point to it."""
        outcome = self.outcome
        return tuple(check.says for check in self.checks if check.points_to is outcome and not check.is_good)

    def as_json(self) -> dict[str, Any]:
        """The report for programs; what it means is in docs/verifying.md, and it only ever gains members."""
        return {
            "format": FORMAT,
            "outcome": self.outcome.value,
            "kind": self.kind.value if self.kind else None,
            "at": _instant(self.at),
            "reasons": list(self.reasons),
            "checks": [{"name": check.name, "result": check.result, "says": check.says} for check in self.checks],
            "facts": _facts(self.facts) if self.facts else None,
        }


def make_report(
    kind: FileKind | None, at: datetime, checks: Sequence[Check], facts: Facts | None
) -> VerificationReport:
    """The report of these checks; what nobody vouches for is not repeated as a fact."""
    is_vouched_for = worst_of(checks) not in _NOBODY_VOUCHES
    return VerificationReport(kind, at, tuple(checks), facts if is_vouched_for else None)


def _facts(facts: Facts) -> dict[str, Any]:
    told: dict[str, Any] = asdict(facts)
    return told | {
        "issued_at": _instant(facts.issued_at),
        "valid_until": _instant(facts.valid_until),
        "results": [asdict(result) for result in facts.results],
    }


def _instant(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")
