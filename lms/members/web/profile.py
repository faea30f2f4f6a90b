"""The profile of an organisation: edited by its managers, seen by everybody when it wants to be, worn by its pages."""

import hashlib
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock
from lms.accounts.forms import typed
from lms.errors import NotFound
from lms.members.forms import ProfileForm
from lms.members.organisations import change_profile
from lms.members.queries import find_public_profile
from lms.members.web.blueprint import MANAGERS, members
from lms.organisations.colours import on_dark, read_colour, text_on, tint
from lms.organisations.logos import LOGO_BYTES
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.profiles import Profile, find_logo, present_profile
from lms.organisations.slugs import get_organisation_id
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.transactions import database, reading, transaction
from lms.web.uploads import takes_upload

LARGEST_REQUEST = 5_000_000  # bytes: a logo that is too large is told so beside the form, not by an error page
_PAPER = ("#fffdf9", "#162026")  # --paper of the design system
_KEPT = "public, max-age=31536000, immutable"  # these addresses name what they show


@members.get("/manage/organisation/")
@MANAGERS
def profile() -> ResponseReturnValue:
    """The present profile, ready to be changed."""
    with reading() as session:
        present = present_profile(session)
    form = ProfileForm(
        formdata=None,
        name=present.name,
        summary=present.summary,
        website=present.website,
        contact=present.contact,
        accent=present.accent,
        is_public=present.is_public,
    )
    return _page(form, present)


@members.post("/manage/organisation/")
@MANAGERS
@limiter.limit("120 per hour")
@takes_upload(LARGEST_REQUEST)
def save_profile() -> ResponseReturnValue:
    form = ProfileForm()
    if not form.validate():
        with reading() as session:
            return _page(form, present_profile(session)), 422
    says: dict[str, Any] = {
        "summary": typed(form.summary.data).strip(),
        "website": form.website.data or None,
        "contact": form.contact.data or None,
        "accent": form.accent.data or None,
        "is_public": bool(form.is_public.data),
    }
    if form.uploaded is not None:
        says |= {"logo": form.uploaded, "logo_hash": hashlib.sha256(form.uploaded).hexdigest()}
    elif form.without_logo.data:
        says |= {"logo": None, "logo_hash": None}
    with transaction() as session:
        change_profile(session, by=current_user.id, at=clock.now(), name=typed(form.name.data), **says)
    flash(_("Saved."), "success")
    return redirect(url_for(".profile"), 303)


@members.get("/organisations/<slug>/")
@public
def public_profile(slug: str) -> ResponseReturnValue:
    """What an organisation tells everybody."""
    with database().reading() as session:
        organisation, says = find_public_profile(session, slug=slug)
    return render_template("lms/members/public_profile.html", organisation=organisation, says=says)


@members.get("/organisations/<slug>/logo-<logo_hash>.png")
@public
def logo(slug: str, logo_hash: str) -> ResponseReturnValue:
    """The logo; whoever knows the address has seen a page that shows it."""
    with database().reading() as session:
        organisation_id = get_organisation_id(session, slug=slug)
    with database().reading(organisation_id) as session:
        picture = find_logo(session, logo_hash=logo_hash)
    return Response(picture, mimetype="image/png", headers={"Cache-Control": _KEPT})


@members.get("/brand/<colour>.css")
@public
def brand(colour: str) -> ResponseReturnValue:
    """The tokens of the design that an accent colour changes, with enough contrast in light and dark."""
    try:
        light = read_colour(f"#{colour}")
    except ValueError:
        raise NotFound(_("There is no such colour.")) from None
    dark = on_dark(light)
    tokens = {
        "--accent": (light, dark),
        "--accent-hover": (f"color-mix(in srgb, {light}, #000 25%)", f"color-mix(in srgb, {dark}, #fff 30%)"),
        "--accent-soft": (tint(light, _PAPER[0]), tint(dark, _PAPER[1])),
        "--on-accent": (text_on(light), text_on(dark)),
    }
    rules = " ".join(f"{token}: light-dark({one}, {other});" for token, (one, other) in tokens.items())
    return Response(f":root {{ {rules} }}\n", mimetype="text/css", headers={"Cache-Control": _KEPT})


def branding() -> Profile | None:
    """What the pages of the signed-in person's organisation wear; those of the public one are plain."""
    if not current_user.is_authenticated or current_user.organisation_id == PUBLIC_ORGANISATION_ID:
        return None
    with reading() as session:
        return present_profile(session)


def _page(form: ProfileForm, present: Profile) -> str:
    return render_template(
        "lms/members/profile.html", form=form, present=present, largest=LOGO_BYTES // 1000, has_upload=form.uploaded
    )
