"""Roles: what a person may be in an organisation."""

from enum import StrEnum


class Role(StrEnum):
    """Each role is held by membership in one organisation."""

    CANDIDATE = "candidate"
    AUTHOR = "author"
    MARKER = "marker"
    MANAGER = "manager"
    AUDITOR = "auditor"  # reads what managers read, and changes nothing
    OPERATOR = "operator"
