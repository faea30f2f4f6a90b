"""What this provider can do, for clients to read.

Sources: OpenID Connect Discovery 1.0, section 3; RFC 9207, section 3.
"""

from flask import Response, current_app, jsonify, url_for

from lms.oidc.grants import WAYS_TO_AUTHENTICATE
from lms.oidc.scopes import Scope
from lms.oidc.signing import token_signer
from lms.oidc.web.blueprint import issuer, protocol
from lms.web.limits import limiter
from lms.web.policy import public


@protocol.get("/.well-known/openid-configuration")
@public
@limiter.limit("600 per minute")
def configuration() -> Response:
    origin = issuer()

    def at(endpoint: str) -> str:
        return origin + url_for(endpoint)

    response = jsonify(
        issuer=origin,
        authorization_endpoint=at(".authorize"),
        token_endpoint=at(".token"),
        userinfo_endpoint=at(".userinfo"),
        revocation_endpoint=at(".revoke"),
        jwks_uri=f"{origin}/.well-known/jwks.json",
        response_types_supported=["code"],
        response_modes_supported=["query"],
        grant_types_supported=["authorization_code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=[token_signer(current_app).algorithm],
        scopes_supported=list(Scope),
        claims_supported=["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "name", "email"],
        token_endpoint_auth_methods_supported=WAYS_TO_AUTHENTICATE,
        revocation_endpoint_auth_methods_supported=WAYS_TO_AUTHENTICATE,
        code_challenge_methods_supported=["S256"],
        prompt_values_supported=["none", "login", "consent", "select_account"],
        authorization_response_iss_parameter_supported=True,
        claims_parameter_supported=False,
        request_parameter_supported=False,
        request_uri_parameter_supported=False,
    )
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
