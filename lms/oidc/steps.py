"""What comes next for somebody whom a client sent: sign in, sign in again, be asked, go back, or be turned away.

Source: OpenID Connect Core 1.0, sections 3.1.2.1 (prompt, max_age), 3.1.2.3 (authentication) and 3.1.2.6 (errors).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ENTER_AGAIN = {"login", "select_account"}


class Step(StrEnum):
    """What the authorization endpoint does."""

    SIGN_IN = "sign-in"
    SIGN_IN_AGAIN = "sign-in-again"
    SAY_WHO_MAY = "say-who-may"  # the person is not a member
    ASK = "ask"
    GO_BACK = "go-back"  # with a code


class Stop(StrEnum):
    """Why the client gets no code when it wants nobody to be asked anything. The values are the standard's."""

    LOGIN_REQUIRED = "login_required"
    CONSENT_REQUIRED = "consent_required"
    ACCESS_DENIED = "access_denied"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the client wants to happen, and since when the person may have been asked to sign in for it."""

    prompts: frozenset[str]
    max_age: timedelta | None
    sent_to_sign_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who came. `signed_in_at` is None for strangers."""

    signed_in_at: datetime | None
    is_member: bool = False
    has_agreed: bool = False  # to all that the client asks for


def next_step(wish: Wish, visitor: Visitor, *, at: datetime) -> Step | Stop:
    """What to do now. With the prompt `none` nobody is ever asked; any other answer leads on to going back."""
    is_silent = "none" in wish.prompts
    if visitor.signed_in_at is None:
        return Stop.LOGIN_REQUIRED if is_silent else Step.SIGN_IN
    if not _is_fresh(wish, visitor.signed_in_at, at):
        return Stop.LOGIN_REQUIRED if is_silent else Step.SIGN_IN_AGAIN
    if not visitor.is_member:
        return Stop.ACCESS_DENIED if is_silent else Step.SAY_WHO_MAY
    if not visitor.has_agreed or "consent" in wish.prompts:
        return Stop.CONSENT_REQUIRED if is_silent else Step.ASK
    return Step.GO_BACK


def _is_fresh(wish: Wish, signed_in_at: datetime, at: datetime) -> bool:
    if wish.sent_to_sign_in_at is not None and signed_in_at >= wish.sent_to_sign_in_at:
        return True
    is_recent = wish.max_age is None or at - signed_in_at <= wish.max_age
    return is_recent and not wish.prompts & ENTER_AGAIN
