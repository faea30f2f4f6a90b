"""Identifiers: QTI's are XML names, ours are lower case letters and digits joined by hyphens."""

import re
from collections.abc import Iterable

_LONGEST = 60


def our_identifier(identifier: str, otherwise: str) -> str:
    """Return what of an identifier from outside may stand in one of ours; `otherwise` where nothing remains."""
    kept = re.sub(r"[^a-z0-9]+", "-", identifier.lower()).strip("-")
    return kept[:_LONGEST].strip("-") or otherwise


def our_identifiers(identifiers: Iterable[str], otherwise: str) -> dict[str, str]:
    """Return ours for each identifier of a list, all different; those that fit as they are stay so.

    `otherwise` and a number stand where nothing of an identifier remains.
    """
    ours: dict[str, str] = {}
    for number, identifier in enumerate(identifiers, start=1):
        wanted = our_identifier(identifier, f"{otherwise}-{number}")
        taken, free, count = set(ours.values()), wanted, 1
        while free in taken:
            count += 1
            free = f"{wanted[: _LONGEST - 4]}-{count}"
        ours[identifier] = free
    return ours


def qti_identifier(identifier: str) -> str:
    """Return one of ours as an XML name, which may not begin with a digit; `our_identifier` is the way back."""
    return f"_{identifier}" if identifier[:1].isdigit() else identifier
