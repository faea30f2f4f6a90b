"""How webhooks join the app: pages, the facts of members, fanning out and sending after the commit."""

from functools import partial

from flask import Flask

from lms import clock
from lms.accounts.personal_data import Holder, register_holder
from lms.members.events import ConsentChanged, MembershipEnded, PersonInvited
from lms.web.application import settings_of
from lms.web.panels import panels_of
from lms.web.serving import Companion, add_companion
from lms.web.transactions import EXTENSION
from lms.webhooks import couriers, publishing
from lms.webhooks.endpoints import webhooks_api
from lms.webhooks.event_types import event_types_of
from lms.webhooks.fan_out import fan_out_handler
from lms.webhooks.keeping import forget_the_past
from lms.webhooks.members import PERSON_INVITED, tell_invited, withdraw_of_consent, withdraw_of_member
from lms.webhooks.outbound import Outbound
from lms.webhooks.personal_data import erase_webhooks, export_webhooks
from lms.webhooks.secrets import SecretBox
from lms.webhooks.sending import Sender
from lms.webhooks.web import change_page, endpoint_pages, list_page, panel
from lms.webhooks.web.blueprint import BOX, OUTBOUND, SENDER, webhooks

SWEEP_SECONDS = 6 * 3600.0
PAGES = (list_page, endpoint_pages, change_page)  # imported for the routes that they declare


def register(app: Flask) -> None:
    """Add its pages, handlers and subscriptions."""
    settings, database = settings_of(app), app.extensions[EXTENSION]
    types = event_types_of(app)
    types.add(PERSON_INVITED)
    box = app.extensions[BOX] = SecretBox(settings.signing_secret or settings.secret_key)
    outbound = app.extensions[OUTBOUND] = Outbound(allow_loopback=settings.allows_loopback_webhooks)
    sender = app.extensions[SENDER] = Sender(database, box, outbound, settings.base_url)
    app.register_blueprint(webhooks)
    app.register_blueprint(webhooks_api)
    panels_of(app).offer("managing", panel.on_managing, rank=70)
    handlers = app.extensions["assay.handlers"]
    handlers.handle(publishing.TOPIC, fan_out_handler(database, types))
    handlers.handle(couriers.TOPIC, sender.handle)
    subscriptions = app.extensions["assay.subscriptions"]
    subscriptions.subscribe(PersonInvited, tell_invited)
    subscriptions.subscribe(MembershipEnded, withdraw_of_member)
    subscriptions.subscribe(ConsentChanged, partial(withdraw_of_consent, types))
    add_companion(app, Companion("webhooks", SWEEP_SECONDS, lambda: forget_the_past(database, at=clock.now())))
    register_holder(app, Holder("webhooks", export_webhooks, erase_webhooks))
