"""The blueprint of the pages on which an organisation runs its tiers and programmes, and who may call them."""

from flask import Blueprint
from flask_login import current_user

from lms.organisations.roles import Role
from lms.web.policy import allow

workspace = Blueprint("workspace", __name__, url_prefix="/manage", template_folder="../templates")

MANAGERS = allow(Role.MANAGER, Role.OPERATOR)
_CHANGING = frozenset({Role.MANAGER, Role.OPERATOR})


def may_change() -> bool:
    """Whether the signed-in person may change what they see here; auditors only read."""
    return bool(_CHANGING & current_user.roles)
