"""Entitlement tokens in the API: a decision that a platform can check offline for some minutes, and a look into one."""

from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from certificates.adapters.entitlement_tokens import (
    TYPE,
    BadEntitlementToken,
    EntitlementClaims,
    key_id_of,
    read_token,
    token_expiry,
)
from certificates.api.blueprint import certificates_api
from certificates.api.entitlement_shapes import (
    CheckRequest,
    IntrospectAnswer,
    IntrospectRequest,
    TokenAnswer,
    missing_shown,
)
from certificates.api.entitlements import check_one
from certificates.domain.entitlements import Outcome, decide
from certificates.models.keys import KeyPurpose
from certificates.queries.entitlement_facts import ask, find_known
from certificates.queries.keys import find_key
from certificates.queries.tiers import find_tier
from lms import clock
from lms.api.callers import caller
from lms.api.endpoints import endpoint
from lms.api.problems import UnknownSubject, UnknownTier
from lms.api.scopes import Scope
from lms.errors import Conflict
from lms.oidc.signing import token_signer
from lms.web.application import settings_of
from lms.web.transactions import reading

_NOT_A_TOKEN = IntrospectAnswer(
    active=False,
    reason="not-a-token",
    subject=None,
    tier=None,
    outcome=None,
    now=None,
    decision_id=None,
    expires_at=None,
)


class NotEntitled(Conflict):
    """The tier is not open to this person, so there is no token; `missing` and `decision_id` say why."""

    code = "not-entitled"


@endpoint(
    certificates_api,
    "POST",
    "/entitlements/tokens",
    scope=Scope.ENTITLEMENTS_TOKENS,
    summary="Get a signed entitlement token",
    body=CheckRequest,
    answer=TokenAnswer,
    refusals=(UnknownSubject, UnknownTier, NotEntitled),
    tag="Entitlements",
)
def make_entitlement_token(*, body: CheckRequest) -> TokenAnswer:
    """Decides as a check does, and signs the answer: a JWT (ES256, `typ` `entitlement+jwt`) of five minutes, or of less
    when the decision ends sooner. Its claims are `iss`, `aud` (your organisation's slug), `sub`, `tier`, `action`,
    `outcome` (`allow` or `provisional`), `decision_id`, `iat` and `exp`. Verify it with the keys of
    `/.well-known/jwks.json`, and check `typ`, `iss`, `aud` and `exp`.
    """
    at = clock.now()
    answer, names = check_one(body.subject, body.tier, body.action, at)
    if answer.outcome is Outcome.DENY:
        missing = [one.model_dump(mode="json") for one in missing_shown(answer.missing, names)]
        facts = {"decision_id": str(answer.decision_id), "missing": missing}
        raise NotEntitled("The tier is not open to this person.", facts=facts)
    claims = EntitlementClaims(
        issuer=settings_of(current_app).base_url,
        audience=caller().organisation_slug,
        subject=body.subject,
        tier=body.tier,
        action=body.action,
        outcome=answer.outcome,
        decision_id=answer.decision_id,
        issued_at=at,
        expires_at=token_expiry(at, answer.expires_at),
    )
    token = token_signer(current_app).sign(claims.as_json(), typ=TYPE)
    return TokenAnswer(token=token, expires_at=claims.expires_at)


@endpoint(
    certificates_api,
    "POST",
    "/entitlements/introspect",
    scope=Scope.ENTITLEMENTS_TOKENS,
    summary="Is this token still good?",
    body=IntrospectRequest,
    answer=IntrospectAnswer,
    tag="Entitlements",
)
def introspect_entitlement_token(*, body: IntrospectRequest) -> IntrospectAnswer:
    """Checks the signature and the time of a token, and decides again on what is known now: a token is `active` while
    the same would be decided. Nothing is recorded. Whatever is no token of ours is answered alike.
    """
    with reading() as session:
        claims = _trusted_claims(session, body.token)
        if claims is None:
            return _NOT_A_TOKEN
        if claims.audience != caller().organisation_slug:
            return _NOT_A_TOKEN.model_copy(update={"reason": "of-another-organisation"})
        return _looked_into(session, claims, clock.now())


def _trusted_claims(session: Session, token: str) -> EntitlementClaims | None:
    """What the token says, when a key of ours signed it; None for anything else."""
    try:
        key = find_key(session, key_id_of(token))
        if key is None or key.purpose is not KeyPurpose.TOKEN or not key.is_trusted:
            return None
        claims = read_token(token, key.public_jwk)
    except BadEntitlementToken:
        return None
    return claims if claims.issuer == settings_of(current_app).base_url else None


def _looked_into(session: Session, claims: EntitlementClaims, at: datetime) -> IntrospectAnswer:
    now = _decided_now(session, claims, at)
    reason = "expired" if at >= claims.expires_at else "no-longer-so" if now is not claims.outcome else None
    return IntrospectAnswer(
        active=reason is None,
        reason=reason,
        subject=claims.subject,
        tier=claims.tier,
        outcome=claims.outcome,
        now=now,
        decision_id=claims.decision_id,
        expires_at=claims.expires_at,
    )


def _decided_now(session: Session, claims: EntitlementClaims, at: datetime) -> Outcome:
    """What would be decided now; a tier or a person that went is a denial."""
    tier = find_tier(session, claims.tier)
    person = find_known(session, [claims.subject]).get(claims.subject)
    if tier is None or person is None:
        return Outcome.DENY
    return decide(person.inputs(ask(tier, action=claims.action, at=at))).outcome
