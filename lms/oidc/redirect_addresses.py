"""Redirect addresses: where a browser may be sent back to, checked when they are entered, compared letter by letter."""

import re
from urllib.parse import urlsplit

from flask_babel import gettext as _

from lms.errors import Invalid

MOST = 10
LONGEST = 500
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_PRINTABLE = re.compile(r"[!-~]+")  # a browser would write anything else differently
_NOT_WRITTEN = re.compile(r"[\\<>\"{}|^`*]")


def read_addresses(text: str) -> list[str]:
    """One address a line, each once, in their order. Raises Invalid, naming the line."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise Invalid(_("Give at least one address."))
    for number, address in lines:
        try:
            check_address(address)
        except Invalid as fault:
            raise Invalid(_("Line %(number)s: %(fault)s", number=number, fault=fault)) from None
    addresses = list(dict.fromkeys(address for _number, address in lines))
    if len(addresses) > MOST:
        raise Invalid(_("Use at most %(most)s addresses.", most=MOST))
    return addresses


def check_address(address: str) -> None:
    """Raises Invalid with a sentence for an address to which nobody shall be sent.

    Sources: RFC 6749, section 3.1.2 (absolute, no fragment); RFC 9700, section 2.1 (compared exactly, https, or http on
    the machine itself).
    """
    if len(address) > LONGEST:
        raise Invalid(_("An address has at most %(longest)s characters.", longest=LONGEST))
    if not _PRINTABLE.fullmatch(address) or _NOT_WRITTEN.search(address):
        raise Invalid(_("An address has no spaces, wildcards, or letters outside ASCII."))
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _port = parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"}:
        raise Invalid(_("Give a whole address, for example https://tasks.example/signed-in."))
    if parts.username is not None or parts.password is not None:
        raise Invalid(_("An address names no user and no password."))
    if "#" in address:
        raise Invalid(_("An address has no part after #."))
    if parts.scheme == "http" and host not in LOOPBACK:
        raise Invalid(_("An address begins with https://; http:// is for this machine only (127.0.0.1, localhost)."))
