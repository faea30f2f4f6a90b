"""Scopes: what a client may learn of a person, each with the sentence that the person reads and the claims it opens."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class Scope(StrEnum):
    """Of OpenID Connect Core 1.0, section 5.4."""

    OPENID = "openid"
    PROFILE = "profile"
    EMAIL = "email"


SENTENCES: dict[Scope, LazyString] = {
    Scope.OPENID: _("That it is you: a number that stands for you, the same each time."),
    Scope.PROFILE: _("Your name."),
    Scope.EMAIL: _("Your e-mail address."),
}


def known_scopes(scope: str | None) -> list[Scope]:
    """The scopes among these words, each once and in our order; others are passed over, as the standard has it."""
    words = set((scope or "").split())
    return [each for each in Scope if each in words]


def scope_text(scopes: Iterable[str]) -> str:
    """The words as they stand in requests and rows."""
    return " ".join(each for each in Scope if each in set(scopes))


def claims_of(*, person_id: UUID, name: str, email: str, scope: str) -> dict[str, str]:
    """What a client learns of a person under these scopes. The subject is the one of the API."""
    claims = {"sub": str(person_id)}
    wanted = known_scopes(scope)
    if Scope.PROFILE in wanted:
        claims["name"] = name
    if Scope.EMAIL in wanted:
        claims["email"] = email
    return claims
