"""The addresses of the protocol, the managers' pages, and what they share: who asks, and the provider for them."""

from collections.abc import Iterator
from contextlib import contextmanager

from authlib.oauth2.rfc6749.util import extract_basic_authorization
from flask import Blueprint, current_app, request

from lms import clock
from lms.oidc.clients import KnownClient, find_known_client
from lms.oidc.provider import ProtocolRequest, Provider
from lms.oidc.signing import token_signer
from lms.organisations.roles import Role
from lms.web.application import settings_of
from lms.web.policy import allow
from lms.web.transactions import database

protocol = Blueprint("lms_oidc", __name__)
sign_in_clients = Blueprint("lms_sign_in_clients", __name__, url_prefix="/manage/sign-in-clients")

MANAGERS = allow(Role.MANAGER, Role.OPERATOR)


def issuer() -> str:
    """The name of this server in tokens and answers: the origin of its pages."""
    return settings_of(current_app).base_url


def known_client(named: str | None) -> KnownClient | None:
    """The client with this name; its organisation is not known before."""
    if not named or not named.isprintable():
        return None
    with database().looking_up() as connection:
        return find_known_client(connection, named)


def call_of_client() -> tuple[KnownClient | None, ProtocolRequest]:
    """A call of a service, and the client that it names; whether it is that one is for the provider to see."""
    call = ProtocolRequest(request, request.form)
    try:
        named, _secret = extract_basic_authorization(request.headers)
    except ValueError:  # the header holds bytes that are no text
        named, call.headers = None, {}
    return known_client(named or request.form.get("client_id")), call


@contextmanager
def provider_of(client: KnownClient | None) -> Iterator[Provider]:
    """A provider in a transaction of the client's organisation."""
    with database().transaction(client.organisation_id if client else None) as session:
        yield Provider(session, client, signer=token_signer(current_app), issuer=issuer(), at=clock.now())
