"""Who issues: an organisation of this installation, named by a did:web identifier."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_METHOD = "did:web:"


@dataclass(frozen=True, slots=True)
class Issuer:
    """An organisation as it stands in credentials: its DID, its name, its address."""

    did: str
    name: str
    url: str


def did_of(base_url: str, slug: str, *, is_public: bool) -> str:
    """The DID of the organisation with this slug; the public one has that of the installation itself.

    Source: did:web Method Specification (W3C CCG), section 3.1: a port's colon is percent-encoded, slashes are colons.
    """
    path = () if is_public else ("organisations", slug)
    return _METHOD + ":".join(quote(part, safe="") for part in (urlsplit(base_url).netloc, *path))


def issuer_of(*, base_url: str, slug: str, name: str, is_public: bool, is_development: bool) -> Issuer:
    """An organisation as an issuer. What development keys sign says so in the issuer's name."""
    shown = f"{name} (development, not for use)" if is_development else name
    return Issuer(did=did_of(base_url, slug, is_public=is_public), name=shown, url=f"{base_url}/")
