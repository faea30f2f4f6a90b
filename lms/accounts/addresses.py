"""E-mail addresses: one canonical form, by which accounts are found and told apart."""

import unicodedata


def normalise(address: str) -> str:
    """The canonical form: NFKC, no surrounding space, lower case throughout.

    Lower-casing the local part as well follows what people expect of a sign-in; no provider in use tells
    two mailboxes apart by case alone.
    """
    return unicodedata.normalize("NFKC", address).strip().casefold()
