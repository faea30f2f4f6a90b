"""How courses join the app: pages, navigation, the study panel, the reader of track folders."""

import click
from flask import Flask
from flask_babel import lazy_gettext as _

from assessments.events import LessonsAsked
from courses.cli import demo
from courses.operations.catalogue import check_courses, load_courses
from courses.operations.cohorts import join_by_invitation, leave_all
from courses.operations.personal_data import erase_cohorts, erase_progress, export_cohorts, export_progress
from courses.operations.study import name_lessons
from courses.web.manager import cohorts
from courses.web.manager.blueprint import courses_manager
from courses.web.panels import on_home, on_managing, study_first, what_to_study
from courses.web.public import courses_public
from lms.accounts.personal_data import Holder, register_holder
from lms.catalogue.readers import Reader, register_reader
from lms.members.events import InvitationAccepted, MembershipEnded
from lms.web.navigation import Place, add_place
from lms.web.panels import panels_of

COMMANDS: list[click.Command] = [demo]
PAGES = (cohorts,)  # imported for the routes that they declare


def register(app: Flask) -> None:
    app.register_blueprint(courses_public)
    app.register_blueprint(courses_manager)
    add_place(app, "header", Place("courses_public.catalogue", _("Courses"), rank=10))
    panels_of(app).offer("result", what_to_study)
    panels_of(app).offer("study-first", study_first)
    panels_of(app).offer("managing", on_managing, rank=30)
    panels_of(app).offer("home", on_home, rank=20)
    app.extensions["assay.subscriptions"].subscribe(LessonsAsked, name_lessons)
    app.extensions["assay.subscriptions"].subscribe(InvitationAccepted, join_by_invitation)
    app.extensions["assay.subscriptions"].subscribe(MembershipEnded, leave_all)
    register_holder(app, Holder("courses", export_progress, erase_progress))
    register_holder(app, Holder("cohorts", export_cohorts, erase_cohorts))
    register_reader(app, Reader("courses", check_courses, load_courses))
