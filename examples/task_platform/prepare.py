"""Sets Assay up for this platform: an organisation, a client, an API key, a webhook, tiers, an invitation.

Run in the environment of Assay, once: python examples/task_platform/prepare.py SETTINGS.json PLATFORM_URL
A vendor does the same by hand, on the pages for managers.
"""

import json
import secrets
import sys
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from certificates.domain.requirements import AllOf, HoldsAchievement, Requirement, Source, WorkQuality
from certificates.operations.quality_rules import RuleDraft, set_quality_rule
from certificates.operations.tiers import TierTerms, make_tier, publish_tier_version
from lms import clock
from lms.accounts import people
from lms.accounts.models import PersonState
from lms.api.keys import make_key
from lms.api.scopes import Scope
from lms.members.invitations import make_link
from lms.members.organisations import found_organisation
from lms.oidc.clients import make_client
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.web.application import settings_of
from lms.web.transactions import EXTENSION
from lms.webhooks.operations import make_endpoint
from lms.webhooks.web.blueprint import BOX
from wsgi import create_app

SLUG, NAME, TRACK = "claims-and-pay", "Claims & Pay", "fact-versus-fiction"
HEARD = ("tier.opened", "tier.closed", "tier.changed")
# Two, because an appeal is decided by another person than the suspension.
MANAGERS = (("Mina Manager", "manager@claims.example"), ("Rafi Reviewer", "reviewer@claims.example"))
CERTIFIED = HoldsAchievement(Source.PUBLIC, TRACK)
TIERS: tuple[tuple[str, str, int, int, Requirement], ...] = (
    ("checked-claims", "Checked claims", 24, 30, CERTIFIED),
    ("hard-claims", "Hard claims", 40, 60, AllOf((CERTIFIED, WorkQuality("claims", Fraction(9, 10), 20)))),
)


def prepare(target: Path, url: str) -> None:
    """Make everything, write what the platform is to know, and print what people are to know."""
    app = create_app()
    database, assay_url = app.extensions[EXTENSION], settings_of(app).base_url
    password = secrets.token_urlsafe(9)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        manager, reviewer = (_person(session, name, email, password) for name, email in MANAGERS)
    with app.app_context(), database.transaction(uuid4()) as session:
        found_organisation(session, name=NAME, slug=SLUG, founder_id=manager, actor="prepare", at=clock.now())
        people.grant_role(session, person_id=reviewer, role=Role.MANAGER, actor="prepare", at=clock.now())
        known = _let_in(session, manager, url=url, assay_url=assay_url)
        _, known["webhook_secret"] = make_endpoint(
            session,
            url=f"{url}/webhooks",
            description="The task platform",
            event_types=HEARD,
            box=app.extensions[BOX],
            actor=manager,
            at=clock.now(),
        )
        invitation = _invite(session, manager)
        for tier in TIERS:
            _tier(session, manager, *tier)
    target.touch(mode=0o600)
    target.write_text(json.dumps(known | {"database": str(target.with_suffix(".db"))}, indent=2))
    told = [
        f"{NAME} is an organisation at {assay_url} now.",
        *(f"  {name}: {email}, password {password}" for name, email in MANAGERS),
        f"  Join as a worker: {assay_url}/invitations/{invitation}",
        f"  Work: {url}",
    ]
    sys.stdout.write("\n".join(told) + "\n")


def _person(session: Session, name: str, email: str, password: str) -> UUID:
    made = people.create_person(
        session, name=name, email=email, password=password, state=PersonState.ACTIVE, at=clock.now()
    )
    if made is None:
        raise SystemExit(f"{email} has an account already: Assay was prepared before.")
    return made.id


def _let_in(session: Session, manager: UUID, *, url: str, assay_url: str) -> dict[str, str]:
    """The client for signing in and the key for the API."""
    client = make_client(
        session,
        name=NAME,
        redirect_uris=[f"{url}/signed-in"],
        keeps_secrets=True,
        person_id=manager,
        at=clock.now(),
    )
    key = make_key(
        session,
        name="Task platform",
        scopes=[Scope.ENTITLEMENTS_CHECK, Scope.ENTITLEMENTS_TOKENS, Scope.QUALITY_WRITE],
        expires_at=clock.now() + timedelta(days=365),
        by=manager,
        at=clock.now(),
    )
    return {
        "url": url,
        "assay_url": assay_url,
        "organisation": SLUG,
        "client_id": client.client_id,
        "client_secret": client.secret or "",
        "api_key": key.secret,
        "session_secret": secrets.token_urlsafe(32),
    }


def _invite(session: Session, manager: UUID) -> str:
    _, token = make_link(
        session,
        role=Role.CANDIDATE,
        most_uses=1000,
        expires_at=clock.now() + timedelta(days=90),
        by=manager,
        labels={},
        at=clock.now(),
    )
    return token


def _tier(session: Session, manager: UUID, slug: str, title: str, low: int, high: int, asked: Requirement) -> None:
    """A tier that asks for something, and below whose floor of work a suspension is proposed."""
    terms = TierTerms(title, "Facts", "Judging claims about figures.", ("en",), low, high, "USD", "hour")
    tier_id = make_tier(session, slug=slug, terms=terms, actor_id=manager, at=clock.now())
    publish_tier_version(
        session,
        tier_id=tier_id,
        requirement=asked,
        based_on=0,
        reason="The tier begins.",
        grace_days=0,
        actor_id=manager,
        at=clock.now(),
    )
    set_quality_rule(session, tier=slug, draft=RuleDraft("claims", Fraction(4, 5)), by=manager, at=clock.now())


if __name__ == "__main__":
    prepare(Path(sys.argv[1]).resolve(), sys.argv[2])
