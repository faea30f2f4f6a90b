"""Hears Assay's webhooks, and lets people in or out at once."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from standardwebhooks import Webhook, WebhookVerificationError

from label_studio.calling import CallFailed
from label_studio.following import Following
from label_studio.settings import Settings

TIERS = {"tier.opened", "tier.closed", "tier.changed"}
MOST_BYTES = 100_000


def make_app(settings: Settings) -> Flask:
    app = Flask("label_studio_adapter", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    following = Following(settings)

    @app.post("/webhooks")
    def receive() -> ResponseReturnValue:
        """A message that comes twice changes nothing. What could not be done is answered with 503, and comes again."""
        try:
            message = Webhook(settings.webhook_secret).verify(request.get_data(), dict(request.headers))
        except (WebhookVerificationError, ValueError):
            return {"error": "not signed by Assay"}, 400
        data = message.get("data", {})
        if message.get("type") in TIERS and data.get("tier") in settings.projects:
            is_open = data.get("now") in {"allow", "provisional"}
            try:
                following.follow(subject=str(data["subject"]), tier=data["tier"], is_open=is_open)
            except CallFailed:
                return {"error": "try again"}, 503
        return "", 204

    return app
