"""The blueprint of the pages of assessments that everybody may read."""

from flask import Blueprint

public_pages = Blueprint("assessments_public", __name__, template_folder="../templates")
