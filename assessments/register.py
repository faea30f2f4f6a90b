"""How assessments joins the app: pages, commands, the deadline's handler, catalogue, personal data."""

from uuid import UUID

import click
from flask import Flask

from assessments.cli import attempt
from assessments.models import authoring, calibration, imports, marks
from assessments.operations.catalogue import check_catalogue, load_catalogue
from assessments.operations.personal_data import erase_assessments, export_assessments
from assessments.operations.starting import DEADLINE_TOPIC
from assessments.operations.submitting import hand_in_if_overdue
from assessments.web.author import tests as author_tests
from assessments.web.author.blueprint import author
from assessments.web.candidate import attempts, practice, results, tests
from assessments.web.candidate.blueprint import candidate
from lms import clock
from lms.accounts.personal_data import Holder, register_holder
from lms.catalogue.readers import Reader, register_reader
from lms.outbox.operations import Delivery
from lms.web.transactions import EXTENSION

COMMANDS: list[click.Command] = [attempt]
TABLES = (authoring, calibration, imports, marks)  # imported for the tables that they declare
PAGES = (attempts, practice, results, tests, author_tests)  # imported for the routes that they declare


def register(app: Flask) -> None:
    app.register_blueprint(candidate)
    app.register_blueprint(author)
    register_reader(app, Reader("assessments", check_catalogue, load_catalogue))
    register_holder(app, Holder("assessments", export_assessments, erase_assessments))

    def submit_overdue(delivery: Delivery) -> None:
        with app.extensions[EXTENSION].transaction(delivery.organisation_id) as session:
            hand_in_if_overdue(session, attempt_id=UUID(delivery.payload["attempt_id"]), at=clock.now())

    app.extensions["assay.handlers"].handle(DEADLINE_TOPIC, submit_overdue)
