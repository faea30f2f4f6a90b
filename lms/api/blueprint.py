"""The blueprint of the ground's own part of the API."""

from flask import Blueprint

PREFIX = "/api/v1"

lms_api = Blueprint("lms_api", __name__, url_prefix=PREFIX)
