"""Where strangers find our keys: the DID documents of the organisations, and the keys as a JWK Set."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, jsonify
from flask_babel import gettext as _

from certificates.domain.did_document import did_document, jwk_set
from certificates.domain.issuer import did_of
from certificates.domain.trust import KeyUse
from certificates.queries.keys import list_keys, trusted_keys
from certificates.web.public.blueprint import certificates_public
from lms import clock
from lms.errors import NotFound
from lms.web.application import settings_of
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.transactions import database

LIMIT = "600 per minute"
TOKENS_LIVE = timedelta(hours=1)  # at most; they are made for minutes
_CACHING = "public, max-age=30"  # a key that is not trusted any more is gone everywhere within a minute


@certificates_public.get("/.well-known/did.json")
@public
@limiter.limit(LIMIT)
def did_of_installation() -> Response:
    """The DID document of the public organisation, which is that of the installation."""
    return _document(slug="", is_public=True)


@certificates_public.get("/organisations/<slug>/did.json")
@public
@limiter.limit(LIMIT)
def did_of_organisation(slug: str) -> Response:
    """The DID document of any other organisation."""
    return _document(slug=slug, is_public=False)


@certificates_public.get("/.well-known/jwks.json")
@public
@limiter.limit(LIMIT)
def jwks() -> Response:
    """The keys of credentials, documents and tokens as a JWK Set.

    `kid` is the last part of the DID URL in a credential as JWT, and the whole of it in an ID token. A retired key of
    tokens goes when nothing that it signed can live any more.
    """
    base_url = settings_of(current_app).base_url
    with database().reading() as session:
        certificates = {key.id: _without_armour(key.x509) for key in list_keys(session) if key.x509}
        trust = trusted_keys(session, base_url=base_url)
    since = clock.now() - TOKENS_LIVE
    known = trust.by_issuer[did_of(base_url, "", is_public=True)].values()
    keys = [key for key in known if key.use is not KeyUse.TOKEN or key.until is None or key.until > since]
    return _for_programs(jwk_set(keys, certificates=certificates))


def _document(*, slug: str, is_public: bool) -> Response:
    base_url = settings_of(current_app).base_url
    did = did_of(base_url, slug, is_public=is_public)
    with database().reading() as session:
        trust = trusted_keys(session, base_url=base_url)
    if not trust.is_known(did):
        raise NotFound(_("There is no such organisation."))
    return _for_programs(did_document(did, trust.by_issuer[did].values()))


def _without_armour(pem: str) -> str:
    """A certificate as a JWK has it: the base64 of its DER (RFC 7517, section 4.7)."""
    return "".join(line for line in pem.splitlines() if not line.startswith("-----"))


def _for_programs(content: dict[str, Any]) -> Response:
    response = jsonify(content)
    response.headers["Cache-Control"] = _CACHING
    response.headers["Access-Control-Allow-Origin"] = "*"  # verifiers run in browsers as well
    return response
