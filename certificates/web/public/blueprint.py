"""The blueprint of the public pages."""

from flask import Blueprint, Response, request

certificates_public = Blueprint("certificates_public", __name__, template_folder="../templates")
_UNLISTED = {f"certificates_public.{name}" for name in ("verify", "verify_form", "verify_file")}


@certificates_public.after_request
def keep_out_of_caches_and_indexes(response: Response) -> Response:
    """What verification answers names a person: nobody stores it or lists it, whether it was found or not."""
    if request.endpoint in _UNLISTED:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
