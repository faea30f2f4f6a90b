"""The blueprint of the managers' pages of courses, who may read them, and who may change something."""

from flask import Blueprint

from lms.organisations.roles import Role
from lms.web.policy import allow

courses_manager = Blueprint("courses_manager", __name__, url_prefix="/manage/cohorts", template_folder="../templates")

MANAGERS = allow(Role.MANAGER, Role.OPERATOR)
CHANGING = frozenset({Role.MANAGER, Role.OPERATOR})
