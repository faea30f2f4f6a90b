"""What signs in this application: its keys, and the address in whose name they sign."""

from typing import cast

from flask import current_app

from certificates.adapters.key_ring import KeyRing
from certificates.adapters.signing import Signing
from lms.web.application import settings_of

KEYS = "assay.keys"


def signing() -> Signing:
    """For operations that sign, or write into the issuance log."""
    return Signing(cast(KeyRing, current_app.extensions[KEYS]), settings_of(current_app).base_url)
