"""How certificates join the app: pages, navigation, panels, issue on a pass, rendering, catalogue, personal data."""

from functools import cache, partial
from typing import TYPE_CHECKING

import click
from flask import Flask
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from assessments.events import AttemptRegraded, AttemptReleased, HindrancesAsked, RenewalAsked
from certificates import tasks
from certificates.adapters.file_store import FileStore
from certificates.adapters.key_ring import KeyRing
from certificates.adapters.published_head import PUBLISHED, PublishedHead
from certificates.adapters.signing import Signing
from certificates.adapters.token_signer import KeyRingSigner
from certificates.api import certificates as api_certificates
from certificates.api import entitlement_tokens as api_entitlement_tokens
from certificates.api import entitlements as api_entitlements
from certificates.api import sanctions as api_sanctions
from certificates.api import tiers as api_tiers
from certificates.api import work
from certificates.api.blueprint import certificates_api
from certificates.cli import certificates as certificate_commands
from certificates.cli import entitlement as entitlement_commands
from certificates.cli import keys as key_commands
from certificates.cli import log as log_commands
from certificates.cli import quality as quality_commands
from certificates.cli import verify as verify_commands
from certificates.events import (
    CertificateChanged,
    CertificateExpiring,
    CertificateIssued,
    LogGrown,
    LogToGrow,
    TierStandingChanged,
)
from certificates.models import (
    credentials,
    designs,
    entitlements,
    extensions,
    keys,
    life_cycle,
    log,
    reissues,
    sanctions,
    sharing,
    work_quality,
)
from certificates.models.credentials import ISSUE_TOPIC
from certificates.operations import told
from certificates.operations.catalogue import check_certificates, load_certificates
from certificates.operations.entitlement_data import erase_entitlements, export_entitlements
from certificates.operations.expiring import EXPIRING_TOPIC
from certificates.operations.issuing import issue_certificate
from certificates.operations.outcomes import COUNTED_TOPIC
from certificates.operations.personal_data import erase_certificates, erase_shown, export_certificates
from certificates.operations.programmes import name_hindrances
from certificates.operations.proposing import withdraw_proposals
from certificates.operations.published_log import publish_when_committed, refuse_a_fork
from certificates.operations.quality_personal_data import erase_quality, export_quality
from certificates.operations.regraded import follow_regrade
from certificates.operations.reissuing import RUN_TOPIC
from certificates.operations.rendering import REMOVE_TOPIC
from certificates.operations.renewing import name_renewal
from certificates.operations.standings import FOLLOW_TOPIC, ask_to_follow
from certificates.operations.tier_notices import NOTICE_TOPIC
from certificates.operations.tier_versions import FOLLOW_TIER_TOPIC
from certificates.queries.sharing import export_sharing
from certificates.web import panels, quality_panels
from certificates.web.companions import forgetting, reconciliation
from certificates.web.holder import certificates, downloads, me, requests
from certificates.web.holder import portfolio as portfolio_pages
from certificates.web.holder import programmes as programme_pages
from certificates.web.holder import quality as quality_holder
from certificates.web.holder import sharing as share_pages
from certificates.web.holder.blueprint import certificates_holder
from certificates.web.manager import (
    achievements,
    candidates,
    dossiers,
    held,
    overview,
    programmes,
    quality,
    quality_people,
    quality_rules,
    reviews,
    runs,
    tier_requirements,
    tier_withdrawals,
    tiers,
)
from certificates.web.manager import designs as design_pages
from certificates.web.manager.blueprint import certificates_manager
from certificates.web.manager.workspace import workspace
from certificates.web.public import achievements as achievement_pages
from certificates.web.public import keys as key_pages
from certificates.web.public import log as log_pages
from certificates.web.public import portfolio, share, start, status, verify
from certificates.web.public.blueprint import certificates_public
from certificates.web.signing import KEYS
from lms.accounts.personal_data import Holder, register_holder
from lms.catalogue.readers import Reader, register_reader
from lms.members.events import ConsentChanged, InvitationAccepted, MembershipEnded
from lms.oidc.signing import EXTENSION as TOKEN_SIGNER
from lms.web.application import settings_of
from lms.web.memory import settle_memory
from lms.web.navigation import Place, add_place
from lms.web.panels import panels_of
from lms.web.serving import add_companion
from lms.web.transactions import EXTENSION
from lms.webhooks.event_types import event_types_of

if TYPE_CHECKING:
    from certificates.adapters.workshop import Workshop

COMMANDS: list[click.Command] = [
    *key_commands.COMMANDS,
    *certificate_commands.COMMANDS,
    *log_commands.COMMANDS,
    *verify_commands.COMMANDS,
    *entitlement_commands.COMMANDS,
    *quality_commands.COMMANDS,
]
# Imported for the tables that they declare.
TABLES = (
    credentials,
    designs,
    entitlements,
    extensions,
    keys,
    life_cycle,
    log,
    reissues,
    sanctions,
    sharing,
    work_quality,
)
# Imported for the routes that they declare.
PAGES = (start, verify, achievement_pages, key_pages, log_pages, status, me, certificates, requests)
SHARING = (share_pages, portfolio_pages, downloads, share, portfolio)  # the same
MANAGING = (held, dossiers, reviews, design_pages, runs)
QUALITY = (quality, quality_people, quality_rules, quality_holder)  # the same
WORKSPACE = (
    achievements,
    candidates,
    overview,
    programmes,
    programme_pages,
    tiers,
    tier_requirements,
    tier_withdrawals,
)

ENDPOINTS = (api_certificates, work, api_sanctions, api_entitlements, api_entitlement_tokens, api_tiers)  # the same


def register(app: Flask) -> None:
    settings = settings_of(app)
    keys = app.extensions[KEYS] = KeyRing(settings.signing_secret or settings.secret_key, host=settings.host)
    signing = Signing(keys, settings.base_url)
    app.extensions[TOKEN_SIGNER] = KeyRingSigner(app.extensions[EXTENSION], keys)
    app.register_blueprint(certificates_api)
    app.register_blueprint(certificates_public)
    app.register_blueprint(certificates_holder)
    app.register_blueprint(certificates_manager)
    app.register_blueprint(workspace)
    register_reader(app, Reader("certificates", check_certificates, load_certificates))
    register_holder(app, Holder("certificates", export_certificates, partial(erase_certificates, signing=signing)))
    register_holder(app, Holder("sharing", export_sharing, erase_shown))
    register_holder(app, Holder("quality", export_quality, erase_quality))
    register_holder(app, Holder("entitlements", export_entitlements, erase_entitlements))
    _add_links(app)
    _issue_on_a_pass(app, signing)
    _follow_standings(app)
    _tell_receivers(app)
    _sign_after_the_commit(app, signing)
    _guard_the_log(app)
    add_companion(app, reconciliation(app, keys))
    add_companion(app, forgetting(app))


def _add_links(app: Flask) -> None:
    add_place(app, "header", Place("certificates_public.tiers", _("Tiers"), rank=20))
    add_place(app, "header", Place("certificates_holder.me", _("My progress"), rank=30))
    add_place(app, "footer", Place("certificates_public.tiers", _("Tiers"), rank=10))
    add_place(app, "footer", Place("certificates_public.verify_form", _("Verify a certificate"), rank=20))
    add_place(app, "footer", Place("certificates_public.log", _("Issuance log"), rank=30))
    panels_of(app).offer("result", panels.after_result, rank=10)
    panels_of(app).offer("regrade", panels.on_regrade)
    panels_of(app).offer("managing", panels.on_managing)
    panels_of(app).offer("home", panels.on_home, rank=10)
    panels_of(app).offer("member", panels.on_member)
    panels_of(app).offer("test", panels.before_test)
    panels_of(app).offer("authored-test", panels.on_authored_test)
    panels_of(app).offer("course", panels.on_course)
    panels_of(app).offer("course-card", panels.on_course)
    panels_of(app).offer("managing", quality_panels.on_managing, rank=60)
    panels_of(app).offer("candidate", quality_panels.on_candidate)
    panels_of(app).offer("managed-tier", quality_panels.on_tier)
    panels_of(app).offer("home", quality_panels.on_home, rank=60)


def _issue_on_a_pass(app: Flask, signing: Signing) -> None:
    def issue(session: Session, released: AttemptReleased) -> None:
        issue_certificate(session, released=released, signing=signing)

    def follow(session: Session, regraded: AttemptRegraded) -> None:
        follow_regrade(session, regraded=regraded, signing=signing)

    app.extensions["assay.subscriptions"].subscribe(AttemptReleased, issue)
    app.extensions["assay.subscriptions"].subscribe(AttemptRegraded, follow)
    app.extensions["assay.subscriptions"].subscribe(RenewalAsked, name_renewal)
    app.extensions["assay.subscriptions"].subscribe(HindrancesAsked, name_hindrances)


def _follow_standings(app: Flask) -> None:
    def look_anew(session: Session, fact: InvitationAccepted | ConsentChanged | MembershipEnded) -> None:
        ask_to_follow(session, person_id=fact.person_id, at=fact.at)

    def lay_to_rest(session: Session, fact: MembershipEnded) -> None:
        withdraw_proposals(session, person_id=fact.person_id, tier_id=None, at=fact.at)

    for fact in (InvitationAccepted, ConsentChanged, MembershipEnded):
        app.extensions["assay.subscriptions"].subscribe(fact, look_anew)
    app.extensions["assay.subscriptions"].subscribe(MembershipEnded, lay_to_rest)


def _tell_receivers(app: Flask) -> None:
    event_types_of(app).add(*told.TYPES)
    subscriptions = app.extensions["assay.subscriptions"]
    subscriptions.subscribe(CertificateIssued, told.tell_issued)
    subscriptions.subscribe(CertificateChanged, told.tell_changed)
    subscriptions.subscribe(CertificateExpiring, told.tell_expiring)
    subscriptions.subscribe(TierStandingChanged, told.tell_standing)
    app.extensions["assay.handlers"].handle(EXPIRING_TOPIC, tasks.expiring_handler(app.extensions[EXTENSION]))


def _sign_after_the_commit(app: Flask, signing: Signing) -> None:
    store = FileStore(settings_of(app).data_dir / "certificates")
    app.extensions[certificates.STORE] = store

    @cache
    def workshop() -> "Workshop":
        # What signs credentials is heavy, and no process needs it but the worker.
        from certificates.adapters.workshop import Workshop  # noqa: PLC0415

        opened = Workshop(signing.base_url)
        settle_memory()  # what was just loaded stays
        return opened

    handlers = app.extensions["assay.handlers"]
    handlers.handle(ISSUE_TOPIC, tasks.Issuing(app.extensions[EXTENSION], store, signing, workshop).handle)
    handlers.handle(RUN_TOPIC, tasks.run_handler(app.extensions[EXTENSION], signing.base_url))
    handlers.handle(REMOVE_TOPIC, tasks.remove_handler(store))
    handlers.handle(COUNTED_TOPIC, tasks.counted_handler(app.extensions[EXTENSION], signing.base_url))
    handlers.handle(FOLLOW_TOPIC, tasks.follow_handler(app.extensions[EXTENSION]))
    handlers.handle(NOTICE_TOPIC, tasks.notice_handler(app.extensions[EXTENSION], signing.base_url))
    handlers.handle(FOLLOW_TIER_TOPIC, tasks.follow_tier_handler(app.extensions[EXTENSION]))


def _guard_the_log(app: Flask) -> None:
    published = PublishedHead(settings_of(app).data_dir / "log")
    app.extensions[PUBLISHED] = published

    def guard(session: Session, growing: LogToGrow) -> None:
        refuse_a_fork(session, published=published, growing=growing)

    def publish(session: Session, grown: LogGrown) -> None:
        publish_when_committed(session, published=published, grown=grown)

    app.extensions["assay.subscriptions"].subscribe(LogToGrow, guard)
    app.extensions["assay.subscriptions"].subscribe(LogGrown, publish)
