"""Scopes: what an API key may do, each with the sentence that its maker reads."""

from enum import StrEnum


class Scope(StrEnum):
    """What an endpoint asks of a key; a key holds those that its maker ticked."""

    PERSONS_READ = "persons:read"
    PERSONS_INVITE = "persons:invite"
    PERSONS_SUSPEND = "persons:suspend"
    RESULTS_READ = "results:read"
    CERTIFICATES_READ = "certificates:read"
    TIERS_READ = "tiers:read"
    TESTS_READ = "tests:read"
    ENTITLEMENTS_CHECK = "entitlements:check"
    ENTITLEMENTS_TOKENS = "entitlements:tokens"
    QUALITY_READ = "quality:read"
    QUALITY_WRITE = "quality:write"
    WEBHOOKS_READ = "webhooks:read"


SENTENCES: dict[Scope, str] = {
    Scope.PERSONS_READ: "Read the names and addresses of members who agreed to that.",
    Scope.PERSONS_INVITE: "Invite people into the organisation, and see what became of an invitation.",
    Scope.PERSONS_SUSPEND: "Suspend a person from the organisation’s work, and lift the suspension, with a reason.",
    Scope.RESULTS_READ: "Read released results of members who agreed to that.",
    Scope.CERTIFICATES_READ: "Read the certificates of members who agreed to that.",
    Scope.TIERS_READ: "Read the tiers of work, their pay and their requirements.",
    Scope.TESTS_READ: "Read which tests there are and their terms; never their questions.",
    Scope.ENTITLEMENTS_CHECK: "Ask whether a person may do the work of a tier.",
    Scope.ENTITLEMENTS_TOKENS: "Get signed entitlement tokens for deciding offline, and look into one.",
    Scope.QUALITY_READ: "Read how good the work is of members who agreed to that.",
    Scope.QUALITY_WRITE: "Report outcomes of gold tasks and reviews of work that was done.",
    Scope.WEBHOOKS_READ: "Read what was delivered to the organisation’s webhooks.",
}


def sentence_of(scope: str) -> str:
    """What a key with this scope may do; the bare name of one that is not known any more."""
    return SENTENCES[Scope(scope)] if scope in {each.value for each in Scope} else scope
