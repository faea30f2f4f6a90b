"""Names of people: whatever they are, a certificate can show them."""

import unicodedata

from flask_babel import gettext as _

from lms.errors import Invalid

_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"  # Hangul fillers: letters by their category, and nothing to see


def checked_name(name: str) -> str:
    """The name without spaces around it. Raises Invalid when there is no letter in it that can be read."""
    if not any(_is_letter(character) for character in name):
        raise Invalid(_("Enter a name with at least one letter; it will stand on your certificates."))
    return name.strip()


def _is_letter(character: str) -> bool:
    return unicodedata.category(character).startswith("L") and character not in _BLANK_LETTERS
