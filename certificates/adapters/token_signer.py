"""Signing short-lived tokens (ID tokens, entitlement tokens) with the key of the installation that is for them.

Sources: RFC 7519 (JWT), RFC 7515 (JWS); RFC 8725, section 3.11: `typ` says what a token is, so that none passes for
another.
"""

import json
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey
from sqlalchemy.orm import Session

from certificates.adapters.key_ring import KeyRing, TokenKey
from certificates.models.keys import KeyPurpose
from lms.db.session import Database


class KeyRingSigner:
    """What `lms.oidc.signing` describes, with the keys of the key ring."""

    algorithm = "ES256"

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def sign(self, claims: dict[str, Any], *, typ: str, session: Session | None = None) -> str:
        """A compact JWS whose `kid` is the key's id in the JWK Set. Raises NoKey when there is no key for tokens."""
        key = self._active(session)
        header = {"alg": self.algorithm, "kid": key.id, "typ": typ}
        payload = json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode()
        return jws.serialize_compact(header, payload, ECKey.import_key(key.private), algorithms=[self.algorithm])

    def _active(self, session: Session | None) -> TokenKey:
        if session is not None:
            return self._keys.active(session, KeyPurpose.TOKEN)
        with self._database.reading() as own:
            return self._keys.active(own, KeyPurpose.TOKEN)
