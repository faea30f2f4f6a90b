"""Addresses of receivers: which URLs are taken, and which machines behind them may be connected to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from flask_babel import gettext as _

from lms.errors import Invalid

LONGEST_URL = 2000
PORTS = (443, 8443)
_PRINTABLE = re.compile(r"[!-~]+")
# Addresses that look public and are not a stranger's machine: what clouds tell their own machines is told there.
_METADATA = frozenset({ip_address("168.63.129.16")})
# Networks that lead on to IPv4 addresses or are of no use; what `ipaddress` calls global leaves them open.
_NOT_FOR_US = (
    ip_network("192.0.0.0/24"),  # RFC 6890
    ip_network("2001::/23"),  # RFC 2928
    ip_network("2002::/16"),  # RFC 3056
    ip_network("64:ff9b::/96"),  # RFC 6052
    ip_network("64:ff9b:1::/48"),  # RFC 8215
    ip_network("fec0::/10"),  # RFC 3879
    ip_network("192.88.99.0/24"),  # RFC 7526
    ip_network("3fff::/20"),  # RFC 9637
)


@dataclass(frozen=True, slots=True)
class Receiver:
    """The parts of a URL to which something is sent. `target` is its path with the query."""

    is_https: bool
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The name and port as the Host header carries them."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.is_https else 80) else f"{name}:{self.port}"


def read_url(url: str, *, allow_loopback: bool) -> Receiver:
    """The parts of a URL. With `allow_loopback` plain http and any port are taken too.

    Raises Invalid with what is wrong with it.
    """
    if not _PRINTABLE.fullmatch(url) or len(url) > LONGEST_URL or "\\" in url:
        raise Invalid(_("Enter an address of at most %(most)s plain characters, without spaces.", most=LONGEST_URL))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Invalid(_("Enter an address like https://example.org/webhooks.")) from None
    is_https = parts.scheme == "https"
    if not is_https and not (allow_loopback and parts.scheme == "http"):
        raise Invalid(_("The address must begin with https://, so that nobody reads along."))
    if not host or "%" in host:
        raise Invalid(_("Enter an address like https://example.org/webhooks."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Invalid(_("The address must have no name, password or # part; requests are signed instead."))
    chosen = port or (443 if is_https else 80)
    if chosen not in PORTS and not allow_loopback:
        raise Invalid(_("Webhooks are sent to ports 443 and 8443 only."))
    return Receiver(is_https, host, chosen, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def check_machines(answers: Sequence[str], *, allow_loopback: bool) -> str:
    """The one to connect to, of the IP addresses that a name has. Raises Invalid unless every one may be."""
    if not answers:
        raise Invalid(_("The name in this address is not known."))
    for answer in answers:
        if not is_open(answer, allow_loopback=allow_loopback):
            raise Invalid(
                _("This address leads into a network that is not public, and nothing is sent there."),
                facts={"address": answer},
            )
    return answers[0]


def is_open(answer: str, *, allow_loopback: bool) -> bool:
    """Whether a machine with this IP address may be connected to."""
    try:
        address = ip_address(answer)
    except ValueError:  # a zone, or nothing that we know
        return False
    return (allow_loopback and address.is_loopback) or _is_public(address)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return False
    is_special = address.is_multicast or address.is_reserved or address.is_unspecified or address in _METADATA
    is_odd = any(address in network for network in _NOT_FOR_US if network.version == address.version)
    return address.is_global and not is_special and not is_odd
