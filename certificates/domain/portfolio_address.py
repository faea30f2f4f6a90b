"""The address that a holder chooses for a portfolio: what it may look like, and a proposal made from a name."""

import re
import unicodedata

SHORTEST, LONGEST = 3, 40
# Words that readers would take for the house itself, or for one of its pages.
RESERVED = frozenset(
    re.findall(
        r"\S+",
        "about abuse account accounts admin administrator anonymous api assay assessments authoring billing blog "
        "certificate certificates contact courses credentials dashboard everybody everyone help holder home index "
        "info issuer jobs legal log login logout mail manage manager managers me moderator news nobody null "
        "official operator organisation organisations organization organizations owner people person portfolio "
        "press privacy public root search security settings share sign-in sign-out sign-up staff status superuser "
        "support sysadmin system team terms test tests tiers undefined user users verification verify webmaster "
        "well-known www",
    )
)


def is_well_formed(address: str) -> bool:
    """Whether it has 3 to 40 small letters a to z, digits and single hyphens within, and at least one letter."""
    is_sized = SHORTEST <= len(address) <= LONGEST
    return (
        is_sized and bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", address)) and not address.replace("-", "").isdigit()
    )


def is_reserved(address: str) -> bool:
    """Whether it is kept for the house, hyphens or not."""
    return address in RESERVED or address.replace("-", "") in RESERVED


def tidied(typed: str) -> str:
    """Return what was typed as people mean it: trimmed, small letters, without the part before a pasted address."""
    return typed.strip().rstrip("/").rpartition("/")[2].lower()


def proposed(name: str) -> str:
    """Return an address made from a name; empty when its letters give none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    address = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-")
    return address if is_well_formed(address) and not is_reserved(address) else ""
