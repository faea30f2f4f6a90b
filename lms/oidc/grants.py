"""What Authlib leaves to us: who a client is, codes that live in our tables, PKCE without exceptions, ID tokens."""

import hmac
import re
from datetime import datetime
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin, InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin
from authlib.oidc.core.grants.code import OpenIDToken
from authlib.oidc.core.util import create_half_hash

from lms.accounts.models import Person
from lms.accounts.tokens import hash_token
from lms.oidc import codes
from lms.oidc.clients import KnownClient
from lms.oidc.models import AccessToken, AuthorizationCode
from lms.oidc.scopes import Scope, claims_of, known_scopes, scope_text

WAYS_TO_AUTHENTICATE = ["client_secret_basic", "client_secret_post", "none"]
LONGEST = {"state": 2000, "nonce": 255}
_S256 = re.compile(r"[A-Za-z0-9_-]{43}")


class ClientOfProtocol(ClientMixin):
    """A client, as Authlib asks about it."""

    def __init__(self, known: KnownClient) -> None:
        self.known = known

    def get_client_id(self) -> str:
        return self.known.client_id

    def get_default_redirect_uri(self) -> None:
        return None  # a request always names one

    def get_allowed_scope(self, scope: str | None) -> str | None:
        known = known_scopes(scope)
        return scope_text(known) if Scope.OPENID in known else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.known.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        kept = self.known.secret_hash
        return kept is not None and hmac.compare_digest(hash_token(client_secret), kept)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method == "none") == (self.known.secret_hash is None)

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class CodeOfProtocol(AuthorizationCodeMixin):
    """A code, as Authlib asks about it."""

    code_challenge_method = "S256"

    def __init__(self, row: AuthorizationCode) -> None:
        self.row = row
        self.code_challenge = row.code_challenge

    def get_redirect_uri(self) -> str:
        return self.row.redirect_uri

    def get_scope(self) -> str:
        return self.row.scope

    def get_nonce(self) -> str | None:
        return self.row.nonce

    def get_auth_time(self) -> int:
        return int(self.row.signed_in_at.timestamp())


class CodeGrant(AuthorizationCodeGrant):
    """The authorization code grant, the only one. `signed_in_at` is set before a code is made."""

    TOKEN_ENDPOINT_AUTH_METHODS = WAYS_TO_AUTHENTICATE
    signed_in_at: datetime

    def generate_authorization_code(self) -> str:
        request = self.request
        return codes.make_code(
            self.server.session,
            client_id=request.client.known.id,
            person_id=request.user.id,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            nonce=request.payload.data.get("nonce"),
            code_challenge=request.payload.data["code_challenge"],
            signed_in_at=self.signed_in_at,
            at=self.server.at,
        )

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        """It was stored as it was made."""

    def query_authorization_code(self, code: str, client: ClientOfProtocol) -> CodeOfProtocol | None:
        server = self.server
        row = codes.find_code(server.session, code=code, client_id=client.known.id)
        if row is not None and row.used_at is not None:
            codes.end_tokens_of_code(server.session, code_id=row.id, at=server.at)
            return None
        return CodeOfProtocol(row) if row is not None and row.expires_at > server.at else None

    def authenticate_user(self, authorization_code: CodeOfProtocol) -> Person | None:
        """All else was right, so this uses the code up. None when somebody was faster, or the person is out."""
        session, row = self.server.session, authorization_code.row
        if not codes.use_code(session, code_id=row.id, at=self.server.at):
            return None
        return codes.find_active_member(session, person_id=row.person_id)

    def delete_authorization_code(self, authorization_code: CodeOfProtocol) -> None:
        """It stays, as used: should it come again, what was made from it ends."""


class StrictChallenge(CodeChallenge):
    """PKCE for every client, and S256 only."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012  # as Authlib has it

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        super().validate_code_challenge(grant, redirect_uri)
        data = grant.request.payload.data
        if data.get("code_challenge_method") != "S256" or not _S256.fullmatch(data.get("code_challenge") or ""):
            raise InvalidRequestError("Send a 'code_challenge' with the 'code_challenge_method' S256.")
        for name, longest in LONGEST.items():
            if len(data.get(name) or "") > longest:
                raise InvalidRequestError(f"The '{name}' is too long.")


class IdTokens(OpenIDToken):
    """ID tokens, signed with the key of the installation. Name and address are told by the userinfo endpoint."""

    def process_token(self, grant: CodeGrant, response: tuple[int, dict[str, Any], Any]) -> None:
        """The answer gets its ID token; the scope openid is always there."""
        server, request, token = grant.server, grant.request, response[1]
        now = int(server.at.timestamp())
        claims = {
            "iss": server.issuer,
            **claims_of(person_id=request.user.id, name="", email="", scope=Scope.OPENID),
            "aud": request.client.get_client_id(),
            "exp": now + int(codes.TOKEN_LIVES.total_seconds()),
            "iat": now,
            "at_hash": create_half_hash(token["access_token"], server.signer.algorithm).decode(),
            **self.get_authorization_code_claims(request.authorization_code),
        }
        token["id_token"] = server.signer.sign(claims, typ="JWT", session=server.session)


class Revocation(RevocationEndpoint):
    """Ending a token that a client does not need any more."""

    CLIENT_AUTH_METHODS = WAYS_TO_AUTHENTICATE
    SUPPORTED_TOKEN_TYPES = ("access_token",)

    def check_params(self, request: OAuth2Request, client: ClientOfProtocol) -> None:
        """A hint is a hint: one that we do not know is passed over."""
        if not request.form.get("token"):
            raise InvalidRequestError("Missing 'token' in request.")

    def authenticate_token(self, request: OAuth2Request, client: ClientOfProtocol) -> AccessToken | None:
        """None for what is not this client's, which is answered like what never was."""
        self.check_params(request, client)
        return codes.find_token(self.server.session, token=request.form["token"], client_id=client.known.id)

    def revoke_token(self, token: AccessToken, request: OAuth2Request) -> None:
        codes.revoke_token(self.server.session, token_id=token.id, at=self.server.at)
