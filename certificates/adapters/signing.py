"""What signing takes: the keys of this installation, and the address in whose name they sign."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from certificates.adapters.key_ring import KeyRing
from certificates.domain.checkpoints import origin_of


@dataclass(frozen=True, slots=True)
class Signing:
    """The keys, and the origin of the pages (`https://assay.example`) under which strangers find what they sign."""

    keys: KeyRing
    base_url: str

    @property
    def host(self) -> str:
        """The name of this installation."""
        return urlsplit(self.base_url).netloc

    @property
    def origin(self) -> str:
        """The name of the issuance log."""
        return origin_of(self.base_url)
