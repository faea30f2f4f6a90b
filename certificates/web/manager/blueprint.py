"""The blueprint of the pages on which managers decide on certificates, and who may call them."""

from flask import Blueprint

from lms.organisations.roles import Role
from lms.web.policy import allow

certificates_manager = Blueprint(
    "certificates_manager", __name__, url_prefix="/manage/certificates", template_folder="../templates"
)

MANAGERS = allow(Role.MANAGER, Role.OPERATOR)
