"""Whether somebody may work: by a token that Assay signed a moment ago, without a call; else by asking."""

from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from task_platform.assay import Answer, Assay
from task_platform.records import Records
from task_platform.settings import Settings

TYPE = "entitlement+jwt"


class Deciding:
    """Keeps Assay's public keys in memory, and reads them again when a token names one that it does not know."""

    def __init__(self, settings: Settings, assay: Assay, records: Records) -> None:
        self._settings, self._assay, self._records = settings, assay, records
        self._keys: KeySet | None = None

    def decide(self, subject: str, tier: str) -> tuple[Answer, str]:
        """The answer, and how it was found: `offline` or `online`. Raises AssayIsAway when neither way leads on.

        Before work is given a good token suffices. Assay tells by webhook when a tier closes, which removes the token.
        """
        kept = self._records.token(subject, tier)
        claims = self._read(kept, subject, tier) if kept else None
        if claims is not None:
            return Answer(claims["outcome"], [], claims["decision_id"]), "offline"
        answer = self._assay.check(subject, tier)
        token = self._assay.token(subject, tier) if answer.is_open else None
        if token is not None:
            self._records.keep_token(subject, tier, token)
        return answer, "online"

    def _read(self, token: str, subject: str, tier: str) -> dict[str, Any] | None:
        """The claims of a token that is good now, for this person, this tier, and us. None for any other."""
        registry = jwt.JWTClaimsRegistry(
            leeway=5,
            iss={"essential": True, "value": self._settings.assay_url},
            aud={"essential": True, "value": self._settings.organisation},
            sub={"essential": True, "value": subject},
            tier={"essential": True, "value": tier},
            outcome={"essential": True, "values": ["allow", "provisional"]},
            exp={"essential": True},
        )
        try:
            read = jwt.decode(token, self._keys_for(token), algorithms=["ES256"])
            registry.validate(read.claims)
        except (JoseError, ValueError):
            return None
        return read.claims if read.header.get("typ") == TYPE else None

    def _keys_for(self, token: str) -> KeySet:
        named = jwt_header(token).get("kid")
        if self._keys is None or named not in {key.kid for key in self._keys.keys}:
            self._keys = KeySet.import_key_set(self._assay.keys())
        return self._keys


def jwt_header(token: str) -> dict[str, Any]:
    """The header of a token, which nobody has checked yet. Raises ValueError."""
    return dict(jws.extract_compact(token.encode()).headers())
