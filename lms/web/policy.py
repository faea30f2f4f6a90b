"""Policy: every route declares who may call it; what declares nothing is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden, Unauthorized

from lms.organisations.roles import Role
from lms.web.return_path import sign_path

View = TypeVar("View", bound=Callable[..., Any])
READING = frozenset({"GET", "HEAD", "OPTIONS"})
KEY_GUARD = "assay.key_guard"  # names what looks up the key of a request, and raises where it does not suffice


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call a route: everybody, people with one of these roles, or API keys (with this scope, or any)."""

    is_public: bool
    roles: frozenset[Role] = frozenset()
    needs_key: bool = False
    scope: str | None = None

    def admits(self, roles: frozenset[Role], method: str) -> bool:
        """Whether somebody with these roles may call it so; auditors read what managers read, and do nothing there."""
        if self.is_public or self.roles & roles:
            return True
        return method in READING and Role.AUDITOR in roles and Role.MANAGER in self.roles


def public(view: View) -> View:
    """Everybody may call this route, signed in or not."""
    view.__dict__["policy"] = Policy(is_public=True)
    return view


def allow(*roles: Role) -> Callable[[View], View]:
    """People who hold one of these roles may call this route."""
    if not roles:
        raise ValueError("allow() needs at least one role")

    def declare(view: View) -> View:
        view.__dict__["policy"] = Policy(is_public=False, roles=frozenset(roles))
        return view

    return declare


def allow_key(view: View, scope: str | None) -> None:
    """Only API keys may call this route: those with this scope, or any key at all."""
    view.__dict__["policy"] = Policy(is_public=False, needs_key=True, scope=scope)


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The declared policy of an endpoint, or None."""
    return getattr(app.view_functions[endpoint], "policy", None)


def enforce_policy() -> ResponseReturnValue | None:
    """Before every request: 403 without a declared policy, sign-in for strangers, 403 without the role."""
    if request.endpoint is None:
        return None  # no such URL; the 404 follows
    policy = policy_of(current_app, request.endpoint)
    if policy is None:
        raise Forbidden
    if policy.is_public:
        return None
    if policy.needs_key and request.method == "OPTIONS":
        return None  # what an address takes stands in the documentation
    if policy.needs_key:
        current_app.extensions[KEY_GUARD](policy.scope)
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if not policy.admits(current_user.roles, request.method):
        raise Forbidden
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.is_json:
        raise Unauthorized
    came_for = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=came_for and sign_path(came_for)), 303)
