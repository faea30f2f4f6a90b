"""The blueprint of the authors' pages, and who may call them."""

from flask import Blueprint

from lms.organisations.roles import Role
from lms.web.policy import allow

author = Blueprint("assessments_author", __name__, url_prefix="/authoring", template_folder="../templates")

AUTHORS = allow(Role.AUTHOR, Role.MANAGER)
