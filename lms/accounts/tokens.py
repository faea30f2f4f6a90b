"""Tokens of sign-ins and mailed links: 256 random bits out, only a hash kept."""

import hashlib
import secrets


def make_token() -> str:
    """A token for a cookie or a link."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token. It has full entropy, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
