"""Messages from Assay (Standard Webhooks): a tier opened, closed or changed for a person, and we follow at once."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from standardwebhooks import Webhook, WebhookVerificationError

from task_platform.catalogue import find_tier
from task_platform.records import Records

incoming = Blueprint("webhooks", __name__)
TIERS = {"tier.opened", "tier.closed", "tier.changed"}


@incoming.post("/webhooks")
def receive() -> ResponseReturnValue:
    """204 for what is signed, new or not; Assay sends again what got no answer. 400 for what is not from Assay."""
    settings = current_app.extensions["platform.settings"]
    try:
        message = Webhook(settings.webhook_secret).verify(request.get_data(), dict(request.headers))
    except (WebhookVerificationError, ValueError):
        return {"error": "not signed by Assay"}, 400
    data = message.get("data", {})
    if message.get("type") in TIERS and find_tier(str(data.get("tier"))):
        records: Records = current_app.extensions["platform.records"]
        records.follow(
            message=request.headers["webhook-id"],
            type_=message["type"],
            subject=str(data["subject"]),
            tier=data["tier"],
            is_open=data.get("now") in {"allow", "provisional"},
        )
    return "", 204
