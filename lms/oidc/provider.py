"""The protocol, by Authlib: one provider for a request, with the client that was looked up and the session of its rows.

Sources: RFC 6749 (OAuth 2.0), RFC 7636 (PKCE), RFC 9700 (what is safe today), RFC 7009 (revocation), RFC 9207 (`iss`),
OpenID Connect Core 1.0.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload
from authlib.oauth2.rfc6749 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from flask import Request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lms.accounts.tokens import make_token
from lms.oidc import codes
from lms.oidc.clients import KnownClient
from lms.oidc.grants import ClientOfProtocol, CodeGrant, IdTokens, Revocation, StrictChallenge
from lms.oidc.signing import TokenSigner

_SECURE = "https://localhost/"  # BASE_URL and the proxy in front settle how the request came; Authlib is not asked


class _Payload(FlaskOAuth2Payload):
    """The parameters from one place only: the query, or the body."""

    def __init__(self, values: MultiDict[str, str]) -> None:
        self._values = values

    @property
    def data(self) -> MultiDict[str, str]:
        return self._values


class ProtocolRequest(OAuth2Request):
    """A request as Authlib sees it."""

    def __init__(self, request: Request, values: MultiDict[str, str]) -> None:
        super().__init__(method=request.method, uri=_SECURE, headers=request.headers)
        self._values = values
        self.payload = _Payload(values)

    @property
    def args(self) -> MultiDict[str, str]:
        return self._values

    @property
    def form(self) -> MultiDict[str, str]:
        return self._values


class Provider(AuthorizationServer):
    """The authorization server of this installation, for one request."""

    def __init__(
        self, session: Session, client: KnownClient | None, *, signer: TokenSigner, issuer: str, at: datetime
    ) -> None:
        super().__init__()
        self.session, self.signer, self.issuer, self.at = session, signer, issuer, at
        self._client = ClientOfProtocol(client) if client else None
        lives = int(codes.TOKEN_LIVES.total_seconds())
        self.register_token_generator("default", BearerTokenGenerator(lambda **_facts: make_token(), None, lives))
        self.register_grant(CodeGrant, [StrictChallenge(), IdTokens()])
        self.register_endpoint(Revocation)

    def query_client(self, client_id: str) -> ClientOfProtocol | None:
        client = self._client
        return client if client is not None and client.get_client_id() == client_id else None

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        codes.keep_token(
            self.session,
            token=token["access_token"],
            code=request.authorization_code.row,
            scope=token["scope"],
            at=self.at,
        )

    def create_oauth2_request(self, request: ProtocolRequest) -> ProtocolRequest:
        return request


def way_back(redirect_uri: str, params: Sequence[tuple[str, str]], *, state: str | None, issuer: str) -> str:
    """The address that takes a browser back, with the name of this server, against mix-ups (RFC 9207)."""
    names = {name for name, _value in params}
    rest = [("state", state)] if state and "state" not in names else []
    return str(add_params_to_uri(redirect_uri, [*params, *rest, ("iss", issuer)]))


def way_back_with(error: OAuth2Error, redirect_uri: str, *, state: str | None, issuer: str) -> str:
    """The address that tells a client why there is no code."""
    return way_back(redirect_uri, error.get_body(), state=state, issuer=issuer)
