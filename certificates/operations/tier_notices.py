"""Telling people by mail that a decision about a tier closes or opens it to them: a batch of them at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from certificates.domain.entitlements import Outcome, decide
from certificates.domain.requirement_json import parse_requirement
from certificates.models.tiers import Tier, TierVersion
from certificates.operations import tier_letters
from certificates.queries.entitlement_facts import ask, find_known
from certificates.queries.tier_changes import Change, find_turned, list_concerned
from certificates.queries.tier_withdrawals import list_to_whom_open
from certificates.queries.tiers import list_tiers
from lms.accounts.models import Person, PersonState
from lms.audit.operations import record
from lms.mail.operations import send_mail
from lms.outbox.operations import post

NOTICE_TOPIC = "tier.notice"  # of the messages that have the next people told
NOTICED = "tier.noticed"
AT_ONCE = 500  # people whom one transaction looks at


class News(StrEnum):
    """What happened to a tier."""

    CHANGED = "changed"  # it asks for something else
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told, and how far that is: everybody up to `after` was looked at, and so many got a mail."""

    tier_id: UUID
    news: News
    number: int | None = None  # of the version, when the tier asks for something else
    since: datetime | None = None  # of the other news
    reason: str = ""  # of the other news
    after: UUID | None = None
    told: int = 0

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> "Notice":
        """Raises ValueError or KeyError when the payload is none of ours."""
        since, after = payload.get("since"), payload.get("after")
        return cls(
            tier_id=UUID(payload["tier_id"]),
            news=News(payload.get("news", News.CHANGED)),
            number=payload.get("number"),
            since=datetime.fromisoformat(since) if since else None,
            reason=payload.get("reason", ""),
            after=UUID(after) if after else None,
            told=payload.get("told", 0),
        )

    def as_payload(self) -> dict[str, Any]:
        return {
            "tier_id": str(self.tier_id),
            "news": self.news.value,
            "number": self.number,
            "since": self.since.isoformat() if self.since else None,
            "reason": self.reason,
            "after": str(self.after) if self.after else None,
            "told": self.told,
        }


@dataclass(frozen=True, slots=True)
class _Batch:
    """The next people that were looked at, those of them whom it concerns, and what these read."""

    looked_at: Sequence[UUID]
    concerned: Sequence[UUID]
    subject: str
    letter: Callable[[str], str]  # of a name


def ask_to_tell(session: Session, *, notice: Notice, at: datetime) -> None:
    """Have the worker tell the next people."""
    post(session, topic=NOTICE_TOPIC, payload=notice.as_payload(), at=at)


def tell_next(session: Session, *, notice: Notice, base_url: str, at: datetime) -> None:
    """Mail the next batch of those whom it concerns, and ask for the one after; the last one is in the audit.

    Whoever calls it sees to it that no batch is told twice. What is not so any more is told to nobody else.
    """
    tier = session.get(Tier, notice.tier_id)
    batch = None if tier is None else _BATCHES[notice.news](session, tier, notice, base_url)
    sent = 0 if batch is None else _write(session, batch, at)
    if tier is None:
        return
    told = replace(notice, told=notice.told + sent)
    if batch is not None and len(batch.looked_at) == AT_ONCE:
        ask_to_tell(session, notice=replace(told, after=batch.looked_at[-1]), at=at)
        return
    record(
        session,
        action=NOTICED,
        actor="worker",
        subject_id=tier.id,
        at=at,
        tier=tier.slug,
        news=notice.news.value,
        number=notice.number,
        told=told.told,
    )


def _losers(session: Session, tier: Tier, notice: Notice, base_url: str) -> _Batch | None:
    """Those who met the version before when it was replaced, and do not meet the one that replaced it."""
    before = aliased(TierVersion)
    row = session.execute(
        select(TierVersion, before.requirement)
        .join(before, (before.tier_id == TierVersion.tier_id) & (before.number == TierVersion.number - 1))
        .where(TierVersion.tier_id == tier.id, TierVersion.number == notice.number)
    ).one_or_none()
    if row is None:
        return None
    version, earlier = row
    change = Change(tier.id, parse_requirement(earlier), parse_requirement(version.requirement))
    people = list_concerned(session, (change.present, change.wanted), after=notice.after, limit=AT_ONCE)
    turned = find_turned(session, people, change, at=version.created_at)
    return _Batch(
        people,
        [one.person_id for one in turned if not one.is_gain],
        tier_letters.subject_of_change(tier),
        lambda name: tier_letters.letter_of_change(name, tier, version, base_url),
    )


def _to_whom_it_closed(session: Session, tier: Tier, notice: Notice, base_url: str) -> _Batch | None:
    """Those to whom the tier was open when it was withdrawn, unless it is offered again by now."""
    since = tier.withdrawn_at
    if since is None or since != notice.since:
        return None
    people = list_to_whom_open(session, tier.id, at=since, after=notice.after, limit=AT_ONCE)
    return _Batch(
        people,
        people,
        tier_letters.subject_of_withdrawal(tier),
        lambda name: tier_letters.letter_of_withdrawal(name, tier, notice.reason, since, base_url),
    )


def _to_whom_it_opens(session: Session, tier: Tier, notice: Notice, base_url: str) -> _Batch | None:
    """Those to whom the tier is open again by what they hold, unless it was withdrawn anew or is only announced."""
    shown = next((one for one in list_tiers(session) if one.id == tier.id), None)
    if shown is None or shown.terms is None or notice.since is None:
        return None
    asked = ask(shown, action="follow", at=notice.since)
    earlier = [before.requirement for before in shown.terms.earlier]
    people = list_concerned(session, (shown.terms.requirement, *earlier), after=notice.after, limit=AT_ONCE)
    known = find_known(session, people) if people else {}
    return _Batch(
        people,
        [one for one in people if one in known and decide(known[one].inputs(asked)).outcome is not Outcome.DENY],
        tier_letters.subject_of_return(tier),
        lambda name: tier_letters.letter_of_return(name, tier, notice.reason, base_url),
    )


_BATCHES = {News.CHANGED: _losers, News.WITHDRAWN: _to_whom_it_closed, News.REINSTATED: _to_whom_it_opens}


def _write(session: Session, batch: _Batch, at: datetime) -> int:
    """One mail each, to those whose account is active; how many these are."""
    if not batch.concerned:
        return 0
    found = select(Person.name, Person.email).where(
        Person.id.in_(batch.concerned), Person.state == PersonState.ACTIVE, Person.email.is_not(None)
    )
    rows = session.execute(found).all()
    for name, email in rows:
        assert email is not None  # as was asked for
        send_mail(session, to_name=name, to=email, subject=batch.subject, body=batch.letter(name), at=at)
    return len(rows)
