"""The blueprint of the managers' pages, and who may call them."""

from flask import Blueprint

from lms.organisations.roles import Role
from lms.web.policy import allow

manager = Blueprint("assessments_manager", __name__, url_prefix="/manage", template_folder="../templates")

MANAGERS = allow(Role.MANAGER, Role.OPERATOR)
OPERATORS = allow(Role.OPERATOR)
