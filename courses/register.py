"""How courses join the app: pages, navigation, the study panel, the reader of track folders."""

import click
from flask import Flask
from flask_babel import lazy_gettext as _

from assessments.events import LessonsAsked
from courses.cli import demo
from courses.operations.catalogue import check_courses, load_courses
from courses.operations.personal_data import erase_progress, export_progress
from courses.operations.study import name_lessons
from courses.web.panels import study_first, what_to_study
from courses.web.public import courses_public
from lms.accounts.personal_data import Holder, register_holder
from lms.catalogue.readers import Reader, register_reader
from lms.web.navigation import Place, add_place
from lms.web.panels import panels_of

COMMANDS: list[click.Command] = [demo]


def register(app: Flask) -> None:
    app.register_blueprint(courses_public)
    add_place(app, "header", Place("courses_public.catalogue", _("Courses"), rank=10))
    panels_of(app).offer("result", what_to_study)
    panels_of(app).offer("study-first", study_first)
    app.extensions["assay.subscriptions"].subscribe(LessonsAsked, name_lessons)
    register_holder(app, Holder("courses", export_progress, erase_progress))
    register_reader(app, Reader("courses", check_courses, load_courses))
