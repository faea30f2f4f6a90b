"""What services call: codes into tokens, who somebody is, the end of a token."""

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from lms import clock
from lms.oidc.codes import find_bearer
from lms.oidc.scopes import claims_of
from lms.oidc.web.blueprint import call_of_client, protocol, provider_of
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.transactions import database

LIMIT = "1200 per minute"  # from one source: a platform's server signs in everybody who works there


@protocol.post("/oauth/token")
@public
@limiter.limit(LIMIT)
def token() -> ResponseReturnValue:
    """Change a code into an access token and an ID token. What a refusal changes stays: a code that came twice."""
    client, call = call_of_client()
    with provider_of(client) as provider:
        return _for_one(provider.create_token_response(call))


@protocol.post("/oauth/revoke")
@public
@limiter.limit(LIMIT)
def revoke() -> ResponseReturnValue:
    """Answers alike for tokens that are this client's and for what is none (RFC 7009, section 2.2)."""
    client, call = call_of_client()
    with provider_of(client) as provider:
        return _for_one(provider.create_endpoint_response("revocation", call))


@protocol.route("/oauth/userinfo", methods=["GET", "POST"])
@public
@limiter.limit(LIMIT)
def userinfo() -> ResponseReturnValue:
    """Whom the token is about, as far as its scopes reach. Sources: OpenID Connect Core 1.0, section 5.3; RFC 6750."""
    kind, _, held = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not held:
        return _for_one(Response(status=401, headers={"WWW-Authenticate": "Bearer"}))
    with database().looking_up() as connection:
        bearer = find_bearer(connection, token=held.strip(), at=clock.now())
    if bearer is None:
        refusal = jsonify(error="invalid_token", error_description="The token ended, or is none of ours.")
        refusal.status_code = 401
        refusal.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return _for_one(refusal)
    claims = claims_of(person_id=bearer.person_id, name=bearer.name, email=bearer.email, scope=bearer.scope)
    return _for_one(jsonify(claims))


def _for_one(response: Response) -> Response:
    """Nobody in between keeps it."""
    response.headers["Cache-Control"] = "no-store"
    return response
