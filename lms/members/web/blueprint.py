"""The blueprint of the pages of organisations, and who may call those of managers."""

from typing import Any

from flask import Blueprint, render_template

from lms.organisations.roles import Role
from lms.web.policy import allow

members = Blueprint("members", __name__)

ANYBODY = allow(*Role)
MANAGERS = allow(Role.MANAGER, Role.OPERATOR)  # auditors may look; see lms.web.policy


def account_panel(**_facts: Any) -> str:
    """On the page of one's account: the way to one's organisations."""
    return render_template("lms/members/account.html")


def managing_panel(**_facts: Any) -> str:
    """The cards on the managers' start page that lead to the pages of members."""
    return render_template("lms/members/managing.html")
