"""What a client asked for when it sent somebody here: read from the address, trusted only as far as it was checked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from lms.errors import Refusal
from lms.oidc.clients import KnownClient
from lms.oidc.steps import Wish
from lms.oidc.web.blueprint import known_client

SENT_TO_SIGN_IN = "sent_to_sign_in"  # a parameter of ours: when somebody was sent to sign in for this request
_ONCE = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt", "max_age")
_UNSUPPORTED = {"request": "request_not_supported", "request_uri": "request_uri_not_supported"}


class BadRequest(Refusal):
    """The request names no client of ours, or an address that is not the client's: nobody is sent anywhere."""

    code = "invalid-sign-in-request"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with a client that is known and an address that is the client's."""

    client: KnownClient
    redirect_uri: str
    values: MultiDict[str, str]

    @property
    def state(self) -> str | None:
        return self.values.get("state")

    @property
    def host(self) -> str:
        """Where the person goes back to, as they may recognise it."""
        return urlsplit(self.redirect_uri).netloc

    def wish(self) -> Wish:
        """Raises OAuth2Error, to be told to the client."""
        for name, error in _UNSUPPORTED.items():
            if name in self.values:
                raise OAuth2Error(error=error)
        for name in _ONCE:
            if len(self.values.getlist(name)) > 1:
                raise InvalidRequestError(f"Multiple '{name}' in request.")
        if self.values.get("response_mode", "query") != "query":
            raise InvalidRequestError("The only 'response_mode' is query.")
        prompts = frozenset((self.values.get("prompt") or "").split())
        if "none" in prompts and len(prompts) > 1:
            raise InvalidRequestError("The prompt none stands alone.")
        return Wish(prompts, self._max_age(), _read_instant(self.values.get(SENT_TO_SIGN_IN)))

    def query(self, *, sent_to_sign_in_at: datetime | None = None) -> str:
        """The request again, for an address of ours; or as it goes on after signing in, which begins now."""
        values = list(self.values.items(multi=True))
        if sent_to_sign_in_at is not None:
            signed = _serializer().dumps(sent_to_sign_in_at.isoformat())
            values = [(name, value) for name, value in values if name != SENT_TO_SIGN_IN] + [(SENT_TO_SIGN_IN, signed)]
        return urlencode(values)

    def _max_age(self) -> timedelta | None:
        text = self.values.get("max_age")
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise InvalidRequestError("'max_age' is a number of seconds.")
        return timedelta(seconds=int(text))


def read_asked() -> Asked:
    """Raises BadRequest when nobody can be told but the person: the client or the address is not known."""
    values = request.args
    client = known_client(_single(values, "client_id"))
    if client is None:
        _refuse(_("The address that brought you here names no service that is known to us. Go back and try again."))
    redirect_uri = _single(values, "redirect_uri")
    if redirect_uri not in client.redirect_uris:
        _refuse(
            _(
                "%(name)s sent you here with a way back that it did not register. Its operator has to set that right.",
                name=client.name,
            )
        )
    return Asked(client, redirect_uri, values)


def _single(values: MultiDict[str, str], name: str) -> str:
    found = values.getlist(name)
    return found[0] if len(found) == 1 else ""


def _refuse(message: str) -> NoReturn:
    raise BadRequest(message)


def _read_instant(signed: str | None) -> datetime | None:
    """The instant that we signed, or None when there is none or it is not ours."""
    try:
        return datetime.fromisoformat(_serializer().loads(signed)) if signed else None
    except BadSignature:
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="sent-to-sign-in")
