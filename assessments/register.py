"""How assessments joins the app: pages, commands, the deadline's handler, catalogue, personal data."""

from uuid import UUID

import click
from flask import Flask
from flask_babel import lazy_gettext as _

from assessments.cli import attempt, items
from assessments.models import authoring, calibration, imports, marks
from assessments.operations.catalogue import check_catalogue, load_catalogue
from assessments.operations.import_jobs import TOPIC as IMPORT_TOPIC
from assessments.operations.import_jobs import run_import
from assessments.operations.personal_data import erase_assessments, export_assessments
from assessments.operations.starting import DEADLINE_TOPIC
from assessments.operations.submitting import hand_in_if_overdue
from assessments.web import calibration_panel
from assessments.web.author import imports as author_imports
from assessments.web.author import item_editing, item_reviewing
from assessments.web.author import items as author_items
from assessments.web.author import tests as author_tests
from assessments.web.author.blueprint import author
from assessments.web.candidate import attempts, calibrations, practice, results, tests
from assessments.web.candidate.blueprint import candidate
from assessments.web.marker import marking
from assessments.web.marker.blueprint import marker
from assessments.web.public import scoring
from assessments.web.public.blueprint import public_pages
from lms import clock
from lms.accounts.personal_data import Holder, register_holder
from lms.catalogue.readers import Reader, register_reader
from lms.outbox.operations import Delivery
from lms.web.application import settings_of
from lms.web.navigation import Place, add_place
from lms.web.panels import panels_of
from lms.web.transactions import EXTENSION

COMMANDS: list[click.Command] = [attempt, items]
TABLES = (authoring, calibration, imports, marks)  # imported for the tables that they declare
PAGES = (
    attempts,
    calibrations,
    practice,
    results,
    tests,
    scoring,
    marking,
    author_imports,
    author_items,
    author_tests,
    item_editing,
    item_reviewing,
)  # imported for the routes that they declare


def register(app: Flask) -> None:
    app.register_blueprint(candidate)
    app.register_blueprint(author)
    app.register_blueprint(public_pages)
    app.register_blueprint(marker)
    add_place(app, "header", Place("assessments_author.items", _("Authoring"), rank=35))
    add_place(app, "header", Place("assessments_marker.queue", _("Marking"), rank=40))
    add_place(app, "footer", Place("assessments_public.scoring", _("How answers are scored"), rank=15))
    panels_of(app).offer("course", calibration_panel.on_course, rank=60)
    panels_of(app).offer("before-test", calibration_panel.before_test)
    register_reader(app, Reader("assessments", check_catalogue, load_catalogue))
    register_holder(app, Holder("assessments", export_assessments, erase_assessments))

    def submit_overdue(delivery: Delivery) -> None:
        with app.extensions[EXTENSION].transaction(delivery.organisation_id) as session:
            hand_in_if_overdue(session, attempt_id=UUID(delivery.payload["attempt_id"]), at=clock.now())

    app.extensions["assay.handlers"].handle(DEADLINE_TOPIC, submit_overdue)

    def import_file(delivery: Delivery) -> None:
        run_import(
            app.extensions[EXTENSION],
            organisation_id=delivery.organisation_id,
            import_id=UUID(delivery.payload["import_id"]),
            folder=settings_of(app).data_dir / author_imports.FOLDER,
        )

    app.extensions["assay.handlers"].handle(IMPORT_TOPIC, import_file)
