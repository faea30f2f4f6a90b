"""Signing in with Assay, by OpenID Connect: authorization code with PKCE, done by Authlib's client."""

import hmac
import secrets

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from task_platform.settings import Settings

pages = Blueprint("signing_in", __name__)


def register_sign_in(app: Flask, settings: Settings) -> None:
    oauth = OAuth(app)
    oauth.register(
        "assay",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=f"{settings.assay_url}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "default_timeout": 5},
    )
    app.extensions["platform.oauth"] = oauth
    app.register_blueprint(pages)
    app.jinja_env.globals["form_token"] = form_token


@pages.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    back = current_app.extensions["platform.settings"].url + url_for(".signed_in")
    return current_app.extensions["platform.oauth"].assay.authorize_redirect(back)


@pages.get("/signed-in")
def signed_in() -> ResponseReturnValue:
    """Back from Assay. `iss` tells that the answer comes from whom we sent people to (RFC 9207)."""
    settings: Settings = current_app.extensions["platform.settings"]
    if request.args.get("iss") != settings.assay_url:
        abort(400, "The answer does not come from Assay.")
    assay = current_app.extensions["platform.oauth"].assay
    try:
        token = assay.authorize_access_token()
        known = assay.userinfo(token=token)
    except (AuthlibBaseError, JoseError) as refusal:
        return redirect(url_for("work.offers", refused=getattr(refusal, "error", "") or "invalid"), 303)
    session.clear()
    session["subject"], session["name"] = token["userinfo"]["sub"], known.get("name", "")
    return redirect(url_for("work.offers"), 303)


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    check_form_token()
    session.clear()
    return redirect(url_for("work.offers"), 303)


def form_token() -> str:
    """What every form of ours carries, so that no other site can send it."""
    return str(session.setdefault("form_token", secrets.token_urlsafe(16)))


def check_form_token() -> None:
    if not hmac.compare_digest(request.form.get("form_token", "").encode(), form_token().encode()):
        abort(400, "This form is from another visit. Go back, reload the page and try again.")
