"""Somebody comes from a client to sign in: they sign in if need be, are asked once, and go back with a code."""

from datetime import datetime
from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import AccessDeniedError, OAuth2Error, UnsupportedResponseTypeError
from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from lms import clock
from lms.accounts.sign_ins import revoke_sign_in
from lms.oidc.admissions import admit, has_agreed, is_member
from lms.oidc.grants import CodeGrant
from lms.oidc.provider import ProtocolRequest, Provider, way_back, way_back_with
from lms.oidc.scopes import SENTENCES, known_scopes
from lms.oidc.steps import Step, Stop, Visitor, next_step
from lms.oidc.web.asked import SENT_TO_SIGN_IN, Asked, read_asked
from lms.oidc.web.blueprint import issuer, protocol, provider_of
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.return_path import sign_path
from lms.web.transactions import transaction

LIMIT = "120 per minute"


@protocol.get("/oauth/authorize")
@public
@limiter.limit(LIMIT)
def authorize() -> ResponseReturnValue:
    """The authorization endpoint."""
    asked = read_asked()
    try:
        return _go_on(asked)
    except OAuth2Error as error:
        return _leave(asked, way_back_with(error, asked.redirect_uri, state=asked.state, issuer=issuer()))


@protocol.post("/oauth/authorize")
@public
@limiter.limit(LIMIT)
def authorize_form() -> ResponseReturnValue:
    """The same request as a form (OpenID Connect Core 1.0, section 3.1.2.1): the browser asks again with an address.

    A form from another site comes without our cookie, and so without the person.
    """
    return redirect(f"{url_for('.authorize')}?{urlencode(list(request.form.items(multi=True)))}", 303)


@protocol.post("/oauth/authorize/again")
@public
@limiter.limit(LIMIT)
def sign_in_again() -> ResponseReturnValue:
    """Sign out here and sign in again, because the client wants to be sure who it is."""
    asked = read_asked()
    if current_user.is_authenticated:
        with transaction() as write:
            revoke_sign_in(write, sign_in_id=current_user.sign_in_id, at=clock.now())
        logout_user()
        session.clear()
    return _to_sign_in(asked)


@protocol.post("/oauth/authorize/answer")
@public
@limiter.limit(LIMIT)
def answer() -> ResponseReturnValue:
    """The person's answer to the question whether the client may know who they are."""
    asked = read_asked()
    try:
        with provider_of(asked.client) as provider:
            grant = _checked(provider, asked)
            step = _step(provider, grant, asked)
            if step not in {Step.ASK, Step.GO_BACK}:
                return redirect(_address_of(asked), 303)
            if request.form.get("do") != "allow":
                raise AccessDeniedError
            scope = grant.request.scope
            admit(provider.session, client_id=asked.client.id, person_id=current_user.id, scope=scope, at=provider.at)
            return _page_of_leaving(asked, _with_code(provider, grant))
    except OAuth2Error as error:
        return _page_of_leaving(asked, way_back_with(error, asked.redirect_uri, state=asked.state, issuer=issuer()))


def _go_on(asked: Asked) -> ResponseReturnValue:
    """Whatever is next for the visitor. Raises OAuth2Error, to be told to the client."""
    with provider_of(asked.client) as provider:
        grant = _checked(provider, asked)
        step = _step(provider, grant, asked)
        if step is Step.GO_BACK:
            return _leave(asked, _with_code(provider, grant))
    if step is Step.SIGN_IN:
        return _to_sign_in(asked)
    return _page(step, asked, scope=grant.request.scope)


def _step(provider: Provider, grant: CodeGrant, asked: Asked) -> Step:
    """Raises OAuth2Error where nobody may be asked."""
    step = next_step(asked.wish(), _visitor(provider, grant, asked), at=provider.at)
    if isinstance(step, Stop):
        raise OAuth2Error(error=step.value)
    return step


def _checked(provider: Provider, asked: Asked) -> CodeGrant:
    """The request as Authlib found it right. Raises OAuth2Error, to be told to the client."""
    asked.wish()
    seen = ProtocolRequest(request, asked.values)
    if seen.payload.response_type != "code":
        raise UnsupportedResponseTypeError(seen.payload.response_type)
    grant: CodeGrant = provider.get_authorization_grant(seen)
    grant.validate_consent_request()
    return grant


def _visitor(provider: Provider, grant: CodeGrant, asked: Asked) -> Visitor:
    if not current_user.is_authenticated:
        return Visitor(signed_in_at=None)
    grant.signed_in_at = current_user.authenticated_at
    return Visitor(
        signed_in_at=grant.signed_in_at,
        is_member=is_member(provider.session, person_id=current_user.id),
        has_agreed=has_agreed(
            provider.session, client_id=asked.client.id, person_id=current_user.id, scope=grant.request.scope
        ),
    )


def _with_code(provider: Provider, grant: CodeGrant) -> str:
    answered = provider.create_authorization_response(grant.request, grant_user=current_user, grant=grant)
    return way_back(str(answered.location), [], state=None, issuer=issuer())


def _to_sign_in(asked: Asked) -> Response:
    path = _address_of(asked, sent_to_sign_in_at=clock.now())
    return make_response(redirect(url_for("accounts.sign_in", next=sign_path(path)), 303))


def _address_of(asked: Asked, *, sent_to_sign_in_at: datetime | None = None) -> str:
    """The path of the same request, as it is or as it goes on after signing in."""
    return f"{url_for('.authorize')}?{asked.query(sent_to_sign_in_at=sent_to_sign_in_at)}"


def _page(step: Step, asked: Asked, *, scope: str) -> ResponseReturnValue:
    """The person is asked, or told something, before going on."""
    denied = way_back_with(AccessDeniedError(), asked.redirect_uri, state=asked.state, issuer=issuer())
    page = render_template(
        f"lms/oidc/{step.value.replace('-', '_')}.html",
        client=asked.client,
        again=f"{url_for('.sign_in_again')}?{asked.query()}",
        answer=f"{url_for('.answer')}?{asked.query()}",
        sentences=[SENTENCES[each] for each in known_scopes(scope)],
        denied=denied,
        host=asked.host,
    )
    return page, 403 if step is Step.SAY_WHO_MAY else 200


def _leave(asked: Asked, address: str) -> Response:
    """Go back to the client: at once, or by a page after a form of ours.

    Browsers hold a redirect after a form to our Content-Security-Policy, which lets forms lead to this site only.
    """
    if SENT_TO_SIGN_IN in asked.values:
        return _page_of_leaving(asked, address)
    response = make_response(redirect(address, 303))
    response.headers["Cache-Control"] = "no-store"
    return response


def _page_of_leaving(asked: Asked, address: str) -> Response:
    return make_response(render_template("lms/oidc/leaving.html", client=asked.client, address=address))
