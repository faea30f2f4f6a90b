"""The blueprint of what certificates add to the API."""

from flask import Blueprint

from lms.api.blueprint import PREFIX

certificates_api = Blueprint("certificates_api", __name__, url_prefix=PREFIX)
