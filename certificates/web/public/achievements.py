"""Where the address of an achievement leads that stands in credentials: to the test that certifies it."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates.queries.achievements import find_achievement
from certificates.web.public.blueprint import certificates_public
from lms.errors import NotFound
from lms.web.policy import public
from lms.web.transactions import reading


@certificates_public.get("/achievements/<slug>")
@public
def achievement(slug: str) -> ResponseReturnValue:
    """The test says what was asked; an achievement and its test share their name in addresses."""
    with reading() as session:
        if find_achievement(session, slug) is None:
            raise NotFound(_("There is no such achievement."))
    return redirect(url_for("assessments_candidate.test", slug=slug), 303)
