"""The blueprint of the webhook pages, who may call them, and what they find in the application."""

from typing import cast

from flask import Blueprint, current_app

from lms.organisations.roles import Role
from lms.web.policy import allow
from lms.webhooks.outbound import Outbound
from lms.webhooks.secrets import SecretBox

BOX = "assay.webhook_secrets"
OUTBOUND = "assay.webhook_outbound"
SENDER = "assay.webhook_sender"

webhooks = Blueprint("lms_webhooks", __name__, url_prefix="/manage/webhooks")

MANAGERS = allow(Role.MANAGER, Role.OPERATOR)
READERS = allow(Role.MANAGER, Role.OPERATOR, Role.AUDITOR)


def secret_box() -> SecretBox:
    """What seals the secrets of endpoints."""
    return cast(SecretBox, current_app.extensions[BOX])


def outbound() -> Outbound:
    """What sends requests to receivers, and knows to which it would."""
    return cast(Outbound, current_app.extensions[OUTBOUND])
