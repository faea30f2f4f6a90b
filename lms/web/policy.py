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


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call a route: everybody, or people with one of these roles."""

    is_public: bool
    roles: frozenset[Role] = frozenset()


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
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if not policy.roles & current_user.roles:
        raise Forbidden
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.is_json:
        raise Unauthorized
    came_for = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=came_for and sign_path(came_for)), 303)
