"""How assessments joins the app: pages, commands, the deadline's handler, catalogue, personal data."""

from uuid import UUID

import click
from flask import Flask
from flask_babel import lazy_gettext as _

from assessments import tasks
from assessments.api import results as api_results
from assessments.api import tests as api_tests
from assessments.api.blueprint import assessments_api
from assessments.cli.attempts import attempt
from assessments.cli.forms import forms
from assessments.cli.items import items
from assessments.cli.outages import outage
from assessments.events import AttemptReleased, AttemptSubmitted
from assessments.models import accommodations, authoring, calibration, exposure, imports, marks, outages, regrades
from assessments.operations import counting_exposure, told
from assessments.operations.catalogue import check_catalogue, load_catalogue
from assessments.operations.deadline_messages import DEADLINE_TOPIC
from assessments.operations.import_jobs import TOPIC as IMPORT_TOPIC
from assessments.operations.import_jobs import run_import
from assessments.operations.personal_data import erase_assessments, export_assessments
from assessments.operations.regrading import TOPIC as REGRADE_TOPIC
from assessments.operations.releasing import TOPIC as RELEASE_TOPIC
from assessments.operations.submitting import hand_in_if_overdue, look_again_at
from assessments.web import accommodation_panel, calibration_panel
from assessments.web.author import imports as author_imports
from assessments.web.author import item_editing, item_reviewing
from assessments.web.author import items as author_items
from assessments.web.author import tests as author_tests
from assessments.web.author.blueprint import author
from assessments.web.candidate import attempts, calibrations, clocks, pens, practice, results, saves, tests
from assessments.web.candidate.blueprint import candidate
from assessments.web.heartbeat import heartbeat
from assessments.web.manager import exposure as manager_exposure
from assessments.web.manager import late_answers, people, releases
from assessments.web.manager import outages as manager_outages
from assessments.web.manager import regrades as manager_regrades
from assessments.web.manager.blueprint import manager
from assessments.web.marker import marking
from assessments.web.marker.blueprint import marker
from assessments.web.public import scoring
from assessments.web.public.blueprint import public_pages
from lms import clock
from lms.accounts.personal_data import Holder, register_holder
from lms.catalogue.readers import Reader, register_reader
from lms.outbox.operations import Delivery, NotYet
from lms.web.application import settings_of
from lms.web.navigation import Place, add_place
from lms.web.panels import panels_of
from lms.web.serving import add_companion
from lms.web.transactions import EXTENSION
from lms.webhooks.event_types import event_types_of

COMMANDS: list[click.Command] = [attempt, forms, items, outage]
TABLES = (accommodations, authoring, calibration, exposure, imports, marks, outages, regrades)  # for their tables
PAGES = (
    attempts,
    calibrations,
    clocks,
    pens,
    practice,
    results,
    saves,
    late_answers,
    tests,
    scoring,
    manager_outages,
    manager_regrades,
    releases,
    marking,
    people,
    author_imports,
    author_items,
    author_tests,
    item_editing,
    item_reviewing,
    manager_exposure,
)  # imported for the routes that they declare
ENDPOINTS = (api_results, api_tests)  # the same


def register(app: Flask) -> None:
    app.register_blueprint(assessments_api)
    app.register_blueprint(candidate)
    app.register_blueprint(author)
    app.register_blueprint(public_pages)
    app.register_blueprint(marker)
    app.register_blueprint(manager)
    add_place(app, "header", Place("assessments_author.items", _("Authoring"), rank=35))
    add_place(app, "header", Place("assessments_marker.queue", _("Marking"), rank=40))
    add_place(app, "header", Place("assessments_manager.start", _("Managing"), rank=45))
    add_place(app, "footer", Place("assessments_public.scoring", _("How answers are scored"), rank=15))
    panels_of(app).offer("course", calibration_panel.on_course, rank=60)
    panels_of(app).offer("before-test", calibration_panel.before_test)
    panels_of(app).offer("account", accommodation_panel.on_account)
    register_reader(app, Reader("assessments", check_catalogue, load_catalogue))
    add_companion(app, heartbeat(app))
    register_holder(app, Holder("assessments", export_assessments, erase_assessments))

    def submit_overdue(delivery: Delivery) -> None:
        attempt_id, now = UUID(delivery.payload["attempt_id"]), clock.now()
        with app.extensions[EXTENSION].transaction(delivery.organisation_id) as session:
            hand_in_if_overdue(session, attempt_id=attempt_id, at=now)
            again_at = look_again_at(session, attempt_id=attempt_id, at=now)
        if again_at is not None:  # the deadline moved, or an outage is to be counted first
            raise NotYet(again_at)

    app.extensions["assay.handlers"].handle(DEADLINE_TOPIC, submit_overdue)

    def import_file(delivery: Delivery) -> None:
        run_import(
            app.extensions[EXTENSION],
            organisation_id=delivery.organisation_id,
            import_id=UUID(delivery.payload["import_id"]),
            folder=settings_of(app).data_dir / author_imports.FOLDER,
        )

    app.extensions["assay.handlers"].handle(IMPORT_TOPIC, import_file)
    _count_exposure(app)
    _release_and_regrade(app)
    _tell_receivers(app)


def _tell_receivers(app: Flask) -> None:
    event_types_of(app).add(*told.TYPES)
    app.extensions["assay.subscriptions"].subscribe(AttemptSubmitted, told.tell_submitted)
    app.extensions["assay.subscriptions"].subscribe(AttemptReleased, told.tell_released)


def _count_exposure(app: Flask) -> None:
    def count_forms(delivery: Delivery) -> None:
        counting_exposure.count_all_forms(
            app.extensions[EXTENSION], organisation_id=delivery.organisation_id, at=clock.now()
        )

    app.extensions["assay.handlers"].handle(counting_exposure.TOPIC, count_forms)


def _release_and_regrade(app: Flask) -> None:
    database, base_url = app.extensions[EXTENSION], settings_of(app).base_url
    handlers = app.extensions["assay.handlers"]
    handlers.handle(RELEASE_TOPIC, tasks.release_handler(database, base_url))
    handlers.handle(REGRADE_TOPIC, tasks.regrade_handler(database, base_url))
    handlers.handle(tasks.LATE_TOPIC, tasks.late_handler(database, base_url))
