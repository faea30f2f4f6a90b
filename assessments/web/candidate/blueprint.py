"""The blueprint of the candidates' pages, and who may call them."""

from flask import Blueprint

from lms.organisations.roles import Role
from lms.web.policy import allow

candidate = Blueprint("assessments_candidate", __name__, template_folder="../templates")

# Staff sit tests as well: a marker or an author is qualified like everybody else.
ANYBODY = allow(*Role)
