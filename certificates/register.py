"""How certificates join the app: pages, navigation, panels, issue on a pass, rendering, catalogue, personal data."""

from collections.abc import Callable
from functools import cache

import click
from flask import Flask
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from assessments.events import AttemptRegraded, AttemptReleased
from certificates import tasks
from certificates.adapters.file_store import FileStore
from certificates.domain.contents import CertificateView
from certificates.models import credentials, designs, keys, life_cycle, log, reissues, sharing
from certificates.operations.catalogue import check_certificates, load_certificates
from certificates.operations.issuing import issue_certificate
from certificates.operations.personal_data import erase_certificates, export_certificates
from certificates.operations.regraded import follow_regrade
from certificates.operations.rendering import REMOVE_TOPIC, RENDER_TOPIC
from certificates.web import panels
from certificates.web.holder import certificates, me
from certificates.web.holder.blueprint import certificates_holder
from certificates.web.manager import reviews
from certificates.web.manager.blueprint import certificates_manager
from certificates.web.public import start, verify
from certificates.web.public.blueprint import certificates_public
from lms.accounts.personal_data import Holder, register_holder
from lms.catalogue.readers import Reader, register_reader
from lms.web.application import settings_of
from lms.web.navigation import Place, add_place
from lms.web.panels import panels_of
from lms.web.transactions import EXTENSION

COMMANDS: list[click.Command] = []
TABLES = (credentials, designs, keys, life_cycle, log, reissues, sharing)  # imported for the tables that they declare
PAGES = (start, verify, me, certificates, reviews)  # imported for the routes that they declare


def register(app: Flask) -> None:
    app.register_blueprint(certificates_public)
    app.register_blueprint(certificates_holder)
    app.register_blueprint(certificates_manager)
    register_reader(app, Reader("certificates", check_certificates, load_certificates))
    register_holder(app, Holder("certificates", export_certificates, erase_certificates))
    _add_links(app)
    _issue_on_a_pass(app)
    _render_after_the_commit(app)


def _add_links(app: Flask) -> None:
    add_place(app, "header", Place("certificates_public.tiers", _("Tiers"), rank=20))
    add_place(app, "header", Place("certificates_holder.me", _("My progress"), rank=30))
    add_place(app, "footer", Place("certificates_public.tiers", _("Tiers"), rank=10))
    add_place(app, "footer", Place("certificates_public.verify_form", _("Verify a certificate"), rank=20))
    panels_of(app).offer("result", panels.after_result, rank=10)
    panels_of(app).offer("regrade", panels.on_regrade)
    panels_of(app).offer("managing", panels.on_managing)
    panels_of(app).offer("test", panels.before_test)
    panels_of(app).offer("course", panels.on_course)
    panels_of(app).offer("course-card", panels.on_course)


def _issue_on_a_pass(app: Flask) -> None:
    base_url = settings_of(app).base_url

    def issue(session: Session, released: AttemptReleased) -> None:
        issue_certificate(session, released=released, base_url=base_url)

    def follow(session: Session, regraded: AttemptRegraded) -> None:
        follow_regrade(session, regraded=regraded, base_url=base_url)

    app.extensions["assay.subscriptions"].subscribe(AttemptReleased, issue)
    app.extensions["assay.subscriptions"].subscribe(AttemptRegraded, follow)


def _render_after_the_commit(app: Flask) -> None:
    settings = settings_of(app)
    store = FileStore(settings.data_dir / "certificates")
    app.extensions[certificates.STORE] = store

    @cache
    def drawing() -> Callable[[CertificateView], bytes]:
        # WeasyPrint is 30 MB that no process needs but the one that draws.
        from certificates.adapters.pdf.rendering import CertificateRenderer  # noqa: PLC0415

        return CertificateRenderer(settings.base_url).render

    handlers = app.extensions["assay.handlers"]
    draw = tasks.render_handler(app.extensions[EXTENSION], store, lambda certificate: drawing()(certificate))
    handlers.handle(RENDER_TOPIC, draw)
    handlers.handle(REMOVE_TOPIC, tasks.remove_handler(store))
