"""The blueprint of the markers' pages, and who may call them."""

from flask import Blueprint

from lms.organisations.roles import Role
from lms.web.policy import allow

marker = Blueprint("assessments_marker", __name__, url_prefix="/marking", template_folder="../templates")

MARKERS = allow(Role.MARKER)
