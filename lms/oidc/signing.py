"""The place of the signer of tokens: an upper floor, which keeps the keys, puts one here."""

from typing import Any, Protocol, cast

from flask import Flask
from sqlalchemy.orm import Session

EXTENSION = "assay.token_signer"


class TokenSigner(Protocol):
    """Signs short-lived tokens with a key of the installation, which strangers find in its JWK Set."""

    algorithm: str

    def sign(self, claims: dict[str, Any], *, typ: str, session: Session | None = None) -> str:
        """A compact JWT. The active key is looked up in the session, or on a connection of its own."""
        ...


def token_signer(app: Flask) -> TokenSigner:
    return cast(TokenSigner, app.extensions[EXTENSION])
