"""The blueprint of the holders' pages, and who may call them."""

from flask import Blueprint

from lms.organisations.roles import Role
from lms.web.policy import allow

certificates_holder = Blueprint("certificates_holder", __name__, template_folder="../templates")

# Staff learn and qualify as well.
ANYBODY = allow(*Role)
