"""Plain input: a NUL character is never part of an address or a text; PostgreSQL could not even store it."""

from flask import request
from flask_babel import gettext as _

from lms.errors import Invalid, NotFound
from lms.web.problem_details import speaks_problems


def refuse_nul() -> None:
    """Before every request. Raises NotFound for a NUL in the address, Invalid for one in a form."""
    if "\0" in request.path:
        raise NotFound(_("There is nothing at this address."))
    if speaks_problems():
        return  # the API reads its parameters and bodies strictly, and names what does not fit
    if any("\0" in value for value in request.args.values()):
        raise NotFound(_("There is nothing at this address."))
    if request.mimetype != "application/json" and any("\0" in value for value in request.form.values()):
        raise Invalid(_("The form holds a NUL character, which is no part of any text. Remove it and send again."))
