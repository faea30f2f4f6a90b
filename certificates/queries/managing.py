"""Certificates as managers look through them: searched, filtered, and read page by page from the newest."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from certificates.domain.standing import CertificateState, Standing, standing_at
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.life_cycle import ProposalState, RevocationProposal

PAGE = 50
MOST_WORDS = 6  # of a search; further ones are not looked at
PROPOSED = "proposed"  # beside the states of certificates: somebody proposed to revoke it


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page is to show; an empty value asks for nothing. `words` are parts of a name, or of an id's beginning."""

    words: str = ""
    state: str = ""
    achievement: str = ""

    @property
    def is_everything(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Place:
    """The last certificate of a page, from which the next one goes on."""

    issued_at: datetime
    certificate_id: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One certificate in the list."""

    id: str
    holder_name: str
    achievement: str
    issued_at: datetime
    valid_until: datetime
    state: CertificateState
    is_proposed: bool  # a proposal to revoke it waits

    def standing(self, at: datetime) -> Standing:
        return standing_at(self.state, self.valid_until, at)


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A page of the list, and where the next one goes on."""

    lines: tuple[HeldLine, ...]
    next: Place | None


def list_held(session: Session, wanted: Wanted, after: Place | None) -> HeldPage:
    """A page of the certificates that were issued here, the newest first; erased ones are not among them."""
    rows: list[Any] = list(session.execute(_found(wanted, after).limit(PAGE + 1)))
    lines = tuple(HeldLine(*row) for row in rows[:PAGE])
    has_more = len(rows) > PAGE
    return HeldPage(lines, Place(lines[-1].issued_at, lines[-1].id) if has_more else None)


def list_achievements(session: Session) -> list[tuple[str, str]]:
    """The slug and the present name of every achievement, by name."""
    rows = session.execute(
        select(Achievement.slug, AchievementVersion.name)
        .join(AchievementVersion, AchievementVersion.achievement_id == Achievement.id)
        .where(AchievementVersion.is_current)
        .order_by(AchievementVersion.name)
    )
    return [(slug, name) for slug, name in rows]


def _found(wanted: Wanted, after: Place | None) -> Select[*tuple[Any, ...]]:
    proposed = select(RevocationProposal.id).where(
        RevocationProposal.certificate_id == Certificate.id, RevocationProposal.state == ProposalState.OPEN
    )
    found: Select[*tuple[Any, ...]] = (
        select(
            Certificate.id,
            Certificate.holder_name,
            AchievementVersion.name,
            Certificate.issued_at,
            Certificate.valid_until,
            Certificate.state,
            proposed.exists(),
        )
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .where(Certificate.state != CertificateState.ERASED)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    )
    if wanted.state == PROPOSED:
        found = found.where(proposed.exists())
    elif wanted.state:
        found = found.where(Certificate.state.in_([one for one in CertificateState if one == wanted.state]))
    if wanted.achievement:
        found = found.join(Achievement, Achievement.id == AchievementVersion.achievement_id).where(
            Achievement.slug == wanted.achievement
        )
    for word in wanted.words.split()[:MOST_WORDS]:
        found = found.where(
            Certificate.holder_name.icontains(word, autoescape=True) | Certificate.id.startswith(word, autoescape=True)
        )
    if after is not None:
        found = found.where(
            tuple_(Certificate.issued_at, Certificate.id) < tuple_(after.issued_at, after.certificate_id)
        )
    return found


def place_from(text: str) -> Place | None:
    """The place that an address names, `<instant>~<id>`; None for anything else."""
    match = re.fullmatch(r"([0-9T:.+\- ]{10,40})~([0-9A-Za-z_-]{1,32})", text, re.ASCII)
    if match is None:
        return None
    try:
        instant = datetime.fromisoformat(match[1])
    except ValueError:
        return None
    return Place(instant, match[2]) if instant.tzinfo else None


def place_in_address(place: Place) -> str:
    """A place as `place_from` reads it."""
    return f"{place.issued_at.isoformat()}~{place.certificate_id}"
