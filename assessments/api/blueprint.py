"""The blueprint of what assessments add to the API."""

from flask import Blueprint

from lms.api.blueprint import PREFIX

assessments_api = Blueprint("assessments_api", __name__, url_prefix=PREFIX)
